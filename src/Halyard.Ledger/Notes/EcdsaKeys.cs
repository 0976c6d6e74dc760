using System.Security.Cryptography;

namespace Halyard.Ledger;

/// <summary>Public ECDSA keys on P-256 as the DER of a SubjectPublicKeyInfo.</summary>
internal static class EcdsaKeys
{
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>The one encoding of the public key.</summary>
    /// <exception cref="ArgumentException">The key is on another curve.</exception>
    public static byte[] Export(ECDsa key) =>
        IsOnP256(key)
            ? key.ExportSubjectPublicKeyInfo()
            : throw new ArgumentException("The key is not on the curve P-256.", nameof(key));

    /// <summary>True for the one encoding of a point on P-256: named curve, uncompressed, nothing behind it.</summary>
    public static bool IsP256(ReadOnlySpan<byte> der)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(der, out _);
            return IsOnP256(key) && der.SequenceEqual(key.ExportSubjectPublicKeyInfo());
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool IsOnP256(ECDsa key) => key.ExportParameters(false).Curve is { IsNamed: true, Oid.Value: P256 };
}
