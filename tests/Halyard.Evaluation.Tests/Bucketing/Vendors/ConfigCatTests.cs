using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Bucketing.Vendors;

public sealed class ConfigCatTests
{
    [Fact]
    public void Bucket_IsThatOfTheDefinitionInHexadecimal()
    {
        // The definition as ConfigCat's SDKs have it, on text: the first seven digits.
        foreach (var user in Placing.Users(500).Append("Zoë ☃ 😀").Append(""))
        {
            var digits = Convert.ToHexStringLower(Sha1("mySetting" + user))[..7];
            var bucket = int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture) % 100;
            Placing.Of(Placing.Split(BucketingHash.ConfigCat, "mySetting", bucket, 1, 99 - bucket), user).ShouldBe("1", user);
        }
    }

    [Theory]
    [InlineData(99)]
    [InlineData(101)]
    [InlineData(1000)]
    public void Total_ThatIsNotAHundred_IsRefused(int total) =>
        Placing
            .Problems(BucketingHash.ConfigCat, new Rollout(Placing.Weights(total)))
            .ShouldHaveSingleItem()
            .ShouldBe(
                new DefinitionProblem(
                    "/fallthrough/rollout/weights",
                    $"must have a total of 100 with hash 'configcat', not {total}"
                )
            );

    private static byte[] Sha1(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
}
