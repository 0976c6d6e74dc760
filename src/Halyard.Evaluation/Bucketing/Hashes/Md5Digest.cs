using System.Buffers.Binary;
using System.Numerics;

namespace Halyard.Evaluation;

/// <summary>MD5 (RFC 1321, section 3), of which FeatBit's bucketing takes the first word; written out as <see cref="Sha1Digest"/> is.</summary>
internal struct Md5Digest : IBlockDigest
{
    // ⌊2³² × |sin(i + 1)|⌋, RFC 1321 section 3.4.
    private static readonly uint[] Sines = [.. Enumerable.Range(1, 64).Select(i => (uint)(4294967296.0 * Math.Abs(Math.Sin(i))))];

    private uint _a = 0x67452301;
    private uint _b = 0xefcdab89;
    private uint _c = 0x98badcfe;
    private uint _d = 0x10325476;

    public Md5Digest() { }

    private static ReadOnlySpan<byte> Shifts => [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

    public static bool IsBigEndian => false;

    /// <summary>The digest's first word, little-endian.</summary>
    public readonly uint First => _a;

    public void Digest(ReadOnlySpan<byte> block)
    {
        var (a, b, c, d) = (_a, _b, _c, _d);
        for (var i = 0; i < 64; i++)
        {
            var (mixed, word) = (i / 16) switch
            {
                0 => ((b & c) | (~b & d), i),
                1 => ((b & d) | (c & ~d), 5 * i + 1),
                2 => (b ^ c ^ d, 3 * i + 5),
                _ => (c ^ (b | ~d), 7 * i),
            };
            var sum = a + mixed + BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * (word % 16))..]) + Sines[i];
            (a, b, c, d) = (d, b + BitOperations.RotateLeft(sum, Shifts[i / 16 * 4 + i % 4]), b, c);
        }
        _a += a;
        _b += b;
        _c += c;
        _d += d;
    }
}
