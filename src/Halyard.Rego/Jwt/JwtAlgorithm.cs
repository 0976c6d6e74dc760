using System.Security.Cryptography;
using System.Text;

namespace Halyard.Rego;

/// <summary>The algorithms of JSON web signatures. A key is only ever used with the family that it is of.</summary>
internal static class JwtAlgorithm
{
    /// <summary>The algorithms that are known; "none" is not one of them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public static ECCurve? CurveOf(string? name) =>
        name switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            "P-521" => ECCurve.NamedCurves.nistP521,
            _ => null,
        };

    /// <summary>Whether the key made the signature over the text; false also where key and algorithm do not fit.</summary>
    public static bool Verifies(JwtKey key, string algorithm, string signed, byte[] signature)
    {
        if (!Names.Contains(algorithm))
            return false;
        var data = Encoding.UTF8.GetBytes(signed);
        try
        {
            switch (algorithm[..2])
            {
                case "HS" when key.Secret is { } secret:
                    return CryptographicOperations.FixedTimeEquals(Keyed(algorithm, secret, data), signature);
                case "RS" or "PS" when key.Rsa is { } parameters:
                    using (var rsa = RSA.Create(parameters))
                        return rsa.VerifyData(data, signature, HashOf(algorithm), PaddingOf(algorithm));
                case "ES" when key.Curve is { } parameters && Fits(parameters, algorithm):
                    using (var curve = ECDsa.Create(parameters))
                        return curve.VerifyData(data, signature, HashOf(algorithm));
                default:
                    return false;
            }
        }
        catch (CryptographicException)
        {
            // The parameters are no key.
            return false;
        }
    }

    /// <summary>The signature over the bytes, or null where key and algorithm do not fit.</summary>
    public static byte[]? Sign(JwtKey key, string algorithm, byte[] data)
    {
        try
        {
            switch (algorithm[..2])
            {
                case "HS" when key.Secret is { } secret:
                    return Keyed(algorithm, secret, data);
                case "RS" or "PS" when key.Rsa is { } parameters:
                    using (var rsa = RSA.Create(parameters))
                        return rsa.SignData(data, HashOf(algorithm), PaddingOf(algorithm));
                case "ES" when key.Curve is { } parameters && Fits(parameters, algorithm):
                    using (var curve = ECDsa.Create(parameters))
                        return curve.SignData(data, HashOf(algorithm));
                default:
                    return null;
            }
        }
        catch (CryptographicException)
        {
            // The parameters are no key.
            return null;
        }
    }

    private static byte[] Keyed(string algorithm, byte[] secret, byte[] data) =>
        algorithm switch
        {
            "HS256" => HMACSHA256.HashData(secret, data),
            "HS384" => HMACSHA384.HashData(secret, data),
            _ => HMACSHA512.HashData(secret, data),
        };

    private static HashAlgorithmName HashOf(string algorithm) => new($"SHA{algorithm[2..]}");

    private static RSASignaturePadding PaddingOf(string algorithm) =>
        algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;

    private static bool Fits(ECParameters parameters, string algorithm) =>
        parameters.Q.X?.Length
        == algorithm switch
        {
            "ES256" => 32,
            "ES384" => 48,
            _ => 66,
        };
}
