using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using Halyard.Cli.Importing;
using Halyard.Cli.Importing.Flagd;
using Halyard.Testing;

namespace Halyard.Cli.Tests.Importing.Flagd;

public sealed class FlagdEquivalenceTests
{
    [Fact]
    public void Targeting_ImportedWithoutAGap_ServesWhatFlagdServes()
    {
        var (exact, different) = (0, new HashSet<string?>());
        var cases =
            from targeting in FlagdGenerate.Targeting(3)
            from contexts in Gen.ListOf(FlagdGenerate.Context, 20)
            select (targeting, contexts);
        Property.Holds(
            cases,
            given =>
            {
                // A top-level value that is no object is not targeting at all.
                if (!given.targeting.StartsWith('{'))
                    return;
                var document = FlagdGenerate.Document(given.targeting);
                var imported = Imported.Read(new FlagdReader(), document);
                if (imported.Exact.Count == 0)
                    return;
                exact++;
                var definitions = JsonNode.Parse(document)!;
                foreach (var context in given.contexts)
                {
                    var expected = FlagdOracle.Evaluate(definitions, "flag", JsonNode.Parse(context)!);
                    different.Add(expected);
                    imported.Evaluate("flag", context).ShouldBe(expected, $"{document} for {context}");
                }
            },
            tests: 1_000
        );
        exact.ShouldBeGreaterThan(300);
        different.ShouldBe(["true", "false", "other"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("example_flags.flagd.json", 9, "myBoolFlag")]
    [InlineData("example_flags.flagd.2.json", 1, "")]
    [InlineData("example_flags.flagd.yaml", 9, "")]
    [InlineData("example_flags.json", 8, "headerColor")]
    [InlineData("example_flags.yaml", 8, "headerColor")]
    [InlineData("example_flags_secondary.flagd.json", 2, "")]
    [InlineData("example_flags_secondary.json", 2, "")]
    public void Sample_IsRead_AndServesWhatFlagdServes(string file, int flags, string noted)
    {
        var text = File.ReadAllText(Suites.Require($"flagd/config/samples/{file}"));
        var imported = Imported.Read(new FlagdReader(), text);
        imported.Project.Flags.Count.ShouldBe(flags);
        imported
            .Project.Notes.Where(note => note.Key.Length > 0)
            .Select(note => note.Key)
            .Distinct()
            .ShouldBe(noted.Length == 0 ? [] : [noted]);
        var definitions = JsonNode.Parse(SourceDocument.ParseJsonOrYaml(Encoding.UTF8.GetBytes(text)).GetRawText())!;
        foreach (var flag in imported.Exact)
        {
            foreach (
                var context in (string[])
                    ["{}", Context("jane@faas.com", "yellow"), Context("joe@openfeature.dev", "red"), Context("ann@faas.com", "")]
            )
            {
                var expected = FlagdOracle.Evaluate(definitions, flag, JsonNode.Parse(context)!);
                imported.Evaluate(flag, context).ShouldBe(expected, $"{flag} for {context}");
            }
        }
    }

    private static string Context(string email, string color) =>
        $$"""{"targetingKey":"user-1","email":"{{email}}","color":"{{color}}"}""";
}
