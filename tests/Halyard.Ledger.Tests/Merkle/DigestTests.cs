using System.Security.Cryptography;

namespace Halyard.Ledger.Tests.Merkle;

public sealed class DigestTests
{
    private const string AbcHex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Of_KnownText_IsItsSha256()
    {
        var digest = Digest.Of("abc"u8);

        digest.ToHex().ShouldBe(AbcHex);
        digest.ToString().ShouldBe("sha256:" + AbcHex);
        digest.ToBase64().ShouldBe(Convert.ToBase64String(SHA256.HashData("abc"u8)));
        digest.ToArray().ShouldBe(SHA256.HashData("abc"u8));
    }

    [Fact]
    public void TryParse_EitherForm_GivesTheSameValue()
    {
        Digest.TryParse(AbcHex, out var plain).ShouldBeTrue();
        Digest.TryParse("sha256:" + AbcHex, out var prefixed).ShouldBeTrue();

        plain.ShouldBe(Digest.Of("abc"u8));
        (plain == prefixed).ShouldBeTrue();
        plain.GetHashCode().ShouldBe(prefixed.GetHashCode());
        Digest.FromBytes(plain.ToArray()).ShouldBe(plain);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("ba7816bf")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("SHA256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha256:sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ag")]
    [InlineData(" ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    public void TryParse_AnyOtherText_IsRefused(string? text)
    {
        Digest.TryParse(text, out var digest).ShouldBeFalse();
        digest.ShouldBe(default);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void FromBytes_WrongLength_Throws(int length) =>
        Should.Throw<ArgumentException>(() => Digest.FromBytes(new byte[length]));

    [Fact]
    public void FromHex_WrongText_Throws() => Should.Throw<FormatException>(() => Digest.FromHex("nonsense"));

    [Fact]
    public void Equality_EveryByteCounts()
    {
        var digest = Digest.Of("abc"u8);
        for (var i = 0; i < Digest.Length; i++)
        {
            var bytes = digest.ToArray();
            bytes[i] ^= 1;
            (Digest.FromBytes(bytes) != digest).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2046)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(65_535)]
    public void HashLeaf_EveryLength_IsSha256OfZeroAndTheBytes(int length)
    {
        var leaf = new byte[length];
        Array.Fill(leaf, (byte)0xAB);
        MerkleTree.HashLeaf(leaf).ShouldBe(Digest.Of([0, .. leaf]));
    }
}
