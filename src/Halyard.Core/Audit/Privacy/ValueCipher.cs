using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Halyard.Ledger;

namespace Halyard.Core.Audit.Privacy;

/// <summary>
/// Encrypts the values of one subject: AES-256-GCM with a random nonce over the commitment's key and the value, bound to tenant and
/// commitment (docs/adr/0011). One thread at a time.
/// </summary>
public sealed class ValueCipher : IDisposable
{
    /// <summary>The length of a data key in bytes.</summary>
    public const int KeyLength = 32;

    private readonly SealedBytes _cipher;

    /// <summary>A cipher under a subject's data key.</summary>
    public ValueCipher(byte[] key) => _cipher = new SealedBytes(key);

    /// <summary>The ciphertext of a value.</summary>
    public byte[] Seal(string tenant, PrivateValue value, Entropy entropy)
    {
        var clear = new byte[Commitment.KeyLength + Encoding.UTF8.GetByteCount(value.Value)];
        value.Key.CopyTo(clear, 0);
        Encoding.UTF8.GetBytes(value.Value, clear.AsSpan(Commitment.KeyLength));
        Span<byte> few = stackalloc byte[256];
        var ciphertext = _cipher.Seal(clear, Place(tenant, value.Commitment, few), entropy);
        CryptographicOperations.ZeroMemory(clear);
        return ciphertext;
    }

    /// <summary>The value in clear.</summary>
    /// <exception cref="InvalidDataException">It is not what was sealed for this place: the store is damaged.</exception>
    public PrivateValue Open(string tenant, SealedValue value) => TryOpen(tenant, value) ?? throw Damaged(value);

    /// <summary>The value in clear, or <see langword="null"/> where it is not what was sealed for this place under this key.</summary>
    public PrivateValue? TryOpen(string tenant, SealedValue value)
    {
        Span<byte> few = stackalloc byte[256];
        var clear = _cipher.Open(value.Ciphertext, Place(tenant, value.Commitment, few));
        if (clear is null || clear.Length < Commitment.KeyLength)
            return null;
        var key = clear[..Commitment.KeyLength];
        var text = clear.AsSpan(Commitment.KeyLength);
        // What is shown is what the log commits to.
        if (!Commitment.Verify(value.Commitment, key, value.Pointer, text))
            return null;
        var words = Encoding.UTF8.GetString(text);
        return new PrivateValue(value.Pointer, value.Commitment, key, words, value.Subject, value.InDocument);
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();

    private static InvalidDataException Damaged(SealedValue value) =>
        new($"The personal value behind the commitment {value.Commitment} is damaged.");

    /// <summary>What a value is bound to, in the buffer where it fits.</summary>
    private static ReadOnlySpan<byte> Place(string tenant, string commitment, Span<byte> few) =>
        Utf8.TryWrite(few, CultureInfo.InvariantCulture, $"halyard/value/1\0{tenant}\0{commitment}", out var length)
            ? few[..length]
            : Encoding.UTF8.GetBytes($"halyard/value/1\0{tenant}\0{commitment}");
}
