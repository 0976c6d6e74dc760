using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Halyard.Ledger;

/// <summary>
/// Commitments that stand in an entry for a personal value: base64url without padding of
/// HMAC-SHA-256(key, "halyard/1\0" ‖ pointer ‖ 0x00 ‖ canonical value). Without the key, which is drawn afresh for each field,
/// the commitment says nothing about the value; with it, it admits no other value. (The idea of RFC 9901's salted digests.)
/// </summary>
public static class Commitment
{
    /// <summary>The length of a key in bytes.</summary>
    public const int KeyLength = 32;

    private const int TextLength = 43;

    // Canonical JSON holds no zero byte, so the last zero byte ends the pointer: two different fields never give the same input.
    private static ReadOnlySpan<byte> Domain => "halyard/1\0"u8;

    /// <summary>The commitment to a value at a place.</summary>
    /// <param name="key">32 random bytes, used for this field only.</param>
    /// <param name="pointer">JSON Pointer of the field in its entry.</param>
    /// <param name="canonicalValue">The value's canonical bytes (RFC 8785).</param>
    /// <returns>43 characters.</returns>
    /// <exception cref="ArgumentException">The key does not have 32 bytes.</exception>
    public static string Compute(ReadOnlySpan<byte> key, string pointer, ReadOnlySpan<byte> canonicalValue)
    {
        if (key.Length != KeyLength)
            throw new ArgumentException($"A commitment's key has {KeyLength} bytes, not {key.Length}.", nameof(key));
        var place = Encoding.UTF8.GetByteCount(pointer);
        var length = Domain.Length + place + 1 + canonicalValue.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var input = rented.AsSpan(0, length);
            Domain.CopyTo(input);
            Encoding.UTF8.GetBytes(pointer, input[Domain.Length..]);
            input[Domain.Length + place] = 0;
            canonicalValue.CopyTo(input[(Domain.Length + place + 1)..]);
            Span<byte> code = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(key, input, code);
            return Base64Url.EncodeToString(code);
        }
        finally
        {
            // The value is personal; the pool is shared.
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>True when the commitment is to this value at this place under this key. Compares in fixed time.</summary>
    /// <exception cref="ArgumentException">The key does not have 32 bytes.</exception>
    public static bool Verify(string commitment, ReadOnlySpan<byte> key, string pointer, ReadOnlySpan<byte> canonicalValue)
    {
        var expected = Compute(key, pointer, canonicalValue);
        if (commitment.Length != TextLength)
            return false;
        // UTF-16 code units as bytes: no lossy encoding may make two texts equal.
        return CryptographicOperations.FixedTimeEquals(
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(commitment.AsSpan()),
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(expected.AsSpan())
        );
    }
}
