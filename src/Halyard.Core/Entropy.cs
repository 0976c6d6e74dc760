using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Halyard.Core;

/// <summary>Where chance comes in. Everything random in the control plane is drawn from one of these, so tests can fix it.</summary>
public abstract class Entropy
{
    // Crockford's base 32: no letter that reads like a digit.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The operating system's cryptographic generator.</summary>
    public static Entropy System { get; } = new SystemEntropy();

    /// <summary>Fills the span with random bytes.</summary>
    public abstract void Fill(Span<byte> bytes);

    /// <summary>Random bytes.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }

    /// <summary>A random id of 128 bits behind a prefix: <c>f_7zk3…</c>, lower case.</summary>
    public string NewId(string prefix)
    {
        Span<byte> bytes = stackalloc byte[16];
        Fill(bytes);
        Span<char> text = stackalloc char[26];
        Encode(BinaryPrimitives.ReadUInt128BigEndian(bytes), text);
        for (var i = 0; i < text.Length; i++)
            text[i] = char.ToLowerInvariant(text[i]);
        return string.Concat(prefix, "_", text);
    }

    /// <summary>A ULID: 48 bits of Unix milliseconds, then 80 random bits; sorts by time.</summary>
    public string NewUlid(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        Fill(bytes[6..]);
        var milliseconds = time.ToUnixTimeMilliseconds();
        for (var i = 5; i >= 0; i--)
        {
            bytes[i] = (byte)milliseconds;
            milliseconds >>= 8;
        }
        Span<char> text = stackalloc char[26];
        Encode(BinaryPrimitives.ReadUInt128BigEndian(bytes), text);
        return new string(text);
    }

    private static void Encode(UInt128 value, Span<char> text)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            text[i] = Alphabet[(int)(value & 31)];
            value >>= 5;
        }
    }

    /// <summary>An entry needs a handful of small draws, and each call of the generator costs more than its bytes.</summary>
    private sealed class SystemEntropy : Entropy
    {
        private const int Ahead = 512;

        [ThreadStatic]
        private static byte[]? _drawn;

        [ThreadStatic]
        private static int _left;

        public override void Fill(Span<byte> bytes)
        {
            if (bytes.Length > Ahead)
            {
                RandomNumberGenerator.Fill(bytes);
                return;
            }
            var drawn = _drawn ??= new byte[Ahead];
            if (_left < bytes.Length)
            {
                RandomNumberGenerator.Fill(drawn);
                _left = Ahead;
            }
            _left -= bytes.Length;
            var taken = drawn.AsSpan(_left, bytes.Length);
            taken.CopyTo(bytes);
            // Some of these are keys: they are where they are used and nowhere else.
            taken.Clear();
        }
    }
}
