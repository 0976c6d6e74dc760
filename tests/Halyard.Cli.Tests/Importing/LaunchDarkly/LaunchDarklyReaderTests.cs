using System.Globalization;
using Halyard.Cli.Importing;
using Halyard.Cli.Importing.LaunchDarkly;
using Halyard.Evaluation.Definitions;
using Halyard.Testing;

namespace Halyard.Cli.Tests.Importing.LaunchDarkly;

public sealed class LaunchDarklyReaderTests
{
    [Theory]
    [InlineData("""{"attribute":"a","op":"in","values":["x",5,true]}""", "5", "\"5\"")]
    [InlineData("""{"attribute":"a","op":"in","values":["x"],"negate":true}""", "\"y\"", "null")]
    [InlineData("""{"attribute":"a","op":"in","values":["x"],"negate":true}""", "[]", "[\"y\",\"x\"]")]
    [InlineData("""{"attribute":"a","op":"in","values":[null,["x"]],"negate":true}""", "\"x\"", "null")]
    [InlineData("""{"attribute":"a","op":"startsWith","values":[5],"negate":true}""", "\"5\"", "null")]
    [InlineData("""{"attribute":"a","op":"before","values":["2026-01-01T00:00:00Z"]}""", "1", "\"2027-01-01T00:00:00Z\"")]
    [InlineData("""{"attribute":"a","op":"after","values":["no time",0]}""", "\"2027-01-01T00:00:00Z\"", "\"soon\"")]
    [InlineData("""{"attribute":"a","op":"semVerEqual","values":["2"]}""", "\"2.0.0\"", "\"v2.0.0\"")]
    [InlineData("""{"attribute":"a","op":"semVerLessThan","values":["2.1","no version"]}""", "\"2.0.9\"", "\"2.1\"")]
    [InlineData("""{"attribute":"a","op":"semVerGreaterThan","values":["2.1"],"negate":true}""", "\"v3\"", "\"3\"")]
    [InlineData("""{"contextKind":"user","attribute":"/a/b","op":"in","values":["x"]}""", "{\"b\":\"x\"}", "{\"c\":\"x\"}")]
    [InlineData("""{"attribute":"anonymous","op":"in","values":[false]}""", "1, \"anonymous\":null", "1, \"anonymous\":true")]
    [InlineData("""{"attribute":"anonymous","op":"in","values":[true],"negate":true}""", "1", "1, \"anonymous\":true")]
    [InlineData("""{"attribute":"kind","op":"in","values":["org"]}""", "1, \"org\":{\"key\":\"o\"}", "1")]
    [InlineData(
        """{"contextKind":"org","attribute":"plan","op":"in","values":["free"],"negate":true}""",
        "1, \"org\":{\"key\":\"o\",\"plan\":\"pro\"}",
        "1, \"org\":{\"key\":\"o\"}"
    )]
    public void Clause_OfAnyOperator_HoldsAsInLaunchDarkly(string clause, string holds, string holdsNot)
    {
        var imported = Read($$"""{"f":{{Flag($$"""[{"variation":0,"clauses":[{{clause}}]}]""")}} }""");
        imported.Gaps.ShouldBeEmpty();
        imported.Evaluate("f", $$"""{"targetingKey":"u","a":{{holds}} }""").ShouldBe("true");
        imported.Evaluate("f", $$"""{"targetingKey":"u","a":{{holdsNot}} }""").ShouldBe("false");
    }

    [Theory]
    [InlineData("""{"attribute":"","op":"in","values":["x"]}""")]
    [InlineData("""{"attribute":"a","op":"sounds like","values":["x"]}""")]
    [InlineData("""{"attribute":"a","op":"matches","values":["(?=x)"]}""")]
    [InlineData("""{"attribute":"a","op":"matches","values":["("]}""")]
    [InlineData("""{"attribute":"kind","op":"startsWith","values":["x"]}""")]
    [InlineData("""{"attribute":"anonymous","op":"contains","values":["x"],"negate":true}""")]
    [InlineData("""{"contextKind":"org","attribute":"a.b","op":"in","values":["x"]}""")]
    [InlineData("""{"attribute":"","op":"segmentMatch","values":["weighted"]}""")]
    [InlineData("""{"attribute":"","op":"segmentMatch","values":["nested"]}""")]
    [InlineData("""{"attribute":"","op":"segmentMatch","values":["big"]}""")]
    public void Clause_WithoutAnEquivalent_IsNotedAndLeavesTheFlagOff(string clause)
    {
        const string Segments = """
            {"nested":{"rules":[{"clauses":[{"attribute":"","op":"segmentMatch","values":["weighted"]}]}]},
             "weighted":{"rules":[{"weight":50000,"clauses":[]}]},
             "big":{"unbounded":true}}
            """;
        var imported = Read($$"""{"f":{{Flag($$"""[{"variation":0,"clauses":[{{clause}}]}]""")}} }""", Segments);
        imported.Exact.ShouldBeEmpty();
        imported.Project.Segments.ShouldBeEmpty();
        imported
            .Project.Notes.Where(note => note.Subject == Subject.Segment)
            .Select(note => note.Key)
            .ShouldBe(["weighted", "big", "nested"]);
        imported.Project.Notes.Single(note => note.Key == "f").Pointer.ShouldStartWith("/flags/f/rules/0/clauses/0");
    }

