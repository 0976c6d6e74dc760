using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Bucketing.Vendors;

public sealed class GrowthBookTests
{
    // growthbook/growthbook, packages/sdk-js/test/cases.json, "hash", version 2 (spec 0.5.4 at 021bf498).
    [Theory]
    [InlineData("seed", "a", 505)]
    [InlineData("seed", "b", 2696)]
    [InlineData("foo", "ab", 2575)]
    [InlineData("foo", "def", 2019)]
    [InlineData("89123klj", "8952klfjas09ujkasdf", 1240)]
    [InlineData("90850943850283058242805", "123", 7516)]
    [InlineData("()**(%$##$%#$#", "___)((*\":&", 128)]
    public void Bucket_OfGrowthBooksVectors_IsTheirs(string seed, string value, int bucket)
    {
        var ending = Placing.Split(BucketingHash.GrowthBook, seed, bucket, 10_000 - bucket);
        var reaching = Placing.Split(BucketingHash.GrowthBook, seed, bucket + 1, 9_999 - bucket);
        Placing.Of(ending, value).ShouldBe("1");
        Placing.Of(reaching, value).ShouldBe("0");
    }

    [Fact]
    public void Ranges_EndWhereRunningSumsInDoublePrecisionDo()
    {
        // 0.1 + 0.2 is 0.30000000000000004 in every SDK: bucket 3000 of 10,000 still belongs to the second variant.
        var user = Enumerable
            .Range(0, 100_000)
            .Select(i => $"user-{i}")
            .First(candidate => Placing.Of(Placing.Split(BucketingHash.GrowthBook, "s", 3000, 1, 6999), candidate) == "1");
        Placing.Of(Placing.Split(BucketingHash.GrowthBook, "s", 10_000, 20_000, 70_000), user).ShouldBe("1");
    }

    [Fact]
    public void Value_ThatIsEmpty_IsSkipped() =>
        Placing.Of(Placing.Split(BucketingHash.GrowthBook, "s", 1, 1), "").ShouldBe("off");

    [Fact]
    public void Remainder_HoldsWhomTheRangesDoNotCover()
    {
        // The bucket of "b" under "seed" is 2696.
        Placing.Of(Placing.Split(BucketingHash.GrowthBook, Covering(2696)), "b").ShouldBe("off");
        Placing.Of(Placing.Split(BucketingHash.GrowthBook, Covering(2697)), "b").ShouldBe("0");
    }

    private static Rollout Covering(int buckets) => new(Placing.Weights(buckets), "seed", Remainder: 10_000 - buckets);
}
