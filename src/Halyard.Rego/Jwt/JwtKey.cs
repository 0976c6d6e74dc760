using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Halyard.Rego;

/// <summary>A key for tokens: a secret, or parameters of RSA or of an elliptic curve. It holds no handle of the system.</summary>
/// <param name="Id">Its name in a set of keys, or null.</param>
/// <param name="Algorithm">The only algorithm that it is for, or null.</param>
internal sealed record JwtKey(string? Id, string? Algorithm)
{
    // More than any provider publishes; each costs a verification.
    private const int MaximumKeys = 64;

    // Larger ones take long to verify with, and nobody uses them.
    private const int MaximumRsaBytes = 1024;

    public byte[]? Secret { get; private init; }

    public RSAParameters? Rsa { get; private init; }

    public ECParameters? Curve { get; private init; }

    /// <summary>The keys of a text: the secret that it is, or a public key or certificate in PEM, or a JWK or a set of them.</summary>
    /// <returns>Null if it is none of these.</returns>
    public static IReadOnlyList<JwtKey>? ReadAll(BuiltinContext context, string text, bool isSecret)
    {
        context.Spend(1 + text.Length);
        if (isSecret)
            return [new JwtKey(null, null) { Secret = Encodings.Bytes(context, text) }];
        try
        {
            if (text.Contains("-----BEGIN", StringComparison.Ordinal))
                return [FromPem(text)];
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
        if (JsonTexts.Read(context, text) is not RegoObject members)
            return null;
        var written = members.Get("keys") is RegoArray { Count: <= MaximumKeys } several
            ? [.. several]
            : new RegoValue[] { members };
        var keys = written.Select(key => FromJwk(context, key, isPrivate: false)).OfType<JwtKey>().ToArray();
        return keys.Length > 0 ? keys : null;
    }

    /// <summary>The first key of a JWK or a set of them, with its private part; null if there is none.</summary>
    public static JwtKey? ReadPrivate(BuiltinContext context, RegoValue key) =>
        FromJwk(
            context,
            (key as RegoObject)?.Get("keys") is RegoArray { Count: > 0 } several ? several[0] : key,
            isPrivate: true
        );

    private static JwtKey FromPem(string pem)
    {
        if (pem.Contains("BEGIN CERTIFICATE", StringComparison.Ordinal))
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            using var certified = certificate.GetRSAPublicKey();
            if (certified is not null)
                return new JwtKey(null, null) { Rsa = certified.ExportParameters(includePrivateParameters: false) };
            using var certifiedCurve = certificate.GetECDsaPublicKey() ?? throw new CryptographicException();
            return new JwtKey(null, null) { Curve = certifiedCurve.ExportParameters(includePrivateParameters: false) };
        }
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return new JwtKey(null, null) { Rsa = rsa.ExportParameters(includePrivateParameters: false) };
        }
        catch (CryptographicException)
        {
            using var curve = ECDsa.Create();
            curve.ImportFromPem(pem);
            return new JwtKey(null, null) { Curve = curve.ExportParameters(includePrivateParameters: false) };
        }
    }

    private static JwtKey? FromJwk(BuiltinContext context, RegoValue jwk, bool isPrivate)
    {
        if (jwk is not RegoObject members)
            return null;
        var key = new JwtKey(Text(members, "kid"), Text(members, "alg"));
        byte[]? Part(string name) => Text(members, name) is { } text ? Encodings.FromUrl(context, text) : null;
        switch (Text(members, "kty"))
        {
            case "oct" when isPrivate:
                return Part("k") is { Length: > 0 } secret ? key with { Secret = secret } : null;
            case "RSA":
                if (
                    Part("n") is not { Length: > 0 and <= MaximumRsaBytes } modulus
                    || Part("e") is not { Length: > 0 and <= 8 } exponent
                )
                    return null;
                var rsa = new RSAParameters { Modulus = modulus, Exponent = exponent };
                if (isPrivate)
                {
                    (rsa.D, rsa.P, rsa.Q) = (Part("d"), Part("p"), Part("q"));
                    (rsa.DP, rsa.DQ, rsa.InverseQ) = (Part("dp"), Part("dq"), Part("qi"));
                }
                return isPrivate && rsa.D is null ? null : key with { Rsa = rsa };
            case "EC":
                if (
                    JwtAlgorithm.CurveOf(Text(members, "crv")) is not { } curve
                    || Part("x") is not { } x
                    || Part("y") is not { } y
                )
                    return null;
                var parameters = new ECParameters
                {
                    Curve = curve,
                    Q = new ECPoint { X = x, Y = y },
                    D = isPrivate ? Part("d") : null,
                };
                return isPrivate && parameters.D is null ? null : key with { Curve = parameters };
            default:
                return null;
        }
    }

    private static string? Text(RegoObject members, string name) => (members.Get(name) as RegoString)?.Value;
}
