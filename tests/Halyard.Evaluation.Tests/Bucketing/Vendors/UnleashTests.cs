using System.Text.Json.Nodes;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Bucketing.Vendors;

public sealed class UnleashTests
{
    // How many cases each file has that hang on a hash; a file that loses one fails.
    [Theory]
    [InlineData("03-gradual-rollout-user-id-strategy", 6, 0)]
    [InlineData("04-gradual-rollout-session-id-strategy", 6, 0)]
    [InlineData("08-variants", 0, 17)]
    [InlineData("10-flexible-rollout-strategy", 10, 0)]
    [InlineData("12-custom-stickiness", 5, 4)]
    public void Specification_ThatHangsOnAHash_GivesUnleashsAnswers(string file, int tests, int variantTests)
    {
        var specification = UnleashSuite.Read(file);
        var snapshot = UnleashSuite.Compile(specification);
        var (plain, varied) = (Cases(specification, "tests"), Cases(specification, "variantTests"));
        (plain.Count, varied.Count).ShouldBe((tests, variantTests));
        foreach (var test in plain)
            (UnleashSuite.Answer(snapshot, test) is not null).ShouldBe((bool)test["expectedResult"]!, test.ToJsonString());
        foreach (var test in varied)
        {
            var expected = test["expectedResult"]!;
            var answer = (bool)expected["feature_enabled"]! ? "" : null;
            if ((bool)expected["enabled"]!)
                answer = (string)expected["name"]!;
            UnleashSuite.Answer(snapshot, test).ShouldBe(answer, test.ToJsonString());
        }
    }

    // Unleash/unleash-client-node, src/test/strategy/util.test.ts: the same across its clients.
    [Theory]
    [InlineData("123", "gr1", 73)]
    [InlineData("999", "groupX", 25)]
    public void Gate_OfUnleashsVectors_OpensAtTheirPercentage(string user, string group, int percent)
    {
        Passes(user, new Gate(percent * 1000, group)).ShouldBeTrue();
        Passes(user, new Gate((percent - 1) * 1000, group)).ShouldBeFalse();
    }

    [Fact]
    public void Gate_OfNothingOrEverything_LetsInNobodyOrEverybody()
    {
        Placing.Users(1000).ShouldAllBe(user => !Passes(user, new Gate(0)));
        Placing.Users(1000).ShouldAllBe(user => Passes(user, new Gate(100_000)));
    }

    [Fact]
    public void Gate_RaisedByAPercent_LetsNobodyOut()
    {
        var gates = Enumerable.Range(0, 101).Select(percent => Gated(new Gate(percent * 1000))).ToArray();
        foreach (var user in Placing.Users(500))
        {
            var opened = Array.FindIndex(gates, gate => Placing.Of(gate, user) == "0");
            opened.ShouldBeGreaterThan(0);
            gates.Skip(opened).ShouldAllBe(gate => Placing.Of(gate, user) == "0");
        }
    }

    [Fact]
    public void Gate_WithoutASaltOrAttributeOfItsOwn_TakesTheRollouts()
    {
        var own = Placing.Split(BucketingHash.Unleash, new Rollout(Placing.Weights(1), "s", "id", Gate: new Gate(50_000)));
        var named = Placing.Split(
            BucketingHash.Unleash,
            new Rollout(Placing.Weights(1), "other", "other", Gate: new Gate(50_000, "s", "id"))
        );
        foreach (var id in Enumerable.Range(0, 200))
        {
            var context = Given.Context($$"""{"id":{{id}}}""");
            Placing.Of(own, context).ShouldBe(Placing.Of(named, context));
        }
    }

    [Fact]
    public void Gate_ThatIsShut_GoesOnWithTheNextRule()
    {
        var result = Given.Evaluate(
            """
            {"offVariant":"c","fallthrough":{"variant":"c"},"rules":[
              {"id":"one","serve":{"rollout":{"weights":[{"variant":"a","weight":1}],"gate":{"share":0}}}},
              {"id":"two","serve":{"variant":"b"}}]}
            """,
            """{"targetingKey":"u"}""",
            Given.Letters() with
            {
                Hash = BucketingHash.Unleash,
            }
        );
        (result.RuleId, result.Variant!.Key).ShouldBe(("two", "b"));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"targetingKey":""}""")]
    public void Value_ThatIsMissingOrEmpty_IsNotLetIn(string context)
    {
        var shut = Placing.Split(BucketingHash.Unleash, new Rollout(Placing.Weights(1), Gate: new Gate(100_000)));
        Placing.Of(shut, Given.Context(context)).ShouldBe("off");
        Placing.Of(Placing.Split(BucketingHash.Unleash, "s", 1, 1), Given.Context(context)).ShouldBe("off");
    }

    [Fact]
    public void Variant_ThatAloneHasAWeight_NeedsNothingToHash() =>
        Placing.Of(Placing.Split(BucketingHash.Unleash, "s", 0, 5, 0), Given.Context("{}")).ShouldBe("1");

    private static List<JsonNode> Cases(JsonObject specification, string kind) =>
        [.. (specification[kind]?.AsArray() ?? []).Select(test => test!)];

    private static CompiledSnapshot Gated(Gate gate) =>
        Placing.Split(BucketingHash.Unleash, new Rollout(Placing.Weights(1), Gate: gate));

    private static bool Passes(string user, Gate gate) => Placing.Of(Gated(gate), user) == "0";
}
