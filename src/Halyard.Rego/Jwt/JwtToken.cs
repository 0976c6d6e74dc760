using System.Text;

namespace Halyard.Rego;

/// <summary>A JSON web token in its compact form, read but not verified.</summary>
internal sealed record JwtToken(RegoObject Header, string Signed, string EncodedPayload, byte[] Signature)
{
    /// <summary>What a signature costs of a budget: it takes up to about a millisecond.</summary>
    public const long SignatureSteps = 2_000;

    /// <summary>The token of a text, or null after saying why it is none.</summary>
    public static JwtToken? Read(BuiltinContext context, string text)
    {
        var parts = text.Split('.', 4);
        if (parts.Length != 3)
        {
            context.Fail(
                parts.Length == 1
                    ? "encoded JWT had no period separators"
                    : $"encoded JWT must have 3 sections, found {text.AsSpan().Count('.') + 1}"
            );
            return null;
        }
        if (Encodings.FromUrl(context, parts[0]) is not { } header)
        {
            context.Fail("JWT header had invalid encoding");
            return null;
        }
        if (JsonTexts.Read(context, Encoding.UTF8.GetString(header)) is not RegoObject members)
        {
            context.Fail("JWT header is not a JSON object");
            return null;
        }
        if (Encodings.FromUrl(context, parts[2]) is not { } signature)
        {
            context.Fail("JWT signature had invalid encoding");
            return null;
        }
        return new JwtToken(members, $"{parts[0]}.{parts[1]}", parts[1], signature);
    }

    /// <summary>The text of the payload, or null after saying why there is none.</summary>
    public string? PayloadText(BuiltinContext context)
    {
        if (Encodings.FromUrl(context, EncodedPayload) is { } bytes)
            return Encoding.UTF8.GetString(bytes);
        context.Fail("JWT payload had invalid encoding");
        return null;
    }

    /// <summary>The claims, or null after saying why there are none.</summary>
    public RegoObject? Payload(BuiltinContext context)
    {
        if (PayloadText(context) is not { } text)
            return null;
        if (JsonTexts.Read(context, text) is RegoObject claims)
            return claims;
        context.Fail("JWT payload is not a JSON object");
        return null;
    }

    /// <summary>Whether one of the keys made the signature by the algorithm; the key that the token names is asked alone.</summary>
    public bool IsSignedBy(BuiltinContext context, IReadOnlyList<JwtKey> keys, string algorithm)
    {
        var named = Header.Get("kid") is RegoString id ? keys.Where(key => key.Id == id.Value).ToArray() : [];
        foreach (var key in named.Length > 0 ? named : keys)
        {
            context.Spend(SignatureSteps);
            if ((key.Algorithm is null || key.Algorithm == algorithm) && JwtAlgorithm.Verifies(key, algorithm, Signed, Signature))
                return true;
        }
        return false;
    }
}
