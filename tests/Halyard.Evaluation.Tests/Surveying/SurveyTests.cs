using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Surveying;

/// <summary>What may be said of users of whom only some things are known.</summary>
public sealed class SurveyTests
{
    private const string ForEnterprise =
        """{"id":"r","conditions":[{"attribute":"plan","operator":"equals","values":["enterprise"]}],"serve":{"variant":"on"} }""";

    [Fact]
    public void Rule_WhoseAttributeIsKnown_DecidesForEverybody()
    {
        Survey($$"""{"rules":[{{ForEnterprise}}]}""", """{"plan":"enterprise"}""").ShouldBe(["on by r"]);
        Survey($$"""{"rules":[{{ForEnterprise}}]}""", """{"plan":"free"}""").ShouldBe(["off"]);
    }

    [Fact]
    public void Rule_WhoseAttributeIsNotKnown_MayMatchOrNot() =>
        Survey($$"""{"rules":[{{ForEnterprise}}]}""", "{}").ShouldBe(["on by r (plan)", "off (plan)"]);

    [Fact]
    public void Rule_WithOneConditionThatFails_MatchesNobodyWhateverElseIsUnknown() =>
        Survey(
                """
                {"rules":[{"id":"r","conditions":[{"attribute":"country","operator":"equals","values":["de"]},
                {"attribute":"plan","operator":"equals","values":["free"]}],"serve":{"variant":"on"} }]}
                """,
                """{"plan":"enterprise"}"""
            )
            .ShouldBe(["off"]);

    [Fact]
    public void NegatedUnknown_IsUnknown() =>
        Survey(
                """{"rules":[{"id":"r","conditions":[{"attribute":"a","operator":"exists","negate":true}],"serve":{"variant":"on"} }]}""",
                """{"b":1}"""
            )
            .ShouldBe(["on by r (a)", "off (a)"]);

    [Fact]
    public void Override_OfAUserWhoIsNotKnown_ConcernsSomebodyPerhaps()
    {
        const string pinned = """{"overrides":[{"id":"o","targetingKey":"qa","variant":"on"}]}""";
        Survey(pinned, "{}").ShouldBe(["on by o (targetingKey)", "off (targetingKey)"]);
        Survey(pinned, """{"targetingKey":"qa"}""").ShouldBe(["on by o"]);
        Survey(pinned, """{"targetingKey":"somebody"}""").ShouldBe(["off"]);
    }

    [Fact]
    public void Rollout_OfUnknownUsers_HasItsShares() =>
        Survey("""{"fallthrough":{"rollout":{"weights":[{"variant":"on","weight":1},{"variant":"off","weight":3}]} } }""", "{}")
            .ShouldBe(["on 25%", "off 75%"]);

    [Fact]
    public void Rollout_OfAKnownUser_IsTheVariantThatTheUserGets()
    {
        const string half =
            """{"fallthrough":{"rollout":{"weights":[{"variant":"on","weight":1},{"variant":"off","weight":1}]} } }""";
        for (var user = 0; user < 20; user++)
        {
            var context = $$"""{"targetingKey":"user-{{user}}"}""";
            Survey(half, context).ShouldBe([Given.Evaluate(half, context).Variant!.Key]);
        }
    }

    [Fact]
    public void Rollout_ByAnAttributeThatIsNotKnown_MayFindNothingToHash() =>
        Survey("""{"fallthrough":{"rollout":{"bucketBy":"company","weights":[{"variant":"on","weight":1}]} } }""", "{}")
            .ShouldBe(["off (company)", "on (company)"]);

    [Fact]
    public void Rollouts_OfOneSalt_PlaceTheSameUsersAlike()
    {
        // Whoever is left over by the rule lies in the upper three quarters, of which the fallthrough serves the upper two.
        Survey(
                """
                {"rules":[{"id":"r","conditions":[],"serve":{"rollout":{"weights":[{"variant":"on","weight":1}],"remainder":3} } }],
                "fallthrough":{"rollout":{"weights":[{"variant":"off","weight":1},{"variant":"on","weight":1}]} } }
                """,
                "{}"
            )
            .ShouldBe(["on by r 25%", "off 25%", "on 50%"]);
    }

    [Fact]
    public void Rollouts_OfTwoSalts_PlaceIndependently() =>
        Survey(
                """
                {"rules":[{"id":"r","conditions":[],"serve":{"rollout":{"weights":[{"variant":"on","weight":1}],"remainder":3} } }],
                "fallthrough":{"rollout":{"salt":"other","weights":[{"variant":"off","weight":1},{"variant":"on","weight":1}]} } }
                """,
                "{}"
            )
            .ShouldBe(["on by r 25%", "off 37.5%", "on 37.5%"]);

    [Fact]
    public void Experiment_ServesItsControlOutsideTheTraffic() =>
        Survey(
                """
                {"fallthrough":{"rollout":{"weights":[{"variant":"on","weight":1},{"variant":"off","weight":1}],
                "experiment":{"key":"e","control":"off","traffic":40000} } } }
                """,
                "{}"
            )
            .ShouldBe(["on 20%", "off 80%"]);

    [Fact]
    public void Prerequisite_ThatSomeUsersMeet_LetsThoseOnIn()
    {
        var needed = Given.Flag(
            """{"fallthrough":{"rollout":{"weights":[{"variant":"on","weight":1},{"variant":"off","weight":9}]} } }""",
            Given.Boolean("needed")
        );
        var flag = Given.Flag("""{"prerequisites":[{"flag":"needed","variants":["on"]}],"fallthrough":{"variant":"on"} }""");
        Words(Evaluation.Survey.Of(Given.Snapshot(needed, flag), "flag", EvaluationContext.Empty, Given.Now))
            .ShouldBe(["off by needed 90%", "on 10%"]);
    }

