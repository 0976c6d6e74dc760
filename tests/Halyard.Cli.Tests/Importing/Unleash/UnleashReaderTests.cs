using System.Text.Json.Nodes;
using Halyard.Cli.Importing;
using Halyard.Cli.Importing.Planning;
using Halyard.Cli.Importing.Unleash;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Tests.Importing.Unleash;

public sealed class UnleashReaderTests
{
    private const string Group = "Feature.flexible.rollout.custom.stickiness_100";

    [Theory]
    [InlineData("616", "blue")]
    [InlineData("503", "red")]
    [InlineData("438", "green")]
    [InlineData("44", "yellow")]
    public void StrategyVariants_ByItsGroupAndStickiness_ArePlacedAsFeatureVariantsAre(string value, string variant)
    {
        var colours = string.Join(',', new[] { "blue", "red", "green", "yellow" }.Select(name => Variant(name, 25)));
        var strategy = $$"""
            {"name":"flexibleRollout","parameters":{"rollout":"100","stickiness":"customField","groupId":"{{Group}}"},"variants":[{{colours}}]}
            """;
        var imported = Read(Feature("f", strategy, Variant("other", 1)));
        imported.Evaluate("f", $$"""{"customField":"{{value}}"}""").ShouldBe(variant);
        imported.Evaluate("f", """{"targetingKey":"u"}""").ShouldBe("off");
        imported.Project.Notes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        """{"operator":"STR_CONTAINS","contextName":"a","values":["Pi"],"caseInsensitive":true}""",
        "\"xPIx\"",
        "\"xpx\""
    )]
    [InlineData("""{"operator":"STR_STARTS_WITH","contextName":"a","values":["Pi","Qi"]}""", "\"Qix\"", "\"pix\"")]
    [InlineData("""{"operator":"STR_ENDS_WITH","contextName":"a","values":["Pi"]}""", "\"xPi\"", "null")]
    [InlineData("""{"operator":"STR_ENDS_WITH","contextName":"a","values":["Pi"],"inverted":true}""", "null", "\"xPi\"")]
    [InlineData("""{"operator":"NOT_IN","contextName":"a","values":["x","y"]}""", "null", "\"y\"")]
    [InlineData("""{"operator":"NOT_IN","contextName":"a","values":["x","y"],"inverted":true}""", "\"y\"", "null")]
    [InlineData("""{"operator":"IN","contextName":"a","values":["x","y"],"inverted":true}""", "null", "\"x\"")]
    [InlineData("""{"operator":"NUM_EQ","contextName":"a","value":"5"}""", "5.0", "5.1")]
    [InlineData("""{"operator":"NUM_GT","contextName":"a","value":"5"}""", "6", "5")]
    [InlineData("""{"operator":"NUM_GTE","contextName":"a","value":"5"}""", "5", "\"five\"")]
    [InlineData("""{"operator":"NUM_LT","contextName":"a","value":"5","inverted":true}""", "\"five\"", "4")]
    [InlineData("""{"operator":"NUM_LTE","contextName":"a","value":"5"}""", "5", "null")]
    [InlineData("""{"operator":"SEMVER_GT","contextName":"a","value":"1.2.3"}""", "\"1.10.0\"", "\"v1.10.0\"")]
    [InlineData("""{"operator":"SEMVER_LT","contextName":"a","value":"1.2.3"}""", "\"1.2.3-rc.1\"", "\"1.2\"")]
    [InlineData("""{"operator":"SEMVER_EQ","contextName":"a","value":"1.2.3","inverted":true}""", "\"v1.2.3\"", "\"1.2.3\"")]
    public void Constraint_OfAnyOperator_HoldsAsInUnleash(string constraint, string holds, string holdsNot)
    {
        var imported = Read(Feature("f", $$"""{"name":"default","constraints":[{{constraint}}]}"""));
        imported.Gaps.ShouldBeEmpty();
        imported.Evaluate("f", $$"""{"a":{{holds}}}""").ShouldBe("on");
        imported.Evaluate("f", $$"""{"a":{{holdsNot}}}""").ShouldBe("off");
    }

    [Theory]
    [InlineData("""{"name":"applicationHostname","parameters":{"hostNames":"a"}}""")]
    [InlineData("""{"name":"ours"}""")]
    [InlineData("""{"name":"gradualRolloutRandom","parameters":{"percentage":"50"}}""")]
    [InlineData("""{"name":"flexibleRollout","parameters":{"rollout":"50","stickiness":"random"}}""")]
    [InlineData("""{"name":"flexibleRollout","parameters":{"rollout":"12.5"}}""")]
    [InlineData("""{"name":"flexibleRollout","parameters":{"rollout":"101"}}""")]
    [InlineData("""{"name":"flexibleRollout"}""")]
    [InlineData("""{"name":"gradualRolloutUserId","parameters":{"percentage":"50"}}""")]
    [InlineData("""{"name":"default","disabled":true}""")]
    [InlineData(
        """{"name":"default","constraints":[{"operator":"DATE_AFTER","contextName":"currentTime","value":"2026-01-01T00:00:00Z"}]}"""
    )]
    [InlineData("""{"name":"default","constraints":[{"operator":"NUM_GT","contextName":"a","value":"many"}]}""")]
    [InlineData("""{"name":"default","constraints":[{"operator":"NUM_GT","contextName":"a","value":"NaN"}]}""")]
    [InlineData("""{"name":"default","constraints":[{"operator":"SEMVER_GT","contextName":"a","value":"v1.2.3"}]}""")]
    [InlineData("""{"name":"default","constraints":[{"operator":"SEMVER_GT","contextName":"a","value":"1.2"}]}""")]
    [InlineData("""{"name":"default","constraints":[{"operator":"STR_CONTAINS","contextName":"a","values":[""]}]}""")]
    [InlineData("""{"name":"default","constraints":[{"operator":"NUM_GT","contextName":"userId","value":"5"}]}""")]
    [InlineData("""{"name":"default","constraints":[{"operator":"REGEX","contextName":"a","values":["x"]}]}""")]
    public void Strategy_WithoutAnEquivalent_IsNotedAndLeavesTheFlagOff(string strategy)
    {
        var imported = Read(Feature("f", strategy));
        imported.Exact.ShouldBeEmpty();
        var note = imported.Project.Notes.ShouldHaveSingleItem();
        note.Loss.ShouldBe(Loss.Evaluation);
        note.Environment.ShouldBe(ImportedProject.OnlyEnvironment);
        note.Pointer.ShouldStartWith("/features/0/strategies/0");
        imported.Project.Flags.Single().Environments.Single().Value.LeftOff.ShouldBe("off");
    }

    [Fact]
    public void Strategy_WithFarMoreConstraintsThanARuleHolds_IsNoted()
    {
        var constraints = string.Join(
            ',',
            Enumerable.Range(0, 50_000).Select(i => $$"""{"contextName":"c{{i}}","operator":"IN","values":["x"]}""")
        );
        // Compared each with each this takes minutes, and the run shows it.
        var imported = Read(Feature("f", $$"""{"name":"default","constraints":[{{constraints}}]}"""));
        imported.Exact.ShouldBeEmpty();
        imported.Project.Notes.ShouldHaveSingleItem().What.ShouldContain("more conditions in a rule");
    }

    [Fact]
    public void Attribute_ComparedAsTextAndAsANumber_LeavesTheSecondFlagOff()
    {
        var text = Feature("text", """{"name":"default","constraints":[{"operator":"IN","contextName":"a","values":["5"]}]}""");
        var number = Feature(
            "number",
            """{"name":"default","constraints":[{"operator":"NUM_GT","contextName":"a","value":"5"}]}"""
        );
        Read(text, number).Exact.ShouldBe(["text"]);
    }

    [Fact]
    public void DefaultStickiness_WithoutAUser_GoesBySessionAndIsNotedAsChanceBeyond()
    {
        var imported = Read(Feature("f", """{"name":"flexibleRollout","parameters":{"rollout":"50"}}"""));
        var note = imported.Project.Notes.ShouldHaveSingleItem();
        (note.Key, note.Environment, note.Loss).ShouldBe(("f", ImportedProject.OnlyEnvironment, Loss.Chance));
        note.Pointer.ShouldBe("/features/0/strategies/0");
        note.What.ShouldContain("none of them is in it");
        foreach (var id in Enumerable.Range(0, 50))
        {
            var byUser = imported.Evaluate("f", $$"""{"targetingKey":"{{id}}","sessionId":"s"}""");
            imported.Evaluate("f", $$"""{"targetingKey":"{{id}}","sessionId":"{{id + 1}}"}""").ShouldBe(byUser);
            imported.Evaluate("f", $$"""{"sessionId":"{{id}}"}""").ShouldBe(byUser);
            imported.Evaluate("f", $$"""{"targetingKey":"","sessionId":"{{id}}"}""").ShouldBe(byUser);
        }
        imported.Evaluate("f", "{}").ShouldBe("off");
    }

    [Theory]
    [InlineData("50", null, true)]
    [InlineData("50", "default", true)]
    [InlineData("1", "default", true)]
    [InlineData("100", "default", false)]
    [InlineData("0", "default", false)]
    [InlineData("50", "userId", false)]
    [InlineData("50", "sessionId", false)]
    [InlineData("50", "team", false)]
    public void Share_ThatUnleashFillsByChance_IsCreatedOnlyWhereThatIsAccepted(string rollout, string? stickiness, bool isChance)
    {
        var parameters = new JsonObject { ["rollout"] = rollout, ["stickiness"] = stickiness };
        var strategy = new JsonObject { ["name"] = "flexibleRollout", ["parameters"] = parameters }.ToJsonString();
        var project = Read(
            Feature("f", strategy),
            Feature("needs", """{"name":"default"}""", dependency: """{"feature":"f"}""")
        ).Project;
        EnvironmentMapping[] mappings = [new(ImportedProject.OnlyEnvironment, "here")];

        foreach (
            var accepted in (Loss[][])
                [
                    [],
                    [Loss.Words],
                ]
        )
        {
            var refused = ImportPlanner.Plan(project, mappings, accepted);
            refused.Flags.SelectMany(flag => flag.Configurations).ShouldAllBe(each => each.IsLeftOff == isChance);
            refused.LeftOut.ShouldBe(isChance ? 2 : 0);
        }
        var created = ImportPlanner.Plan(project, mappings, [Loss.Chance]);
        created.Flags.SelectMany(flag => flag.Configurations).ShouldAllBe(each => !each.IsLeftOff);
        created.LeftOut.ShouldBe(0);
    }

    [Fact]
    public void Chance_BesideWhatHasNoEquivalent_IsNoLossToAccept() =>
        Read(Feature("f", """{"name":"flexibleRollout","parameters":{"rollout":"50"}},{"name":"ours"}"""))
            .Project.Notes.ShouldHaveSingleItem()
            .Loss.ShouldBe(Loss.Evaluation);

    [Fact]
    public void Variants_StickingToOtherThanTheRollout_GoByUserElseBySessionElseAreTheFirst()
    {
        var imported = Read(
            Feature(
                "f",
                """{"name":"flexibleRollout","parameters":{"rollout":"100","stickiness":"team"}}""",
                $"{Variant("a", 0)},{Variant("b", 1)},{Variant("c", 1)}"
            )
        );
        var served = new HashSet<string?>();
        foreach (var id in Enumerable.Range(0, 50))
        {
            var byUser = imported.Evaluate("f", $$"""{"team":"t","targetingKey":"{{id}}","sessionId":"{{id + 1}}"}""");
            imported.Evaluate("f", $$"""{"team":"t","sessionId":"{{id}}"}""").ShouldBe(byUser);
            served.Add(byUser);
        }
        served.ShouldBe(["b", "c"], ignoreOrder: true);
        imported.Evaluate("f", """{"team":"t"}""").ShouldBe("b");
        imported.Evaluate("f", """{"targetingKey":"1"}""").ShouldBe("off");
        var note = imported.Project.Notes.ShouldHaveSingleItem();
        (note.Key, note.Environment, note.Loss).ShouldBe(("f", ImportedProject.OnlyEnvironment, Loss.Chance));
        note.What.ShouldContain("the first that has a weight");
    }

    [Theory]
    [InlineData("""{"feature":"parent"}""", "on", "off")]
    [InlineData("""{"feature":"parent","enabled":false}""", "off", "on")]
    [InlineData("""{"feature":"parent","variants":["b"]}""", "off", "off")]
    [InlineData("""{"feature":"parent","variants":["a"]}""", "on", "off")]
    public void Dependency_OnAParent_IsAPrerequisite(string dependency, string forOne, string forOther)
    {
        var imported = Read(
            Feature("parent", """{"name":"userWithId","parameters":{"userIds":"1"}}""", $"{Variant("a", 1)},{Variant("b", 0)}"),
            Feature("child", """{"name":"default"}""", dependency: dependency)
        );
        imported.Gaps.ShouldBeEmpty();
        imported.Evaluate("child", """{"targetingKey":"1"}""").ShouldBe(forOne);
        imported.Evaluate("child", """{"targetingKey":"2"}""").ShouldBe(forOther);
    }

    [Theory]
    [InlineData("""{"feature":"nowhere"}""")]
    [InlineData("""{"feature":"disabled","enabled":false}""")]
    [InlineData("""{"feature":"parent","variants":["c"]}""")]
    [InlineData("""{"feature":"child"}""")]
    public void Dependency_WithoutAnEquivalent_IsNoted(string dependency)
    {
        var imported = Read(
            Feature("parent", """{"name":"default"}"""),
            Feature("disabled", """{"name":"default"}""")
                .Replace("\"enabled\":true", "\"enabled\":false", StringComparison.Ordinal),
            Feature("child", """{"name":"default"}""", dependency: dependency)
        );
        imported.Exact.ShouldBe(["parent", "disabled"]);
    }

    [Fact]
    public void Variants_CalledOnAndOff_LeaveTheirNamesToTheSource()
    {
        var imported = Read(Feature("f", """{"name":"default"}""", $"{Variant("on", 0)},{Variant("off", 1)}"));
        imported.Evaluate("f", """{"targetingKey":"u"}""").ShouldBe("off");
        JsonNode.Parse(imported.Value("f", "{}")!)!["name"]!.ToString().ShouldBe("off");
        imported.Project.Flags.Single().Off.ShouldBe("off_");
    }

    [Fact]
    public void Export_OfSeveralEnvironments_IsReadForEach()
    {
        const string Export = """
            {"features":[{"name":"f","type":"kill-switch","stale":true,"description":"words","impressionData":true}],
             "featureEnvironments":[{"featureName":"f","environment":"dev","enabled":true},{"name":"f","environment":"prod","enabled":false}],
             "featureStrategies":[
               {"featureName":"f","environment":"dev","name":"userWithId","sortOrder":1,"parameters":{"userIds":"1"}},
               {"featureName":"f","environment":"prod","name":"default","segments":[7]}],
             "segments":[{"id":7,"name":"beta testers","constraints":[{"contextName":"userId","operator":"IN","values":["9"]}]}],
             "featureTags":[{"featureName":"f","tagType":"simple","tagValue":"web"}],"dependencies":[]}
            """;
        var dev = Imported.Read(new UnleashReader(), Export, "dev");
        dev.Project.Environments.ShouldBe(["dev", "prod"]);
        dev.Project.Segments.Single().Definition.Key.ShouldBe("segment-7");
        var flag = dev.Project.Flags.Single();
        (flag.Kind, flag.Description, flag.Definition.Status).ShouldBe(("kill-switch", "words", FlagStatus.Deprecated));
        flag.Tags.ShouldBe(["web"]);
        dev.Evaluate("f", """{"targetingKey":"1"}""").ShouldBe("on");
        dev.Evaluate("f", """{"targetingKey":"9"}""").ShouldBe("off");
        Imported.Read(new UnleashReader(), Export, "prod").Evaluate("f", """{"targetingKey":"9"}""").ShouldBe("off");
        dev.Gaps.ShouldBe(["f: impression events"]);
    }

    [Fact]
    public void Users_MoreThanAConditionHolds_AreSpreadOverRules()
    {
        var users = string.Join(',', Enumerable.Range(0, 2_500));
        var imported = Read(Feature("f", $$"""{"name":"userWithId","parameters":{"userIds":"{{users}}"} }"""));
        imported.Gaps.ShouldBeEmpty();
        imported.Evaluate("f", """{"targetingKey":"2499"}""").ShouldBe("on");
        imported.Evaluate("f", """{"targetingKey":"2500"}""").ShouldBe("off");
    }

    private static Imported Read(params string[] features) =>
        Imported.Read(new UnleashReader(), $$"""{"version":2,"features":[{{string.Join(',', features)}}]}""");

    private static string Feature(string name, string strategy, string variants = "", string dependency = "") =>
        $$"""
            {"name":"{{name}}","enabled":true,"strategies":[{{strategy}}],"variants":[{{variants}}],"dependencies":[{{dependency}}]}
            """;

    private static string Variant(string name, int weight) => $$"""{"name":"{{name}}","weight":{{weight}}}""";
}
