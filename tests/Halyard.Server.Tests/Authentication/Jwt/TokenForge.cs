using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Halyard.Server.Authentication.Jwt;

namespace Halyard.Server.Tests.Authentication.Jwt;

/// <summary>Makes tokens, good and bad, as an issuer with these keys would.</summary>
internal sealed class TokenForge : IDisposable
{
    public const string Issuer = "https://issuer.example/realm";
    public const string Audience = "halyard-api";

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly TokenRules Rules = new(
        Issuer,
        Audience,
        JwsAlgorithm.Names,
        TokenRules.AccessTypes,
        TimeSpan.FromSeconds(60),
        TimeSpan.FromDays(1)
    );

    public RSA Rsa { get; } = RSA.Create(2_048);

    public ECDsa P256 { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ECDsa P384 { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    public ECDsa P521 { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP521);

    /// <summary>The public keys: <c>rsa</c>, <c>p-256</c>, <c>p-384</c> and <c>p-521</c>.</summary>
    public JsonObject PublicKeys =>
        new() { ["keys"] = new JsonArray(Jwk(Rsa, "rsa"), Jwk(P256, "p-256"), Jwk(P384, "p-384"), Jwk(P521, "p-521")) };

    public KeySet Keys => Read(PublicKeys);

    public static KeySet Read(JsonNode keys) => KeySet.Read(Encoding.UTF8.GetBytes(keys.ToJsonString())).ShouldNotBeNull();

    /// <summary>Claims that are right in every respect.</summary>
    public static JsonObject Claims(params (string Name, JsonNode? Value)[] changed)
    {
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = "person-1",
            ["iat"] = Now.ToUnixTimeSeconds() - 10,
            ["exp"] = Now.ToUnixTimeSeconds() + 300,
        };
        foreach (var (name, value) in changed)
        {
            if (value is null)
                claims.Remove(name);
            else
                claims[name] = value;
        }
        return claims;
    }

    public static JsonObject Header(string algorithm, string? keyId = null, params (string Name, JsonNode Value)[] more)
    {
        var header = new JsonObject { ["alg"] = algorithm };
        if (keyId is not null)
            header["kid"] = keyId;
        foreach (var (name, value) in more)
            header[name] = value;
        return header;
    }

    /// <summary>A token signed with the key that belongs to the algorithm.</summary>
    public string Token(JsonObject? claims = null, string algorithm = "RS256", JsonObject? header = null) =>
        Token(
            (header ?? Header(algorithm, KeyIdOf(algorithm))).ToJsonString(),
            (claims ?? Claims()).ToJsonString(),
            signed => Sign(algorithm, signed)
        );

    public static string Token(string header, string claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public byte[] Sign(string algorithm, byte[] signed)
    {
        var hash = new HashAlgorithmName($"SHA{algorithm[2..]}");
        return algorithm[..2] switch
        {
            "RS" => Rsa.SignData(signed, hash, RSASignaturePadding.Pkcs1),
            "PS" => Rsa.SignData(signed, hash, RSASignaturePadding.Pss),
            _ => Curve(algorithm).SignData(signed, hash),
        };
    }

    public static JsonObject Jwk(RSA key, string? id)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["kid"] = id,
            ["use"] = "sig",
            ["n"] = Base64Url.EncodeToString(parameters.Modulus),
            ["e"] = Base64Url.EncodeToString(parameters.Exponent),
        };
    }

    public static JsonObject Jwk(ECDsa key, string? id)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "EC",
            ["kid"] = id,
            ["use"] = "sig",
            ["crv"] = $"P-{key.KeySize}",
            ["x"] = Base64Url.EncodeToString(parameters.Q.X),
            ["y"] = Base64Url.EncodeToString(parameters.Q.Y),
        };
    }

    public static TokenFault? Fault(string token, KeySet keys, TokenRules? rules = null) =>
        UnverifiedToken.TryParse(token, out var parsed)
            ? TokenValidator.Validate(parsed, keys, rules ?? Rules, Now)
            : TokenFault.Malformed;

    public void Dispose()
    {
        Rsa.Dispose();
        P256.Dispose();
        P384.Dispose();
        P521.Dispose();
    }

    private static string KeyIdOf(string algorithm) =>
        algorithm switch
        {
            "ES256" => "p-256",
            "ES384" => "p-384",
            "ES512" => "p-521",
            _ => "rsa",
        };

    private ECDsa Curve(string algorithm) =>
        algorithm switch
        {
            "ES256" => P256,
            "ES384" => P384,
            _ => P521,
        };
}
