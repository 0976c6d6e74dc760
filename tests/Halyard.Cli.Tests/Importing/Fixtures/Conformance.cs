using System.Text.Json;
using Halyard.Testing;

namespace Halyard.Cli.Tests.Importing;

/// <summary>
/// Holds a suite that others wrote against an importer. Every case counts: one that cannot apply is listed with the reason in a
/// file beside the tests, and a case is right if it passes exactly where it is not listed.
/// </summary>
internal sealed class Conformance
{
    private readonly Dictionary<string, string> _listed;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _wrong = [];
    private int _passed;

    private Conformance(Dictionary<string, string> listed) => _listed = listed;

    /// <summary>Begins with the list of what does not apply, a file of this folder: an object of reasons by the cases' names.</summary>
    public static Conformance Against(string listFile)
    {
        var path = Path.Combine(Suites.RepositoryRoot, "tests", "Halyard.Cli.Tests", "Importing", listFile);
        return new Conformance(JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path))!);
    }

    /// <summary>Counts a case.</summary>
    /// <param name="name">Its name, once in the suite.</param>
    /// <param name="problem">What is wrong with the answer; null where it is as the suite says.</param>
    public void Count(string name, string? problem)
    {
        if (!_seen.Add(name))
            _wrong.Add($"{name}: a second case of this name");
        else if (problem is null && _listed.ContainsKey(name))
            _wrong.Add($"{name}: is listed as not applicable, but passes");
        else if (problem is not null && !_listed.ContainsKey(name))
            _wrong.Add($"{name}: {problem}");
        else if (problem is null)
            _passed++;
    }

    /// <summary>All cases were right, as many as expected, and nothing is listed that is no case.</summary>
    public void Conclude(int cases)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{_passed} of {_seen.Count} cases pass, {_listed.Count} do not apply.");
        _wrong.ShouldBeEmpty();
        _listed.Keys.Where(name => !_seen.Contains(name)).ShouldBeEmpty();
        _listed.Values.ShouldAllBe(reason => reason.Length > 10);
        _seen.Count.ShouldBe(cases);
    }
}
