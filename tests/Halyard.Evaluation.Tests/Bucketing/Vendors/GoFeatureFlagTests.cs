using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Bucketing.Vendors;

public sealed class GoFeatureFlagTests
{
    private const string Key = "e56f628e-9817-498f-ae38-4961e9c2bb21";

    // thomaspoignant/go-feature-flag, internal/utils/hash_test.go at 48ef0b3d, TestBuildHash of 100,000.
    [Theory]
    [InlineData("my-flag", Key, 70_272)]
    [InlineData("", Key, 74_237)]
    [InlineData("", "", 36_261)]
    public void Bucket_OfItsVectors_IsTheirs(string flag, string key, int bucket)
    {
        Placing.Of(Placing.Split(BucketingHash.GoFeatureFlag, flag, bucket, 100_000 - bucket), key).ShouldBe("1");
        Placing.Of(Placing.Split(BucketingHash.GoFeatureFlag, flag, bucket + 1, 99_999 - bucket), key).ShouldBe("0");
    }

    // The same file, TestHash: 3,946,001,934.
    [Fact]
    public void Bucket_OfAnyTotal_IsTheHashModuloIt()
    {
        const uint hash = 3_946_001_934;
        foreach (var total in (int[])[2, 3, 1000, 300_000, int.MaxValue])
        {
            var bucket = (int)(hash % (uint)total);
            Placing
                .Of(Placing.Split(BucketingHash.GoFeatureFlag, "flagName", bucket, 1, total - bucket - 1), "UserKey")
                .ShouldBe("1", $"{total}");
        }
    }
}
