using System.Security.Cryptography;

namespace Halyard.Core.Audit.Privacy;

/// <summary>
/// AES-256-GCM as everything private is kept: <c>1 ‖ nonce (12) ‖ encrypted ‖ tag (16)</c>, the nonce drawn at random for each.
/// One thread at a time.
/// </summary>
public sealed class SealedBytes : IDisposable
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int Begin = 1 + NonceLength;

    private readonly AesGcm _aes;

    /// <summary>Under a key of 32 bytes.</summary>
    public SealedBytes(byte[] key) => _aes = new AesGcm(key, TagLength);

    /// <summary>Encrypts, bound to a place that must be named again to decrypt.</summary>
    public byte[] Seal(ReadOnlySpan<byte> clear, ReadOnlySpan<byte> place, Entropy entropy)
    {
        var bytes = new byte[Begin + clear.Length + TagLength];
        bytes[0] = Version;
        var nonce = bytes.AsSpan(1, NonceLength);
        entropy.Fill(nonce);
        _aes.Encrypt(nonce, clear, bytes.AsSpan(Begin, clear.Length), bytes.AsSpan(Begin + clear.Length), place);
        return bytes;
    }

    /// <summary>Decrypts, or gives <see langword="null"/> where it was not sealed under this key for this place.</summary>
    public byte[]? Open(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> place)
    {
        if (bytes.Length < Begin + TagLength || bytes[0] != Version)
            return null;
        var clear = new byte[bytes.Length - Begin - TagLength];
        try
        {
            _aes.Decrypt(bytes[1..Begin], bytes[Begin..^TagLength], bytes[^TagLength..], clear, place);
            return clear;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _aes.Dispose();
}
