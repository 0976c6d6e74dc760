using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Bucketing.Vendors;

public sealed class LaunchDarklyTests
{
    // The buckets that every LaunchDarkly SDK's tests expect, such as launchdarkly/go-server-sdk-evaluation,
    // evaluator_bucketing_testdata_test.go: flag key hashKey and salt saltyA, or a seed.
    [Theory]
    [InlineData("hashKey.saltyA", "\"userKeyA\"", 0.42157587)]
    [InlineData("hashKey.saltyA", "\"userKeyB\"", 0.6708485)]
    [InlineData("hashKey.saltyA", "\"userKeyC\"", 0.10343106)]
    [InlineData("hashKey.saltyA", "33333", 0.54771423)]
    [InlineData("hashKey.saltyA", "\"33333\"", 0.54771423)]
    [InlineData("hashKey.saltyA", "99999", 0.7309658)]
    [InlineData("61", "\"userKeyA\"", 0.09801207)]
    [InlineData("61", "\"userKeyB\"", 0.14483777)]
    [InlineData("61", "\"userKeyC\"", 0.9242641)]
    [InlineData("60", "\"userKeyA\"", 0.7008816)]
    public void Bucket_OfLaunchDarklysVectors_IsTheirs(string salt, string value, double bucket)
    {
        // The weight of the first variant stands on either side of the bucket, within the vectors' seven digits.
        const int total = 1_000_000;
        var (below, above) = ((int)Math.Floor(bucket * total) - 1, (int)Math.Ceiling(bucket * total) + 1);
        Place(salt, value, below, total - below).ShouldBe("1");
        Place(salt, value, above, total - above).ShouldBe("0");
    }

    [Theory]
    [InlineData("userKeyA", "0")]
    [InlineData("userKeyB", "1")]
    [InlineData("userKeyC", "0")]
    public void Variation_OfLaunchDarklysRollout_IsTheirs(string user, string variation) =>
        Placing.Of(Placing.Split(BucketingHash.LaunchDarkly, "hashKey.saltyA", 60_000, 40_000), user).ShouldBe(variation);

    [Theory]
    [InlineData("""{"targetingKey":"u"}""")]
    [InlineData("""{"targetingKey":"u","id":33.5}""")]
    [InlineData("""{"targetingKey":"u","id":true}""")]
    public void Attribute_ThatCannotBeHashed_GetsTheFirstVariantWithAWeight(string context)
    {
        var snapshot = Placing.Split(BucketingHash.LaunchDarkly, new Rollout(Placing.Weights(0, 1, 99_999), "s", "id"));
        Placing.Of(snapshot, Given.Context(context)).ShouldBe("1");
    }

    [Fact]
    public void TargetingKey_ThatIsMissing_ServesOff()
    {
        var result = Evaluator.Evaluate(
            Placing.Split(BucketingHash.LaunchDarkly, "s", 1, 1),
            Placing.Flag,
            Given.Context("{}"),
            Given.Now
        );
        (result.Variant!.Key, result.Detail).ShouldBe(("off", EvaluationDetail.NoBucketValue));
    }

    [Fact]
    public void Weights_WhoseSumLosesByRounding_StillPlaceEveryone()
    {
        // In single precision ten tenths make 1.0000001 and a hundred hundredths 0.99999934: a bucket may be beyond.
        var snapshot = Placing.Split(BucketingHash.LaunchDarkly, "s", [.. Enumerable.Repeat(1, 19)]);
        Placing.Users(20_000).ShouldAllBe(user => Placing.Of(snapshot, user) != "off");
    }

    private static string Place(string salt, string value, params int[] weights) =>
        Placing.Of(
            Placing.Split(BucketingHash.LaunchDarkly, new Rollout(Placing.Weights(weights), salt, "id")),
            Given.Context($$"""{"id":{{value}}}""")
        );
}