    [Fact]
    public void Segment_ThatNamesUsers_DependsOnTheTargetingKey()
    {
        var rule = new Condition("", ConditionOperator.Segment, [FlagValue.Of("beta")]);
        var flag = Given.Flag("""{}""");
        flag = flag with
        {
            Configuration = flag.Configuration with { Rules = [new TargetingRule("r", "", true, [rule], Serve.One("on"))] },
        };
        SegmentRule enterprise = new("e", [new Condition("plan", ConditionOperator.Equals, [FlagValue.Of("enterprise")])]);
        IReadOnlyList<string> Of(SegmentDefinition segment, string facts) =>
            Words(
                Evaluation.Survey.Of(
                    SnapshotCompiler.Compile(new("project", "production", 42, [flag], [segment])).Snapshot,
                    "flag",
                    Given.Context(facts),
                    Given.Now
                )
            );

        Of(new("beta", [], [], [enterprise]), """{"plan":"enterprise"}""").ShouldBe(["on by r"]);
        Of(new("beta", [], ["x"], [enterprise]), """{"plan":"enterprise"}""")
            .ShouldBe(["on by r (targetingKey)", "off (targetingKey)"]);
        Of(new("beta", ["x"], [], [enterprise]), """{"plan":"enterprise"}""").ShouldBe(["on by r"]);
        Of(new("beta", ["x"], [], [enterprise]), """{"plan":"free"}""")
            .ShouldBe(["on by r (targetingKey)", "off (targetingKey)"]);
        Of(new("beta", ["x"], [], [enterprise]), """{"plan":"free","targetingKey":"y"}""").ShouldBe(["off"]);
        Of(new("beta", ["x"], [], [enterprise]), """{"plan":"free","targetingKey":"x"}""").ShouldBe(["on by r"]);
    }

    [Fact]
    public void FlagThatIsOff_IsOffForEverybody() =>
        Survey($$"""{"enabled":false,"rules":[{{ForEnterprise}}]}""", "{}").ShouldBe(["off"]);

    [Fact]
    public void FlagThatIsNotThere_AnswersNothing() =>
        Evaluation
            .Survey.Of(Given.Snapshot(), "nowhere", EvaluationContext.Empty, Given.Now)
            .Possibilities.ShouldHaveSingleItem()
            .Result.ErrorCode.ShouldBe(ErrorCode.FlagNotFound);

    [Fact]
    public void MoreWaysThanAreFollowed_AreNotCalledComplete()
    {
        // Ten prerequisites of independent dice: 3^10 groups of users.
        var needed = Enumerable
            .Range(0, 10)
            .Select(i =>
                Given.Flag(
                    """{"fallthrough":{"rollout":{"weights":[{"variant":"a","weight":1},{"variant":"b","weight":1},{"variant":"c","weight":1}]} },"offVariant":"a"}""",
                    Given.Letters($"n{i}")
                )
            );
        var all = string.Join(',', Enumerable.Range(0, 10).Select(i => $$"""{"flag":"n{{i}}","variants":["a","b","c"]}"""));
        var flag = Given.Flag($$"""{"prerequisites":[{{all}}]}""");

        var survey = Evaluation.Survey.Of(Given.Snapshot([.. needed, flag]), "flag", EvaluationContext.Empty, Given.Now);

        survey.IsComplete.ShouldBeFalse();
    }

    [Theory]
    [InlineData("fallthrough", "on 25000, off 75000")]
    [InlineData("part", "on 30000, - 70000")]
    [InlineData("all", "off 100000")]
    [InlineData("nowhere", "")]
    public void ServedShares_AreThoseOfWhoeverGetsThere(string rule, string expected)
    {
        var entry = Given.Flag(
            """
            {"enabled":false,"rules":[
            {"id":"part","conditions":[],"serve":{"rollout":{"bucketBy":"company","weights":[{"variant":"on","weight":3}],"remainder":7} } },
            {"id":"all","conditions":[],"serve":{"variant":"off"} }],
            "fallthrough":{"rollout":{"weights":[{"variant":"on","weight":1}],"remainder":3} } }
            """
        );
        Given.Snapshot(entry).TryGetFlag("flag", out var flag).ShouldBeTrue();

        var shares = rule == "fallthrough" ? ServedShare.OfFallthrough(flag!) : ServedShare.OfRule(flag!, rule);

        string.Join(", ", shares.Select(share => $"{share.Variant?.Key ?? "-"} {share.Share * 100_000:0}")).ShouldBe(expected);
    }

    private static List<string> Survey(string configuration, string facts) =>
        Words(Evaluation.Survey.Of(Given.Snapshot(Given.Flag(configuration)), "flag", Given.Context(facts), Given.Now));

    private static List<string> Words(Survey survey)
    {
        survey.IsComplete.ShouldBeTrue();
        return [.. survey.Possibilities.Select(Words)];
    }

    private static string Words(Possibility possibility)
    {
        var by = possibility.Result.RuleId ?? possibility.Result.OverrideId ?? possibility.Result.PrerequisiteKey;
        var share = possibility.Share < 1 ? FormattableString.Invariant($" {possibility.Share * 100:0.##}%") : "";
        var open = possibility.Attributes.Count == 0 ? "" : $" ({string.Join(", ", possibility.Attributes)})";
        return $"{possibility.Result.Variant?.Key}{(by is null ? "" : $" by {by}")}{share}{open}";
    }
}
