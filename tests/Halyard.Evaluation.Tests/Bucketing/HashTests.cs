using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Halyard.Evaluation.Tests.Bucketing;

/// <summary>The hashes that are written out, beside the platform's.</summary>
public sealed class HashTests
{
    // Around every boundary of a block of 64 bytes, of the padding (55, 56) and of the chunks that text is read in (128).
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 200), 255, 256, 1000, 4095, 4096, 1_000_000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Sha1_OfAnyLength_IsThePlatforms(int length)
    {
        var data = Data(length);
        var expected = BinaryPrimitives.ReadUInt64BigEndian(SHA1.HashData(data));
        foreach (var cut in Cuts(length))
        {
            var state = new BlockHash<Sha1Digest>();
            state.Append(data.AsSpan(0, cut));
            state.Append(data.AsSpan(cut));
            state.Finish().First.ShouldBe(expected);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Md5_OfAnyLength_IsThePlatforms(int length)
    {
        var data = Data(length);
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(MD5.HashData(data));
        foreach (var cut in Cuts(length))
        {
            var state = new BlockHash<Md5Digest>();
            state.Append(data.AsSpan(0, cut));
            state.Append(data.AsSpan(cut));
            state.Finish().First.ShouldBe(expected);
        }
    }

    // From the test vectors that FNV's authors publish for FNV-1a of 32 bits.
    [Theory]
    [InlineData("", 0x811c9dc5u)]
    [InlineData("a", 0xe40c292cu)]
    [InlineData("foobar", 0xbf9cf968u)]
    public void Fnv1a_OfThePublishedVectors_IsTheirs(string text, uint expected)
    {
        var (bytes, units) = (new Fnv1aState(), new Fnv1aState());
        bytes.AppendText(text);
        units.AppendUnits(text);
        (bytes.Hash, units.Hash).ShouldBe((expected, expected));
    }

    [Fact]
    public void Fnv1a_BeyondAscii_TellsBytesFromUnits()
    {
        var (bytes, units) = (new Fnv1aState(), new Fnv1aState());
        bytes.AppendText("é");
        units.AppendUnits("é");
        bytes.Hash.ShouldBe(unchecked(((2_166_136_261u ^ 0xc3) * 16_777_619 ^ 0xa9) * 16_777_619));
        units.Hash.ShouldBe(unchecked((2_166_136_261u ^ 0xe9) * 16_777_619));
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Crc32_OfThePublishedVectors_IsTheirs(string text, uint expected)
    {
        var state = new Crc32State();
        state.AppendText(text);
        state.Hash.ShouldBe(expected);
    }

    [Theory]
    [InlineData("Zoë ☃ 😀")]
    [InlineData("\ud800")]
    [InlineData("a\udc00\ud800b")]
    public void Text_OfAnyKind_IsHashedAsItsUtf8(string text)
    {
        // A surrogate pair falls across every place of a chunk's end.
        foreach (var before in Enumerable.Range(0, 130))
        {
            var padded = new string('x', before) + text + text;
            var state = new BlockHash<Sha1Digest>();
            state.AppendText(padded);
            state.Finish().First.ShouldBe(BinaryPrimitives.ReadUInt64BigEndian(SHA1.HashData(Encoding.UTF8.GetBytes(padded))));
        }
    }

    private static IEnumerable<int> Cuts(int length) =>
        new[] { 0, 1, 63, 64, 65, length / 2, length }.Where(cut => cut <= length);

    private static byte[] Data(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31 + length))];
}
