using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Bucketing.Vendors;

public sealed class FliptTests
{
    // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms: "123456789" gives 0xCBF43926.
    [Theory]
    [InlineData("", "123456789")]
    [InlineData("1234", "56789")]
    [InlineData("123456789", "")]
    public void Bucket_OfTheCatalogueCheckValue_IsItModuloAThousand(string flag, string entity)
    {
        const int bucket = (int)(0xCBF43926 % 1000);
        Placing.Of(Placing.Split(BucketingHash.Flipt, flag, bucket, 1, 999 - bucket), entity).ShouldBe("1");
    }

    [Fact]
    public void Thirds_LeaveTheLastThousandthUnserved()
    {
        // Flipt rounds each percentage down to a thousandth, and whoever falls beyond the last matches nothing.
        var thirds = Placing.Split(BucketingHash.Flipt, new Rollout(Placing.Weights(333, 333, 333), "s", Remainder: 1));
        var share = Placing.Users(100_000).Count(user => Placing.Of(thirds, user) == "off") / 100_000.0;
        share.ShouldBe(0.001, 4 * Math.Sqrt(0.001 / 100_000));
    }

    [Fact]
    public void Total_ThatIsNotAThousand_IsRefused() =>
        Placing
            .Problems(BucketingHash.Flipt, new Rollout(Placing.Weights(50, 50)))
            .ShouldHaveSingleItem()
            .Message.ShouldBe("must have a total of 1000 with hash 'flipt', not 100");
}
