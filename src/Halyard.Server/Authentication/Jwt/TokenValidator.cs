namespace Halyard.Server.Authentication.Jwt;

/// <summary>Decides whether a token may be believed. Pure: keys, rules and the time are given.</summary>
internal static class TokenValidator
{
    private const string MediaPrefix = "application/";

    /// <summary>What is wrong with a token, the first thing that is; <see langword="null"/> where it may be believed.</summary>
    public static TokenFault? Validate(UnverifiedToken token, KeySet keys, TokenRules rules, DateTimeOffset now) =>
        CheckSignature(token, keys, rules) ?? CheckClaims(token.UnverifiedClaims, rules, now);

    /// <summary>
    /// What is wrong with the header or the signature. The algorithm is the provider's choice before it is the token's, and the key
    /// must be of the algorithm's type: a public key is never a shared secret.
    /// </summary>
    public static TokenFault? CheckSignature(UnverifiedToken token, KeySet keys, TokenRules rules)
    {
        if (!rules.Algorithms.Contains(token.Algorithm) || JwsAlgorithm.Find(token.Algorithm) is not { } algorithm)
            return TokenFault.Algorithm;
        if (token.HasCritical)
            return TokenFault.Critical;
        if (!rules.Types.Contains(PlainType(token.Type)))
            return TokenFault.Type;
        if (keys.Find(token.KeyId, algorithm) is not { } key)
            return TokenFault.UnknownKey;
        return key.Verifies(algorithm, token.Signed, token.Signature) ? null : TokenFault.Signature;
    }

    /// <summary>What is wrong with the claims of a token whose signature is good.</summary>
    public static TokenFault? CheckClaims(TokenClaims claims, TokenRules rules, DateTimeOffset now)
    {
        if (claims.Text("iss") != rules.Issuer)
            return TokenFault.Issuer;
        if (claims.Texts("aud") is not { } audience || !audience.Contains(rules.Audience, StringComparer.Ordinal))
            return TokenFault.Audience;
        if (claims.Moment("exp") is not { } expires || claims.Moment("iat") is not { } issued)
            return TokenFault.Claims;
        if (claims.Has("nbf") && claims.Moment("nbf") is null)
            return TokenFault.Claims;
        return CheckTimes(expires, issued, claims.Moment("nbf"), rules, now);
    }

    private static TokenFault? CheckTimes(
        DateTimeOffset expires,
        DateTimeOffset issued,
        DateTimeOffset? notBefore,
        TokenRules rules,
        DateTimeOffset now
    )
    {
        // Differences of moments, so that none near the end of time overflows.
        if (now - expires >= rules.Skew)
            return TokenFault.Expired;
        if (notBefore - now > rules.Skew || issued - now > rules.Skew)
            return TokenFault.NotYetValid;
        return now - issued > rules.MaxAge + rules.Skew ? TokenFault.TooOld : null;
    }

    private static string PlainType(string? type)
    {
        if (type is null)
            return "";
        var plain = type.ToLowerInvariant();
        return plain.StartsWith(MediaPrefix, StringComparison.Ordinal) ? plain[MediaPrefix.Length..] : plain;
    }
}
