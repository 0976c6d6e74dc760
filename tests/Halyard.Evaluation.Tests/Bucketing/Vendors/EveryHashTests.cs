using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Bucketing.Vendors;

/// <summary>What holds for the rule of every platform.</summary>
public sealed class EveryHashTests
{
    public static TheoryData<BucketingHash> Hashes => [.. Enum.GetValues<BucketingHash>()];

    public static TheoryData<BucketingHash> Foreign =>
        [.. Enum.GetValues<BucketingHash>().Where(hash => hash != BucketingHash.Flagd)];

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Split_OfManyKeys_IsWithinFourSigmaOfTheWeights(BucketingHash hash)
    {
        const int n = 100_000;
        double[] shares = [0.5, 0.3, 0.15, 0.05];
        var total = Total(hash);
        var snapshot = Placing.Split(hash, "checkout", [.. shares.Select(share => (int)(share * total))]);
        var counts = Placing.Users(n).CountBy(user => Placing.Of(snapshot, user)).ToDictionary(StringComparer.Ordinal);
        for (var i = 0; i < shares.Length; i++)
        {
            var (p, count) = (shares[i], counts[$"{i}"]);
            Math.Abs(count - n * p).ShouldBeLessThan(4 * Math.Sqrt(n * p * (1 - p)), $"{hash}: {p:P0}");
        }
        counts.Count.ShouldBe(shares.Length);
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Weights_RaisedAtTheExpenseOfTheNext_MoveOnlyTheUsersTheyMust(BucketingHash hash)
    {
        // Quarters, as running sums of other shares may differ in their last bit under GrowthBook and LaunchDarkly.
        var total = Total(hash);
        var (before, after) = (
            Placing.Split(hash, "s", total / 4, total / 2, total / 4),
            Placing.Split(hash, "s", total / 2, total / 4, total / 4)
        );
        var moved = 0;
        foreach (var user in Placing.Users(2000))
        {
            var (old, now) = (Placing.Of(before, user), Placing.Of(after, user));
            (old == now || (old == "1" && now == "0")).ShouldBeTrue($"{user}: {old} → {now}");
            moved += old == now ? 0 : 1;
        }
        (moved / 2000.0).ShouldBe(0.25, 0.04);
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Placing_OfAnyValue_AllocatesNothing(BucketingHash hash)
    {
        var total = Total(hash);
        var snapshot = Placing.Split(
            hash,
            new Rollout(Placing.Weights(total / 2, total / 2), BucketBy: "id", Gate: GateFor(hash))
        );
        var contexts = Array.ConvertAll(
            [
                AttributeValue.Of(""),
                AttributeValue.Of("user-1"),
                AttributeValue.Of("Zoë ☃ 😀"),
                AttributeValue.Of("\ud800"),
                AttributeValue.Of(1_234_567),
                AttributeValue.Of(true),
                AttributeValue.Of(new string('é', 10_000)),
            ],
            static value => new EvaluationContextBuilder("u").Set("id", value).Build()
        );
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Run()
        {
            for (var i = 0; i < 20; i++)
            {
                foreach (var context in contexts)
                    _ = Evaluator.Evaluate(snapshot, Placing.Flag, context, Given.Now);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Placing_OfNastyText_AnswersADeclaredVariant(BucketingHash hash)
    {
        var total = Total(hash);
        var snapshot = Placing.Split(hash, "\ud800 Zoë ☃", total / 2, total / 2);
        string[] nasty =
        [
            "",
            "\0",
            "\ud800",
            "\udc00\ud800",
            "é☃😀",
            new('x', 1_000_000),
            new('\udc00', 100_000),
            string.Concat(Enumerable.Repeat("😀", 50_000)),
        ];
        foreach (var text in nasty)
        {
            var result = Evaluator.Evaluate(snapshot, Placing.Flag, EvaluationContext.For(text), Given.Now);
            result.Variant!.Key.ShouldBeOneOf("0", "1", "off");
            (result.Reason == EvaluationReason.Split).ShouldBe(result.Variant.Key != "off");
        }
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Placing_OfAWholeNumber_IsThatOfItsDecimalText(BucketingHash hash)
    {
        var total = Total(hash);
        var snapshot = Placing.Split(hash, new Rollout(Placing.Weights(total / 2, total / 2), BucketBy: "id"));
        for (var id = -50; id < 50; id++)
            Placing
                .Of(snapshot, Given.Context($$"""{"id":{{id}}}"""))
                .ShouldBe(Placing.Of(snapshot, Given.Context($$"""{"id":"{{id}}"}""")));
    }

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Experiment_UnderAnotherPlatformsHash_IsRefused(BucketingHash hash) =>
        Placing
            .Problems(hash, new Rollout(Placing.Weights(Total(hash)), Experiment: new Experiment("e", "0", 1)))
            .ShouldHaveSingleItem()
            .ShouldBe(new DefinitionProblem("/fallthrough/rollout/experiment", $"is not possible with hash '{hash.WireName()}'"));

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Gate_IsUnleashsAlone(BucketingHash hash)
    {
        var problems = Placing.Problems(hash, new Rollout(Placing.Weights(Total(hash)), Gate: new Gate(1000)));
        problems.Select(problem => problem.Pointer).ShouldBe(hash == BucketingHash.Unleash ? [] : ["/fallthrough/rollout/gate"]);
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Remainder_IsRefusedWhereTheRulePlacesEveryone(BucketingHash hash)
    {
        var problems = Placing.Problems(hash, new Rollout(Placing.Weights(Total(hash) - 1), Remainder: 1));
        var refused = hash is BucketingHash.Unleash or BucketingHash.LaunchDarkly;
        problems.Select(problem => problem.Pointer).ShouldBe(refused ? ["/fallthrough/rollout/remainder"] : []);
    }

    [Theory]
    [InlineData(-1000)]
    [InlineData(500)]
    [InlineData(101_000)]
    [InlineData(int.MaxValue)]
    public void Gate_ThatIsNotAWholePercent_IsRefused(int share) =>
        Placing
            .Problems(BucketingHash.Unleash, new Rollout(Placing.Weights(1), Gate: new Gate(share)))
            .ShouldHaveSingleItem()
            .Pointer.ShouldBe("/fallthrough/rollout/gate/share");

    [Fact]
    public void Hash_ThatIsNone_IsReportedOnce() =>
        DefinitionRules
            .CheckFlag(Given.Letters() with { Hash = (BucketingHash)99 })
            .ShouldHaveSingleItem()
            .Pointer.ShouldBe("/hash");

    [Fact]
    public void Names_OnTheWire_AreThePlatforms() =>
        WireNames
            .All<BucketingHash>()
            .ShouldBe(["flagd", "unleash", "launchdarkly", "featbit", "growthbook", "configcat", "goFeatureFlag", "flipt"]);

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Explanation_NamesThePlatform(BucketingHash hash)
    {
        var snapshot = Placing.Split(hash, "s", Total(hash));
        var words = Evaluator.Explain(snapshot, Placing.Flag, EvaluationContext.For("u"), Given.Now).Summary;
        var vendor = hash == BucketingHash.GoFeatureFlag ? "GO Feature Flag" : hash.ToString();
        words.ShouldBe(
            $"nothing else matched, and the fallthrough's rollout serves '0' by targetingKey, placed as {vendor} does"
        );
    }

    [Fact]
    public void Explanation_OfAShutGate_SaysSo()
    {
        var snapshot = Placing.Split(BucketingHash.Unleash, new Rollout(Placing.Weights(1), Gate: new Gate(0)));
        Evaluator
            .Explain(snapshot, Placing.Flag, EvaluationContext.For("u"), Given.Now)
            .Summary.ShouldBe(
                "nothing else matched, and the user is outside the gate of the fallthrough's rollout, placed as Unleash does, so the flag serves 'off'"
            );
    }

    private static int Total(BucketingHash hash) =>
        hash switch
        {
            BucketingHash.ConfigCat => 100,
            BucketingHash.Flipt => 1000,
            _ => 100_000,
        };

    private static Gate? GateFor(BucketingHash hash) => hash == BucketingHash.Unleash ? new Gate(50_000) : null;
}