    [Theory]
    [InlineData("""{"rollout":{"variations":[]}}""")]
    [InlineData("""{"rollout":{"variations":[{"variation":0,"weight":60000},{"variation":1,"weight":60000}]}}""")]
    [InlineData("""{"rollout":{"variations":[{"variation":7,"weight":100000}]}}""")]
    [InlineData("""{"rollout":{"variations":[{"variation":0,"weight":100000}],"bucketBy":"/a//b","contextKind":"user"}}""")]
    [InlineData("""{"variation":7}""")]
    [InlineData("""{}""")]
    public void Fallthrough_WithoutAnEquivalent_IsNoted(string fallthrough) =>
        Read($$"""{"f":{{Flag("[]", fallthrough)}} }""").Exact.ShouldBeEmpty();

    [Theory]
    [InlineData("", 0.42157587, "userKeyA")]
    [InlineData("", 0.6708485, "userKeyB")]
    [InlineData("", 0.10343106, "userKeyC")]
    [InlineData("\"seed\":61,", 0.09801207, "userKeyA")]
    [InlineData("\"seed\":61,", 0.14483777, "userKeyB")]
    [InlineData("\"seed\":61,", 0.9242641, "userKeyC")]
    public void Rollout_OfAUser_PlacesThemWhereThePublishedBucketIs(string seed, double bucket, string user)
    {
        // The buckets are those of go-server-sdk-evaluation, evaluator_bucketing_test.go, for the key hashKey and the salt saltyA.
        foreach (var (below, variant) in new[] { (false, "false"), (true, "true") })
        {
            var weight = ((int)(bucket * 100_000) + (below ? 1 : 0)).ToString(CultureInfo.InvariantCulture);
            var rollout =
                $$"""{"rollout":{ {{seed}}"variations":[{"variation":0,"weight":{{weight}} },{"variation":1,"weight":0}]} }""";
            var imported = Read($$"""{"hashKey":{{Flag("[]", rollout)}} }""");
            imported.Evaluate("hashKey", $$"""{"targetingKey":"{{user}}"}""").ShouldBe(variant);
        }
    }

    [Fact]
    public void Rollout_ByAnAttributeThatIsMissing_ServesTheFirstVariation()
    {
        const string Rollout = """
            {"rollout":{"contextKind":"org","variations":[{"variation":1,"weight":1},{"variation":0,"weight":99999}]}}
            """;
        Read($$"""{"f":{{Flag("[]", Rollout)}} }""").Evaluate("f", """{"targetingKey":"u"}""").ShouldBe("false");
    }

    [Fact]
    public void Prerequisite_OfAFlagInTheFile_HasToServeItsVariation()
    {
        var needed = Flag("""[{"variation":0,"clauses":[{"attribute":"key","op":"in","values":["1"]}]}]""");
        var flag = Flag("[]", """{"variation":0}""")
            .Replace("\"on\":true", """ "on":true,"prerequisites":[{"key":"a","variation":0}] """, StringComparison.Ordinal);
        var imported = Read($$"""{"a":{{needed}},"f":{{flag}} }""");
        imported.Evaluate("f", """{"targetingKey":"1"}""").ShouldBe("true");
        imported.Evaluate("f", """{"targetingKey":"2"}""").ShouldBe("false");
        Read($$"""{"f":{{flag}} }""").Gaps.ShouldBe(["f: the prerequisite 'a', which is not in the file"]);
    }

    [Theory]
    [InlineData("true", "Words")]
    [InlineData("false", "Evaluation")]
    public void OffVariation_ThatIsMissing_IsLostWithTheFlagOnlyWhereItIsServed(string on, string loss)
    {
        var imported = Read($$"""{"f":{"on":{{on}},"variations":[true,false],"fallthrough":{"variation":0} } }""");
        imported.Project.Notes.ShouldHaveSingleItem().Loss.ToString().ShouldBe(loss);
        imported.Exact.Count.ShouldBe(loss == "Words" ? 1 : 0);
    }

