using System.Text;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Bucketing;

public sealed class FractionalTests
{
    // Vectors computed with an independent implementation of flagd's current rule: (murmur3(salt + value) × total) >> 32.
    [Theory]
    [InlineData("headerColor", "user-1", 2464466138u, 57380, "b")]
    [InlineData("headerColor", "user-2", 3556701001u, 82810, "c")]
    [InlineData("headerColor", "jane@acme.example", 2785427001u, 64853, "b")]
    [InlineData("headerColor", "", 4015991984u, 93504, "c")]
    [InlineData("headerColor", "Zoë ☃ 😀", 813878221u, 18949, "a")]
    [InlineData("a", "1234567", 604876368u, 14083, "a")]
    [InlineData("fractional-flag", "rachel@faas.com", 2150218434u, 50063, "b")]
    [InlineData("fractional-flag", "monica@faas.com", 1910524462u, 44482, "a")]
    public void Bucket_OfFlagdsRule_IsFlagds(string key, string user, uint hash, int bucket, string variant)
    {
        Murmur3.Hash32((key + user).AsSpan()).ShouldBe(hash);
        (((ulong)hash * 100_000) >> 32).ShouldBe((ulong)bucket);
        var result = Place(new Rollout([new("a", 50_000), new("b", 20_000), new("c", 30_000)]), user, Given.Letters(key));
        result.Variant!.Key.ShouldBe(variant);
        result.Reason.ShouldBe(EvaluationReason.Split);
    }

    [Fact]
    public void Bucket_OfAWholeNumber_IsThatOfItsDecimalText()
    {
        var rollout =
            """{"offVariant":"a","fallthrough":{"rollout":{"bucketBy":"id","weights":[{"variant":"a","weight":1},{"variant":"b","weight":1},{"variant":"c","weight":1}]}}}""";
        for (var id = -50; id < 50; id++)
        {
            var asNumber = Given.Evaluate(rollout, $$"""{"id":{{id}}}""", Given.Letters());
            var asText = Given.Evaluate(rollout, $$"""{"id":"{{id}}"}""", Given.Letters());
            asNumber.Reason.ShouldBe(EvaluationReason.Split);
            asNumber.Variant!.Key.ShouldBe(asText.Variant!.Key);
        }
    }

    [Theory]
    [InlineData("""{"id":1.5}""")]
    [InlineData("""{"id":true}""")]
    [InlineData("""{"id":null}""")]
    [InlineData("""{"id":["x"]}""")]
    [InlineData("""{"id":{"x":1}}""")]
    [InlineData("""{"id":1e300}""")]
    [InlineData("""{"targetingKey":"user-1"}""")]
    public void Rollout_WithNothingToHash_ServesOffAndSaysSo(string context)
    {
        var result = Given.Evaluate(
            """{"offVariant":"c","fallthrough":{"rollout":{"bucketBy":"id","weights":[{"variant":"a","weight":1}]}}}""",
            context,
            Given.Letters()
        );
        result.Variant!.Key.ShouldBe("c");
        result.Reason.ShouldBe(EvaluationReason.Default);
        result.Detail.ShouldBe(EvaluationDetail.NoBucketValue);
    }

    [Fact]
    public void Rollout_OfARuleWithNothingToHash_GoesOnWithTheNextRule()
    {
        var result = Given.Evaluate(
            """
            {"offVariant":"c","fallthrough":{"variant":"c"},"rules":[
              {"id":"one","serve":{"rollout":{"weights":[{"variant":"a","weight":1}]}}},
              {"id":"two","serve":{"variant":"b"}}]}
            """,
            "{}",
            Given.Letters()
        );
        (result.RuleId, result.Variant!.Key).ShouldBe(("two", "b"));
    }

