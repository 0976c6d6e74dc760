using System.Globalization;
using System.Text.RegularExpressions;
using Halyard.Testing;

namespace Halyard.Architecture.Tests;

/// <summary>
/// <c>docs/seed-defects.md</c> says which test keeps each defect of the sketches out. Here it is held to that: each test that it names
/// is there, each defect has one or a reason, and no test of a defect is left out.
/// </summary>
public sealed partial class SeedDefectTests
{
    /// <summary>The defects of governance: policies, workflow, checks, promotion, bypass, audit. Trackers (111–128) are not spoken to.</summary>
    private static readonly int[] Governance = [.. Enumerable.Range(1, 110), .. Enumerable.Range(129, 25)];

    private static readonly string Document = File.ReadAllText(Path.Combine(Suites.RepositoryRoot, "docs", "seed-defects.md"));

    /// <summary>The name of every test by its class, as the sources have it.</summary>
    private static readonly ILookup<string, string> Tests = ReadTests().ToLookup(test => test.Name, test => test.Class);

    [Fact]
    public void EveryTestThatIsNamed_IsThere()
    {
        var classes = Tests.SelectMany(group => group).ToHashSet(StringComparer.Ordinal);
        var named = Rows().SelectMany(row => row.Named).ToList();
        named.Count.ShouldBeGreaterThan(150);
        named.Where(name => !IsThere(name, classes)).ShouldBeEmpty();
    }

    [Fact]
    public void EveryDefectOfGovernance_HasATestOrAReason()
    {
        var kept = Rows().Where(row => row.Named.Count > 0).SelectMany(row => row.Numbers).ToHashSet();
        var excused = Rows()
            .Where(row => row.Named.Count == 0 && row.Words.Length > 20)
            .SelectMany(row => row.Numbers)
            .ToHashSet();
        excused.ExceptWith(kept);

        Governance.Where(number => !kept.Contains(number) && !excused.Contains(number)).ShouldBeEmpty();

        var (tested, reasoned) = (Governance.Count(kept.Contains), Governance.Count(excused.Contains));
        TestContext.Current.TestOutputHelper?.WriteLine($"{tested} of {Governance.Length} have a test, {reasoned} a reason");
        Document.ShouldContain(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Of these {Governance.Length}, {tested} have a named test, {reasoned} a reason why it does not apply"
            )
        );
    }

    [Fact]
    public void EveryTestOfADefect_IsNamed()
    {
        var named = Rows().SelectMany(row => row.Named).ToList();
        Tests
            .Select(group => group.Key)
            .Where(name => DefectName().IsMatch(name))
            .Where(name =>
                !named.Exists(item =>
                    name == item || (item.EndsWith('…') && name.StartsWith(item[..^1], StringComparison.Ordinal))
                )
            )
            .ShouldBeEmpty();
    }

    private static bool IsThere(string name, HashSet<string> classes) =>
        name.Split('.') is [var type, var method] ? Tests[method].Contains(type, StringComparer.Ordinal)
        : name.EndsWith('…') ? Tests.Any(group => group.Key.StartsWith(name[..^1], StringComparison.Ordinal))
        : Tests.Contains(name) || classes.Contains(name);

    /// <summary>The rows of its tables: numbers, and what keeps them out.</summary>
    private static IEnumerable<Row> Rows() =>
        Document
            .Split('\n')
            .Select(line => RowForm().Match(line))
            .Where(match => match.Success)
            .Select(match => new Row(
                [.. match.Groups["numbers"].Value.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))],
                [.. CodeForm().Matches(match.Groups["kept"].Value).Select(code => code.Groups[1].Value).Where(IsNameOfTest)],
                match.Groups["kept"].Value.Trim()
            ));

    private static bool IsNameOfTest(string code) => code.Contains('_') || code.EndsWith("Tests", StringComparison.Ordinal);

    private static IEnumerable<(string Class, string Name)> ReadTests()
    {
        var folder = Path.Combine(Suites.RepositoryRoot, "tests");
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            if (file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                continue;
            var (type, isTest) = ("", false);
            foreach (var line in File.ReadLines(file))
            {
                if (ClassForm().Match(line) is { Success: true } named)
                    type = named.Groups[1].Value;
                isTest |= line.Contains("[Fact", StringComparison.Ordinal) || line.Contains("[Theory", StringComparison.Ordinal);
                if (!isTest || MethodForm().Match(line) is not { Success: true } method)
                    continue;
                isTest = false;
                yield return (type, method.Groups[1].Value);
            }
        }
    }

    private sealed record Row(IReadOnlyList<int> Numbers, IReadOnlyList<string> Named, string Words);

    [GeneratedRegex(@"^\| (?<numbers>[0-9]+(, [0-9]+)*) \|[^|]*\|(?<kept>[^|]*)\|", RegexOptions.None, 1_000)]
    private static partial Regex RowForm();

    [GeneratedRegex("`([^`]+)`", RegexOptions.None, 1_000)]
    private static partial Regex CodeForm();

    [GeneratedRegex(@"\bclass (\w+)", RegexOptions.None, 1_000)]
    private static partial Regex ClassForm();

    [GeneratedRegex(@"public (?:async )?(?:Task|void|ValueTask) (\w+)\(", RegexOptions.None, 1_000)]
    private static partial Regex MethodForm();

    [GeneratedRegex("^Defect[0-9]{3}_", RegexOptions.None, 1_000)]
    private static partial Regex DefectName();
}
