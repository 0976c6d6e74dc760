using FsCheck.Fluent;

namespace Halyard.Evaluation.Tests.Evaluating;

public sealed class ExplanationTests
{
    [Fact]
    public void Explanation_SaysWhyEachEarlierStepDidNotDecide()
    {
        var snapshot = Given.Snapshot(
            Given.Flag(
                """
                {"prerequisites":[{"flag":"needed","variants":["on"]}],
                 "overrides":[{"id":"o1","targetingKey":"jane","variant":"on"},{"id":"o2","targetingKey":"u","variant":"on","expiresAt":"2020-01-01T00:00:00Z"}],
                 "rules":[
                  {"id":"r1","name":"Beta users","conditions":[{"attribute":"plan","operator":"equals","values":["pro","team"]}],"serve":{"variant":"on"}},
                  {"id":"r2","enabled":false,"serve":{"variant":"on"}},
                  {"id":"r3","serve":{"rollout":{"bucketBy":"company","weights":[{"variant":"on","weight":1}]}}},
                  {"id":"r4","conditions":[{"attribute":"age","operator":"greaterThan","values":[5]}],"serve":{"variant":"on"}},
                  {"id":"r5","conditions":[{"attribute":"age","operator":"exists"}],"serve":{"variant":"on"}},
                  {"id":"r6","serve":{"variant":"off"}}]}
                """
            ),
            Given.Flag("""{"fallthrough":{"variant":"on"}}""", Given.Boolean("needed"))
        );
        var explanation = Evaluator.Explain(snapshot, "flag", Given.Context("""{"targetingKey":"u","age":3}"""), Given.Now);

        explanation
            .Steps.Select(step => step.Words)
            .ShouldBe([
                "flag 'needed' serves 'on' (STATIC), as needed",
                "override 'o1' does not match: targetingKey is not \"jane\"",
                "override 'o2' has expired",
                "rule 'Beta users' does not match: it is not so that plan is one of \"pro\", \"team\", as the attribute is missing or of another type",
                "rule 'r2' is disabled",
                "rule 'r3' matches, but its rollout does not apply: there is no company to place",
                "rule 'r4' does not match: it is not so that age is greater than 5",
                "rule 'r5' matches and serves 'on'",
            ]);
        explanation.Steps.Select(step => step.Decided).ShouldBe([.. Enumerable.Repeat(false, 7), true]);
        explanation.Summary.ShouldBe("rule 'r5' matches and serves 'on'");
        explanation
            .Steps[3]
            .Conditions.ShouldBe([new ConditionExplanation("plan is one of \"pro\", \"team\"", Held: false, WasMissing: true)]);
        (explanation.Result.RuleId, explanation.Result.Variant!.Key).ShouldBe(("r5", "on"));
    }

    [Theory]
    [InlineData("nope", "{}", "there is no flag 'nope'")]
    [InlineData("flag", """{"enabled":false}""", "the flag is off and serves 'off'")]
    [InlineData("flag", """{"fallthrough":{"variant":"on"}}""", "the flag serves 'on' to everyone")]
    [InlineData(
        "flag",
        """{"overrides":[{"id":"o","targetingKey":"u","variant":"on"}]}""",
        "override 'o' serves 'on': targetingKey is \"u\""
    )]
    [InlineData(
        "flag",
        """{"rules":[{"id":"r","enabled":false,"serve":{"variant":"on"}}]}""",
        "nothing else matched, so the fallthrough serves 'off'"
    )]
    [InlineData(
        "flag",
        """{"fallthrough":{"rollout":{"weights":[{"variant":"on","weight":1}]}}}""",
        "nothing else matched, and the fallthrough's rollout serves 'on' by targetingKey"
    )]
    [InlineData(
        "flag",
        """{"fallthrough":{"rollout":{"bucketBy":"x","weights":[{"variant":"on","weight":1}]}}}""",
        "nothing else matched, and the fallthrough's rollout does not apply: there is no x to place, so the flag serves 'off'"
    )]
    [InlineData(
        "flag",
        """{"fallthrough":{"rollout":{"weights":[],"remainder":1}}}""",
        "nothing else matched, and the user falls into the remainder of the fallthrough's rollout, so the flag serves 'off'"
    )]
    [InlineData(
        "flag",
        """{"fallthrough":{"rollout":{"weights":[{"variant":"on","weight":1}],"experiment":{"key":"e","control":"off","traffic":0}}}}""",
        "nothing else matched, and the fallthrough's rollout serves 'off', as the user is outside the traffic of experiment 'e'"
    )]
    [InlineData(
        "flag",
        """{"rules":[{"id":"r","serve":{"rollout":{"weights":[],"remainder":1}}}]}""",
        "nothing else matched, so the fallthrough serves 'off'"
    )]
    public void Explanation_Summary_SaysWhatDecided(string key, string configuration, string summary)
    {
        var snapshot = Given.Snapshot(Given.Flag(configuration));
        Evaluator.Explain(snapshot, key, EvaluationContext.For("u"), Given.Now).Summary.ShouldBe(summary);
    }

    [Fact]
    public void Explanation_OfAnyDefinition_EndsWithTheEvaluatorsDecision() =>
        Property.Holds(
            from flags in (
                from flag in Generate.Flag
                from environment in Generate.Environment
                select new FlagInEnvironment(flag, environment, 1)
            ).ListOf()
            from user in Generate.Text.OrNull()
            select (flags, user),
            sample =>
            {
                var snapshot = SnapshotCompiler.Compile(new("p", "e", 1, [.. sample.flags], [])).Snapshot;
                foreach (var key in snapshot.FlagKeys)
                {
                    var explanation = Evaluator.Explain(snapshot, key, EvaluationContext.For(sample.user), Given.Now);
                    explanation.Steps[^1].Decided.ShouldBeTrue();
                    explanation.Steps.Count(step => step.Decided).ShouldBe(1);
                    explanation.Result.RuleId.ShouldBe(
                        explanation.Steps[^1].Kind == ExplanationKind.Rule ? explanation.Steps[^1].Id : null
                    );
                }
            }
        );
}