    [Fact]
    public void Remainder_OfARule_GoesOnWithTheNextRuleForItsShareOnly()
    {
        var configuration = """
            {"offVariant":"c","fallthrough":{"variant":"c"},"rules":[
              {"id":"one","serve":{"rollout":{"weights":[{"variant":"a","weight":25000}],"remainder":75000}}},
              {"id":"two","serve":{"variant":"b"}}]}
            """;
        var snapshot = Given.Snapshot(Given.Flag(configuration, Given.Letters()));
        var share = Users(20_000).Count(user => Evaluate(snapshot, user).RuleId == "one") / 20_000.0;
        share.ShouldBe(0.25, 0.0125);
        Users(1000)
            .ShouldAllBe(user => Evaluate(snapshot, user).Variant!.Key == (Evaluate(snapshot, user).RuleId == "one" ? "a" : "b"));
    }

    [Fact]
    public void Remainder_OfTheFallthrough_ServesOffAndSaysSo()
    {
        var result = Place(new Rollout([], Remainder: 1), "user-1", Given.Letters());
        (result.Variant!.Key, result.Reason, result.Detail).ShouldBe(("c", EvaluationReason.Default, EvaluationDetail.Remainder));
    }

    [Fact]
    public void Weights_AtTheirLargestTotal_PlaceEveryone()
    {
        var rollout = new Rollout([new("a", 0), new("b", int.MaxValue - 1), new("c", 1)]);
        Users(2000).ShouldAllBe(user => Place(rollout, user, Given.Letters()).Variant!.Key != "a");
    }

    [Fact]
    public void Salt_IsTheRolloutsThenTheFlagsThenTheKey()
    {
        var rollout = new Rollout([new("a", 1), new("b", 1), new("c", 1)]);
        var byKey = Flag(rollout, Given.Letters("s"));
        var byFlag = Flag(rollout, Given.Letters("x") with { Salt = "s" });
        var byRollout = Flag(rollout with { Salt = "s" }, Given.Letters("x") with { Salt = "other" });
        foreach (var user in Users(200))
        {
            var expected = Evaluate(byKey, user, "s").Variant!.Key;
            Evaluate(byFlag, user, "x").Variant!.Key.ShouldBe(expected);
            Evaluate(byRollout, user, "x").Variant!.Key.ShouldBe(expected);
        }
    }

    [Fact]
    public void Experiment_OutsideItsTraffic_ServesTheControlWithoutExposure()
    {
        var rollout = new Rollout([new("a", 1), new("b", 1)], Salt: "s", Experiment: new Experiment("exp", "c", 30_000));
        var snapshot = Flag(rollout);
        var taking = 0;
        foreach (var user in Users(10_000))
        {
            var result = Evaluate(snapshot, user);
            var inside = (((ulong)Murmur3.Hash32(("s:traffic" + user).AsSpan()) * 100_000) >> 32) < 30_000;
            result.Reason.ShouldBe(EvaluationReason.Split);
            result.ExperimentKey.ShouldBe(inside ? "exp" : null);
            (result.Variant!.Key == "c").ShouldBe(!inside);
            taking += inside ? 1 : 0;
        }
        (taking / 10_000.0).ShouldBe(0.3, 0.02);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(100_000, true)]
    public void Experiment_WithNoneOrAllOfTheTraffic_TakesNoneOrAll(int traffic, bool takes)
    {
        var snapshot = Flag(new Rollout([new("a", 1)], Experiment: new Experiment("exp", "c", traffic)));
        Users(500).ShouldAllBe(user => (Evaluate(snapshot, user).ExperimentKey != null) == takes);
    }

    private static IEnumerable<string> Users(int count) => Enumerable.Range(0, count).Select(i => $"user-{i}");

    private static CompiledSnapshot Flag(Rollout rollout, FlagDefinition? flag = null) =>
        Given.Snapshot(
            new FlagInEnvironment(flag ?? Given.Letters(), new FlagEnvironment(true, "c", [], [], [], Serve.Split(rollout)), 1)
        );

    private static EvaluationResult Evaluate(CompiledSnapshot snapshot, string user, string key = "letters") =>
        Evaluator.Evaluate(snapshot, Encoding.UTF8.GetBytes(key), EvaluationContext.For(user), Given.Now);

    private static EvaluationResult Place(Rollout rollout, string user, FlagDefinition flag) =>
        Evaluate(Flag(rollout, flag), user, flag.Key);
}
