using System.Text.Json;

namespace Halyard.Server.Authentication.Jwt;

/// <summary>The public keys of one issuer, as it publishes them (JWK Set, RFC 7517).</summary>
internal sealed class KeySet(IReadOnlyList<VerificationKey> keys)
{
    /// <summary>The most keys that are read.</summary>
    public const int MaxKeys = 64;

    private const int MaxId = 256;

    /// <summary>No key.</summary>
    public static KeySet Empty { get; } = new([]);

    /// <summary>The keys, in the issuer's order.</summary>
    public IReadOnlyList<VerificationKey> Keys { get; } = keys;

    /// <summary>
    /// The key for a token: the one it names, where its type and algorithm fit; a token that names none gets the only one that
    /// fits. <see langword="null"/> where there is none or where it could be several.
    /// </summary>
    public VerificationKey? Find(string? id, JwsAlgorithm algorithm)
    {
        VerificationKey? found = null;
        foreach (var key in Keys)
        {
            if ((id is not null && key.Id != id) || !key.Fits(algorithm))
                continue;
            if (found is not null)
                return null;
            found = key;
        }
        return found;
    }

    /// <summary>
    /// Reads a key set; <see langword="null"/> where it is none. Keys that cannot verify here are left out: other types and curves,
    /// short RSA keys, keys for encryption, shared secrets.
    /// </summary>
    public static KeySet? Read(ReadOnlyMemory<byte> utf8)
    {
        if (!StrictJson.TryReadObject(utf8, out var document))
            return null;
        using (document)
        {
            if (!document.RootElement.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
                return null;
            return new KeySet([.. keys.EnumerateArray().Take(MaxKeys).Select(ReadKey).OfType<VerificationKey>()]);
        }
    }

    private static VerificationKey? ReadKey(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !IsForSignatures(json))
            return null;
        var (id, algorithm) = (Text(json, "kid"), Text(json, "alg"));
        if (id?.Length > MaxId || (algorithm is not null && JwsAlgorithm.Find(algorithm) is null))
            return null;
        return Text(json, "kty") switch
        {
            "RSA" when Number(json, "n") is { } modulus && Number(json, "e") is { } exponent => VerificationKey.Rsa.Create(
                id,
                algorithm,
                modulus,
                exponent
            ),
            "EC" when Text(json, "crv") is { } curve && Number(json, "x") is { } x && Number(json, "y") is { } y =>
                VerificationKey.Elliptic.Create(id, algorithm, curve, x, y),
            _ => null,
        };
    }

    private static bool IsForSignatures(JsonElement json) =>
        (!json.TryGetProperty("use", out var use) || (use.ValueKind == JsonValueKind.String && use.ValueEquals("sig")))
        && (
            !json.TryGetProperty("key_ops", out var uses)
            || (
                uses.ValueKind == JsonValueKind.Array
                && uses.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals("verify"))
            )
        );

    private static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Number(JsonElement json, string member) =>
        Text(json, member) is { } text && StrictBase64Url.TryDecode(text, out var bytes) ? bytes : null;
}
