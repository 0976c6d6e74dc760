using System.Text.Json;
using Halyard.Testing;

namespace Halyard.Rego.Tests.Conformance;

/// <summary>
/// OPA's own cases. Those that do not pass stand in <c>tests/vectors/rego-listed.json</c>, each with its reason; a listed case
/// that passes fails the test like an unlisted one that does not, so that the list stays true.
/// </summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    private static readonly string ListPath = Path.Combine(Suites.RepositoryRoot, "tests", "vectors", "rego-listed.json");

    [Fact]
    public void Cases_OfOpa_PassButForThoseListedWithTheirReasons()
    {
        var cases = ConformanceCase.ReadAll(Suites.Require("rego/v1"));
        var listed = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(ListPath))!;
        var applying = cases.Where(one => one.Applies).ToList();
        var failures = applying
            .Select(one => (one.Id, one.Note, Wrong: one.Run()))
            .Where(result => result.Wrong is not null)
            .ToDictionary(result => result.Id, result => $"{result.Id} ({result.Note}): {result.Wrong}");

        var passed = applying.Count - failures.Count;
        output.WriteLine(
            $"{cases.Count} cases: {passed} pass, {failures.Count} do not, {cases.Count - applying.Count} do not apply; "
                + $"{100.0 * passed / applying.Count:0.0} % of those that apply"
        );
        failures.Keys.Except(listed.Keys).Select(id => failures[id]).ShouldBeEmpty("these fail and are not listed");
        listed.Keys.Except(failures.Keys).ShouldBeEmpty("these are listed and pass, or are no cases");
        listed.Values.ShouldAllBe(reason => reason.Length > 10);
        (100.0 * passed / applying.Count).ShouldBeGreaterThan(97);
    }
}
