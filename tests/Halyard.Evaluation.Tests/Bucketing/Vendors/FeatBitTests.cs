using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Bucketing.Vendors;

public sealed class FeatBitTests
{
    private const int Total = int.MaxValue;

    // featbit/featbit-dotnet-sdk, tests/FeatBit.ServerSdk.Tests/Evaluation/DispatchAlgorithmTests.cs at 974e2a7a.
    [Theory]
    [InlineData("test-value", 0.14653629204258323)]
    [InlineData("qKPKh1S3FolC", 0.9105919692665339)]
    [InlineData("3eacb184-2d79-49df-9ea7-edd4f10e4c6f", 0.08994403155520558)]
    public void Share_OfFeatBitsVectors_IsTheirs(string key, double share)
    {
        // FeatBit hashes flag key and user key without a separator; where the first ends does not matter.
        var weight = (int)(share * Total);
        foreach (var cut in (int[])[0, 4, key.Length])
        {
            Place(key[..cut], key[cut..], weight - 1).ShouldBe("1");
            Place(key[..cut], key[cut..], weight + 1).ShouldBe("0");
        }
    }

    [Fact]
    public void Ranges_IncludeTheirEnds()
    {
        // The share of "qKPKh1S3FolC" is 1,955,481,364 / 2³¹, which a weight of 488,870,341 in 2²⁹ ends at exactly.
        const int numerator = 488_870_341;
        const int total = 1 << 29;
        ((double)numerator / total).ShouldBe(0.9105919692665339);
        Place(numerator).ShouldBe("0");
        Place(numerator - 1).ShouldBe("1");

        static string Place(int weight) =>
            Placing.Of(Placing.Split(BucketingHash.FeatBit, "qKPK", weight, total - weight), "h1S3FolC");
    }

    [Fact]
    public void Attribute_ThatIsMissing_CountsAsEmpty()
    {
        foreach (var salt in Placing.Users(50))
        {
            var snapshot = Placing.Split(BucketingHash.FeatBit, new Rollout(Placing.Weights(1, 1), salt, "id"));
            var missing = Placing.Of(snapshot, Given.Context("""{"targetingKey":"u"}"""));
            missing.ShouldBe(Placing.Of(snapshot, Given.Context("""{"targetingKey":"u","id":""}""")));
            missing.ShouldNotBe("off");
        }
    }

    [Fact]
    public void Variant_WithoutAWeight_ServesNobody()
    {
        var snapshot = Placing.Split(BucketingHash.FeatBit, "s", 0, 1, 0, 1, 0);
        Placing.Users(2000).ShouldAllBe(user => Placing.Of(snapshot, user) == "1" || Placing.Of(snapshot, user) == "3");
    }

    [Fact]
    public void Range_OfAllButAHundredThousandth_ServesEveryone()
    {
        var snapshot = Placing.Split(BucketingHash.FeatBit, "s", 0, 999_999_999, 1);
        Placing.Users(2000).ShouldAllBe(user => Placing.Of(snapshot, user) == "1");
    }

    private static string Place(string salt, string user, int weight) =>
        Placing.Of(Placing.Split(BucketingHash.FeatBit, salt, weight, Total - weight), user);
}
