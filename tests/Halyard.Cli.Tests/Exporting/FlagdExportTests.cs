using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using Halyard.Cli.Exporting.Flagd;
using Halyard.Cli.Importing.Flagd;
using Halyard.Cli.Tests.Importing;
using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Tests.Exporting;

public sealed class FlagdExportTests
{
    private const string Flag = "flag";

    [Fact]
    public void Export_ServesInFlagdWhatItServesHere_AndComesBackTheSame()
    {
        var schema = FlagdSchema.Load();
        var (imported, served) = (0, new HashSet<string?>());
        var cases =
            from environment in DefinitionGenerate.Environment
            from contexts in FsCheck.Fluent.Gen.ListOf(FlagdGenerate.Context, 20)
            select (environment, contexts);
        Property.Holds(
            cases,
            given =>
            {
                var snapshot = Compile(given.environment);
                var notes = new List<ExportNote>();
                var text = FlagdExporter.Export(given.environment, notes).ToJsonString();
                notes.ShouldBeEmpty();
                var document = JsonNode.Parse(text)!;
                schema.IsValid(text).ShouldBeTrue(text);
                var back = Imported.Read(new FlagdReader(), text);
                imported += back.Exact.Count;
                foreach (var context in given.contexts)
                {
                    var expected = Evaluate(snapshot, context);
                    served.Add(expected);
                    FlagdOracle.Evaluate(document, Flag, JsonNode.Parse(context)!).ShouldBe(expected, $"{text} for {context}");
                    if (back.Exact.Count > 0)
                        back.Evaluate(Flag, context).ShouldBe(expected, $"{text} for {context}, imported again");
                }
            },
            tests: 300
        );
        imported.ShouldBeGreaterThan(250);
        served.ShouldBe(["a", "b", "c"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"prerequisites":[{"flag":"other","variants":["a"]}]}""", "prerequisites")]
    [InlineData("""{"rules":[{"attribute":"ip","operator":"cidr","values":["10.0.0.0/8"]}]}""", "the operator 'cidr'")]
    [InlineData("""{"rules":[{"attribute":"x","operator":"matches","values":["a+"]}]}""", "the operator 'matches'")]
    [InlineData(
        """{"rules":[{"attribute":"x","operator":"equalsIgnoreCase","values":["a"]}]}""",
        "the operator 'equalsIgnoreCase'"
    )]
    [InlineData(
        """{"rules":[{"attribute":"x","operator":"before","values":["2026-01-01T00:00:00Z"]}]}""",
        "the operator 'before'"
    )]
    [InlineData("""{"rules":[{"attribute":"x.0","operator":"exists","values":[]}]}""", "the attribute 'x.0'")]
    [InlineData(
        """{"rules":[{"attribute":"v","operator":"semverTilde","values":["1.2.3"],"whenMissing":"match"}]}""",
        "a comparison of versions that holds for what is no version"
    )]
    [InlineData("""{"rollout":{"weights":[{"variant":"a","weight":1}],"remainder":1}}""", "a remainder")]
    [InlineData(
        """{"rollout":{"weights":[{"variant":"a","weight":1}],"experiment":{"key":"x","control":"a","traffic":5}}}""",
        "an experiment"
    )]
    [InlineData(
        """{"hash":"goFeatureFlag","rollout":{"weights":[{"variant":"a","weight":1}]}}""",
        "by the rule of goFeatureFlag"
    )]
    [InlineData(
        """{"overrides":[{"id":"o","targetingKey":"u","variant":"a","expiresAt":"2026-01-01T00:00:00.5Z"}]}""",
        "a fraction of a second"
    )]
    public void WhatFlagdCannotSay_IsNoted_AndTheFlagLeftOut(string parts, string noted)
    {
        var notes = new List<ExportNote>();
        var document = FlagdExporter.Export(Written(parts), notes);
        notes.ShouldHaveSingleItem().What.ShouldContain(noted);
        document["flags"]!.AsObject().ShouldBeEmpty();
    }

    [Fact]
    public void Override_ThatExpires_EndsInFlagdAtTheSameSecond()
    {
        var written = Written(
            """{"overrides":[{"id":"o","targetingKey":"u","variant":"b","expiresAt":"1970-01-01T00:01:40Z"}]}"""
        );
        var document = JsonNode.Parse(FlagdExporter.Export(written, []).ToJsonString())!;
        FlagdSchema.Load().IsValid(document.ToJsonString()).ShouldBeTrue();
        var context = JsonNode.Parse("""{"targetingKey":"u"}""")!;
        FlagdOracle.Evaluate(document, Flag, context, timestamp: 99).ShouldBe("b");
        FlagdOracle.Evaluate(document, Flag, context, timestamp: 100).ShouldBe("a");
    }

    [Theory]
    [InlineData("""{"flags":{"f":{"state":"ON","variants":{"a":1}}}}""")]
    [InlineData("""{"flags":{"f":{"state":"ENABLED","variants":{"a":1,"b":"x"}}}}""")]
    [InlineData("""{"flags":{"f":{"state":"ENABLED","variants":{"a":1},"targeting":{"if":[{"nope":[1]},"a"]}}}}""")]
    [InlineData(
        """{"flags":{"f":{"state":"ENABLED","variants":{"a":1},"targeting":{"fractional":[{"var":"x"},["a",-1],["b",1]]}}}}"""
    )]
    public void SchemaCheck_OfWhatIsNotFlagd_Fails(string document) => FlagdSchema.Load().IsValid(document).ShouldBeFalse();

    private static EnvironmentDefinition Written(string parts)
    {
        var given = (JsonObject)JsonNode.Parse(parts)!;
        var configuration = new JsonObject
        {
            ["enabled"] = true,
            ["offVariant"] = "a",
            ["fallthrough"] = new JsonObject { ["variant"] = "a" },
            ["overrides"] = given["overrides"]?.DeepClone() ?? new JsonArray(),
            ["prerequisites"] = given["prerequisites"]?.DeepClone() ?? new JsonArray(),
        };
        if (given["rollout"] is { } rollout)
            configuration["fallthrough"] = new JsonObject { ["rollout"] = rollout.DeepClone() };
        if (given["rules"] is { } conditions)
            configuration["rules"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = "r",
                    ["conditions"] = conditions.DeepClone(),
                    ["serve"] = new JsonObject { ["variant"] = "b" },
                }
            );
        var problems = new List<DefinitionProblem>();
        var element = System.Text.Json.JsonSerializer.SerializeToElement(configuration);
        var environment = DefinitionJson.ReadEnvironment(JsonCursor.Root(element, problems));
        problems.ShouldBeEmpty();
        WireNames.TryParse<BucketingHash>(given["hash"]?.GetValue<string>() ?? "flagd", out var hash).ShouldBeTrue();
        var flag = new FlagDefinition(
            Flag,
            FlagType.String,
            FlagStatus.Active,
            [new("a", FlagValue.Of("A")), new("b", FlagValue.Of("B"))],
            Hash: hash
        );
        return new EnvironmentDefinition("p", "e", 0, [new FlagInEnvironment(flag, environment, 1)], []);
    }

    private static CompiledSnapshot Compile(EnvironmentDefinition environment)
    {
        var compiled = SnapshotCompiler.Compile(environment);
        compiled.Diagnostics.ShouldBeEmpty();
        return compiled.Snapshot;
    }

    private static string? Evaluate(CompiledSnapshot snapshot, string context)
    {
        EvaluationContext.TryParse(Encoding.UTF8.GetBytes(context), out var parsed, out var problem).ShouldBeTrue(problem);
        return Evaluator.Evaluate(snapshot, Flag, parsed!, DateTimeOffset.UnixEpoch).Variant?.Key;
    }
}
