using System.Buffers.Binary;
using System.Numerics;

namespace Halyard.Evaluation;

/// <summary>
/// SHA-1 (FIPS 180-4, sections 5 and 6.1), of which other platforms' bucketing takes the first bits. Written out because the
/// platform's needs a native call for each value, allocates to hash piecemeal, and may be switched off by policy; here nothing
/// is kept secret by it.
/// </summary>
internal struct Sha1State : IHashState
{
    private uint _a = 0x67452301;
    private uint _b = 0xefcdab89;
    private uint _c = 0x98badcfe;
    private uint _d = 0x10325476;
    private uint _e = 0xc3d2e1f0;
    private BlockBuffer _block;
    private ulong _length;

    public Sha1State() { }

    public void Append(ReadOnlySpan<byte> data)
    {
        var filled = (int)(_length % BlockBuffer.Size);
        _length += (ulong)data.Length;
        Span<byte> block = _block;
        while (filled + data.Length >= BlockBuffer.Size)
        {
            data[..(BlockBuffer.Size - filled)].CopyTo(block[filled..]);
            data = data[(BlockBuffer.Size - filled)..];
            Digest(block);
            filled = 0;
        }
        data.CopyTo(block[filled..]);
    }

    /// <summary>The digest's first 64 bits, the most significant first. The state is spent.</summary>
    public ulong Finish()
    {
        var filled = (int)(_length % BlockBuffer.Size);
        Span<byte> block = _block;
        block[filled..].Clear();
        block[filled] = 0x80;
        if (filled >= BlockBuffer.Size - sizeof(ulong))
        {
            Digest(block);
            block.Clear();
        }
        BinaryPrimitives.WriteUInt64BigEndian(block[^sizeof(ulong)..], _length * 8);
        Digest(block);
        return ((ulong)_a << 32) | _b;
    }

    private void Digest(ReadOnlySpan<byte> block)
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