    [Fact]
    public void Targets_MoreThanOverridesMayBe_BecomeRules()
    {
        var users = string.Join(',', Enumerable.Range(0, 1_500).Select(user => $"\"{user}\""));
        var targets = $$"""{"variation":0,"values":[{{users}}]}""";
        var flag = Flag("[]").Replace("\"rules\"", $"\"targets\":[{targets}],\"rules\"", StringComparison.Ordinal);
        var imported = Read($$"""{"f":{{flag}} }""");
        imported.Gaps.ShouldBeEmpty();
        imported.Evaluate("f", """{"targetingKey":"1499"}""").ShouldBe("true");
        imported.Evaluate("f", """{"targetingKey":"1500"}""").ShouldBe("false");
    }

    [Theory]
    [InlineData("getFeatureFlags_1.json", 4)]
    [InlineData("getFeatureFlags_2.json", 1)]
    public void FlagsOfTheApi_Summarised_AreReadAndEveryEnvironmentIsNoted(string file, int flags)
    {
        var imported = Imported.Read(new LaunchDarklyReader(), Sample(file), "production");
        imported.Project.Flags.Count.ShouldBe(flags);
        imported.Project.Environments.ShouldBe(["production", "test"], ignoreOrder: true);
        imported.Exact.ShouldBeEmpty();
        imported.Project.Notes.Count(note => note.What.StartsWith("a summary", StringComparison.Ordinal)).ShouldBe(2 * flags);
        imported.Project.Flags.ShouldAllBe(flag => flag.Owner.Contains('@') && flag.On != flag.Off);
    }

    [Fact]
    public void FlagsOfTheApi_InFull_AreReadExactlyButForSegmentsOutsideTheFile()
    {
        var imported = Imported.Read(new LaunchDarklyReader(), Sample("get_flags.json"), "production");
        imported.Project.Flags.Count.ShouldBe(9);
        imported.Exact.ShouldBe(["TEST_TARGETED_CONTEXT", "TEST_INDIVIDUAL_TARGET"]);
        imported.Gaps.ShouldContain("TEST_SEGMENT_TARGET: the segment 'user-list', which is not in the file");
    }

    [Fact]
    public void SegmentsOfTheApi_Alone_AreRead()
    {
        var project = Imported.Read(new LaunchDarklyReader(), Sample("get_segments.json")).Project;
        project.Segments.Select(segment => segment.Definition.Key).ShouldBe(["user-list", "dynamic-list", "dynamic-list-2"]);
        project.Notes.ShouldBeEmpty();
        project.Segments[0].Definition.Includes.ShouldBe(["user-102", "user-101"]);
    }

    [Fact]
    public void FlagsAndSegmentsOfTheApi_OfTwoEnvironments_KeepEachEnvironmentsSegments()
    {
        const string Environment = """
            {"on":true,"salt":"s","offVariation":1,"fallthrough":{"variation":1},
             "rules":[{"variation":0,"clauses":[{"attribute":"","op":"segmentMatch","values":["s"]}]}]}
            """;
        const string File = $$"""
            {"flags":{"items":[{"key":"f","name":"F","variations":[{"_id":"1","value":true,"name":"Yes"},{"_id":"2","value":false}],
               "environments":{"dev":{{Environment}},"prod":{{Environment}} } }]},
             "segments":{"dev":[{"key":"s","included":["1"]}],"prod":{"items":[{"key":"s","included":["2"],"excluded":["2","3"]}]} } }
            """;
        Imported.Read(new LaunchDarklyReader(), File, "dev").Evaluate("f", """{"targetingKey":"1"}""").ShouldBe("true");
        var prod = Imported.Read(new LaunchDarklyReader(), File, "prod");
        prod.Evaluate("f", """{"targetingKey":"1"}""").ShouldBe("false");
        // LaunchDarkly's included wins over its excluded.
        prod.Evaluate("f", """{"targetingKey":"2"}""").ShouldBe("true");
        prod.Project.Segments.Select(segment => segment.Definition.Key).ShouldBe(["s-dev", "s-prod"]);
        prod.Project.Flags.Single().Definition.Variants[0].ShouldBe(new Variant("true", FlagValue.Of(true), "Yes"));
    }

    private static string Sample(string file) => File.ReadAllText(Suites.Require($"import-samples/launchdarkly-api/{file}"));

    private static Imported Read(string flags, string segments = "{}") =>
        Imported.Read(new LaunchDarklyReader(), $$"""{"flags":{{flags}},"segments":{{segments}} }""");

    private static string Flag(string rules, string fallthrough = """{"variation":1}""") =>
        $$"""
            {"on":true,"variations":[true,false],"offVariation":1,"salt":"saltyA","rules":{{rules}},"fallthrough":{{fallthrough}} }
            """;
}
