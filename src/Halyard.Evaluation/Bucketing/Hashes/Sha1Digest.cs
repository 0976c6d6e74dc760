using System.Buffers.Binary;
using System.Numerics;

namespace Halyard.Evaluation;

/// <summary>
/// SHA-1 (FIPS 180-4, sections 5 and 6.1), of which other platforms' bucketing takes the first bits. Written out because the
/// platform's needs a native call for each value, allocates to hash piecemeal, and may be switched off by policy; here nothing
/// is kept secret by it.
/// </summary>
internal struct Sha1Digest : IBlockDigest
{
    private uint _a = 0x67452301;
    private uint _b = 0xefcdab89;
    private uint _c = 0x98badcfe;
    private uint _d = 0x10325476;
    private uint _e = 0xc3d2e1f0;

    public Sha1Digest() { }

    public static bool IsBigEndian => true;

    /// <summary>The digest's first 64 bits, the most significant first.</summary>
    public readonly ulong First => ((ulong)_a << 32) | _b;

    public void Digest(ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[80];
        for (var i = 0; i < 16; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        for (var i = 16; i < words.Length; i++)
            words[i] = BitOperations.RotateLeft(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);

        var (a, b, c, d, e) = (_a, _b, _c, _d, _e);
        for (var i = 0; i < words.Length; i++)
        {
            var mixed = i switch
            {
                < 20 => ((b & c) | (~b & d)) + 0x5a827999,
                < 40 => (b ^ c ^ d) + 0x6ed9eba1,
                < 60 => ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc,
                _ => (b ^ c ^ d) + 0xca62c1d6,
            };
            (a, b, c, d, e) = (BitOperations.RotateLeft(a, 5) + mixed + e + words[i], a, BitOperations.RotateLeft(b, 30), c, d);
        }
        _a += a;
        _b += b;
        _c += c;
        _d += d;
        _e += e;
    }
}
