using System.Security.Cryptography;

namespace Halyard.Ledger;

/// <summary>ECDSA on P-256 over the SHA-256 of the text, the signature in DER. Holds no handle, so threads may share it.</summary>
internal sealed class EcdsaNoteVerifier(NoteKey key) : INoteVerifier
{
    public string Name => key.Name;

    public uint KeyId => key.KeyId;

    public bool Verify(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(key.Material.Span, out _);
        return ecdsa.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }
}
