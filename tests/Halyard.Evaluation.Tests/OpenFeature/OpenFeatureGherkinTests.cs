using System.Text.Json;
using Halyard.Testing;

namespace Halyard.Evaluation.Tests.OpenFeature;

/// <summary>
/// open-feature/spec, <c>specification/assets/gherkin</c>: every scenario of every feature, each row of examples a case. A case has to
/// pass, unless its scenario is listed with the reason in <c>not-applicable.json</c>; then it has to fail.
/// </summary>
public sealed class OpenFeatureGherkinTests
{
    private const string Folder = "openfeature-spec/specification/assets/gherkin";

    [Fact]
    public void Specification_TestFlags_AnswerAsItSays()
    {
        var folder = Suites.Require(Folder);
        var snapshot = Given.Snapshot(Flags().Flags);
        var listed = Listed();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var wrong = new List<string>();
        var passed = 0;
        foreach (var path in Directory.GetFiles(folder, "*.feature").Order(StringComparer.Ordinal))
        {
            var feature = Path.GetFileNameWithoutExtension(path);
            foreach (var gherkin in GherkinReader.Read(File.ReadAllText(path)))
            {
                var name = $"{feature}: {gherkin.Name}";
                var scenario = $"{feature}: {gherkin.Scenario}";
                var problem = FlagSteps.Run(snapshot, gherkin);
                if (!seen.Add(name))
                    wrong.Add($"{name}: a second case of this name");
                else if (listed.ContainsKey(scenario))
                {
                    used.Add(scenario);
                    if (problem is null)
                        wrong.Add($"{name}: is listed as not applicable, but passes");
                }
                else if (problem is not null)
                    wrong.Add($"{name}: {problem}");
                else
                    passed++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{passed} of {seen.Count} cases pass, {seen.Count - passed - wrong.Count} do not apply ({used.Count} scenarios)."
        );
        wrong.ShouldBeEmpty();
        listed.Keys.Except(used, StringComparer.Ordinal).ShouldBeEmpty();
        listed.Values.ShouldAllBe(reason => reason.Length > 10);
        (seen.Count, passed).ShouldBe((132, 64));
    }

    [Fact]
    public void TestFlags_AllButThoseWithoutADefault_AreFlagsOfHalyard()
    {
        var flags = Flags();
        flags.WithoutDefault.ShouldBe(["null-default-flag", "undefined-default-flag"]);
        flags.Flags.Count.ShouldBe(23);
    }

    // 'DISABLED reason' is listed for its value; the reason is as it says.
    [Fact]
    public void TestFlags_Disabled_ServeAVariantWithTheReasonDisabled()
    {
        var disabled = Flags().Flags.Where(flag => !flag.Configuration.Enabled).ToList();
        var snapshot = Given.Snapshot(disabled);
        disabled.Count.ShouldBe(5);
        foreach (var flag in disabled)
        {
            var result = Evaluator.Evaluate(snapshot, flag.Flag.Key, EvaluationContext.Empty, Given.Now);
            (result.Reason.WireName(), result.Variant!.Key).ShouldBe(("DISABLED", flag.Configuration.OffVariant));
        }
    }

    private static InMemoryFlags Flags() => InMemoryFlags.Read(File.ReadAllText(Suites.Require($"{Folder}/test-flags.json")));

    private static Dictionary<string, string> Listed() =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(
            File.ReadAllText(
                Path.Combine(Suites.RepositoryRoot, "tests", "Halyard.Evaluation.Tests", "OpenFeature", "not-applicable.json")
            )
        )!;
}
