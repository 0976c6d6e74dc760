using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Halyard.Ledger.Tests.Privacy;

public sealed class CommitmentTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, Commitment.KeyLength).Select(i => (byte)i)];
    private static readonly byte[] OtherKey = [.. Key[..^1], 0];

    [Fact]
    public void Compute_IsTheWrittenConstruction()
    {
        byte[] input = [.. "halyard/1\0"u8, .. "/req/ip"u8, 0, .. "\"203.0.113.7\""u8];
        var expected = Base64Url.EncodeToString(HMACSHA256.HashData(Key, input));

        Commitment.Compute(Key, "/req/ip", "\"203.0.113.7\""u8).ShouldBe(expected);
        expected.ShouldBe("fYDYPCNs2wOqXpbtqF1sX7FkG1CUjvmFlKzvXYLBMxE");
    }

    [Fact]
    public void Verify_SameKeyPlaceAndValue_IsTrue() =>
        Commitment.Verify(Commitment.Compute(Key, "/why/reason", "\"é\""u8), Key, "/why/reason", "\"é\""u8).ShouldBeTrue();

    [Fact]
    public void Verify_AnythingElse_IsFalse()
    {
        var commitment = Commitment.Compute(Key, "/req/ip", "\"203.0.113.7\""u8);

        Commitment.Verify(commitment, OtherKey, "/req/ip", "\"203.0.113.7\""u8).ShouldBeFalse();
        Commitment.Verify(commitment, Key, "/req/ua", "\"203.0.113.7\""u8).ShouldBeFalse();
        Commitment.Verify(commitment, Key, "/req/ip", "\"203.0.113.8\""u8).ShouldBeFalse();
        Commitment.Verify(commitment + "=", Key, "/req/ip", "\"203.0.113.7\""u8).ShouldBeFalse();
        Commitment.Verify(string.Empty, Key, "/req/ip", "\"203.0.113.7\""u8).ShouldBeFalse();
        for (var i = 0; i < commitment.Length; i++)
        {
            var altered = commitment.ToCharArray();
            altered[i] = altered[i] == 'A' ? 'B' : 'A';
            Commitment.Verify(new string(altered), Key, "/req/ip", "\"203.0.113.7\""u8).ShouldBeFalse();
            altered[i] = (char)(commitment[i] + 0x100);
            Commitment.Verify(new string(altered), Key, "/req/ip", "\"203.0.113.7\""u8).ShouldBeFalse();
        }
    }

    [Fact]
    public void Compute_SameValueUnderTwoKeys_CannotBeLinked()
    {
        var one = Commitment.Compute(Key, "/req/ip", "\"203.0.113.7\""u8);
        var two = Commitment.Compute(OtherKey, "/req/ip", "\"203.0.113.7\""u8);

        one.ShouldNotBe(two);
        one.Length.ShouldBe(43);
        Commitment.Compute(Key, "/req/ip", Encoding.UTF8.GetBytes(new string('1', 10_000))).Length.ShouldBe(43);
    }

    [Fact]
    public void Compute_BoundaryBetweenPlaceAndValueMoved_Differs()
    {
        // The pointer may hold a zero byte, canonical JSON never does.
        Commitment.Compute(Key, "/a", "1"u8).ShouldNotBe(Commitment.Compute(Key, "/a\0", "1"u8));
        Commitment.Compute(Key, "/a1", "2"u8).ShouldNotBe(Commitment.Compute(Key, "/a", "12"u8));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    public void Key_OfAnotherLength_IsRefused(int length)
    {
        var key = new byte[length];
        Should.Throw<ArgumentException>(() => Commitment.Compute(key, "/a", "1"u8));
        Should.Throw<ArgumentException>(() => Commitment.Verify(new string('A', 43), key, "/a", "1"u8));
    }
}
