namespace Halyard.Rego;

/// <summary>Verifies a token against what a policy asks of it: key, algorithm, issuer, audience, time.</summary>
internal static class JwtClaims
{
    // A token in a token in a token is enough.
    private const int MaximumNesting = 4;

    public static RegoValue? DecodeVerify(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (Constraints.Read(context, (RegoObject)arguments[1]) is not { } constraints)
            return null;
        var text = arguments.Text(0);
        for (var nesting = 0; nesting < MaximumNesting; nesting++)
        {
            if (JwtToken.Read(context, text) is not { } token)
                return null;
            if (!Trusts(context, token, constraints, out var isMalformed))
                return isMalformed ? null : Unverified();
            if (token.Header.Get("cty") is RegoString type && type.Value.Equals("JWT", StringComparison.OrdinalIgnoreCase))
            {
                if (token.PayloadText(context) is not { } inner)
                    return null;
                text = inner;
                continue;
            }
            if (token.Payload(context) is not { } claims || Holds(context, claims, constraints) is not { } holds)
                return null;
            return holds ? RegoArray.Of(RegoBoolean.True, token.Header, claims) : Unverified();
        }
        return context.Fail("the token nests too deeply");
    }

    private static RegoArray Unverified() => RegoArray.Of(RegoBoolean.False, RegoObject.Empty, RegoObject.Empty);

    private static bool Trusts(BuiltinContext context, JwtToken token, Constraints constraints, out bool isMalformed)
    {
        isMalformed = false;
        foreach (var name in new[] { "alg", "kid", "typ", "cty" })
        {
            if (token.Header.Get(name) is null or RegoString)
                continue;
            context.Fail($"{name}: must be a string");
            isMalformed = true;
            return false;
        }
        // Of what a header calls critical nothing but these is understood here.
        var critical = token.Header.Get("crit") as RegoArray ?? RegoArray.Empty;
        return !critical.Any(name =>
                token.Header.Get(name) is not null && name is not RegoString { Value: "alg" or "kid" or "typ" or "cty" or "crit" }
            )
            && token.Header.Get("alg") is RegoString algorithm
            && (constraints.Algorithm is null || constraints.Algorithm == algorithm.Value)
            && token.IsSignedBy(context, constraints.Keys, algorithm.Value);
    }

    // Null after saying that a claim is of a wrong type.
    private static bool? Holds(BuiltinContext context, RegoObject claims, Constraints constraints)
    {
        if (constraints.Issuer is { } issuer && claims.Get("iss") != RegoValue.Of(issuer))
            return false;
        if (!HasAudience(claims.Get("aud"), constraints.Audience))
            return false;
        foreach (var name in new[] { "exp", "nbf" })
        {
            if (claims.Get(name) is null or RegoNumber)
                continue;
            context.Fail($"{name} value must be a number");
            return null;
        }
        var now = Arithmetic.Divide(constraints.Time, RegoNumber.Of(1_000_000_000)) ?? constraints.Time;
        return !(claims.Get("exp") is { } end && now >= end) && !(claims.Get("nbf") is { } start && now < start);
    }

    // A token for somebody is for nobody else, also where the policy names nobody.
    private static bool HasAudience(RegoValue? audience, string? wanted) =>
        audience switch
        {
            null => wanted is null,
            RegoArray several => wanted is not null && several.Contains(RegoValue.Of(wanted)),
            _ => wanted is not null && audience.Equals(RegoValue.Of(wanted)),
        };

    /// <summary>What a policy asks of a token.</summary>
    private sealed record Constraints(
        IReadOnlyList<JwtKey> Keys,
        string? Algorithm,
        string? Issuer,
        string? Audience,
        RegoNumber Time
    )
    {
        public static Constraints? Read(BuiltinContext context, RegoObject members)
        {
            if (Problem(members) is { } problem)
            {
                context.Fail(problem);
                return null;
            }
            var secret = Text(members, "secret");
            var keys = JwtKey.ReadAll(context, secret ?? Text(members, "cert")!, isSecret: secret is not null);
            if (keys is null)
            {
                context.Fail("failed to parse a key: neither a public key in PEM nor a JWK set");
                return null;
            }
            var now = RegoNumber.Of((context.Now - DateTimeOffset.UnixEpoch).Ticks) is var ticks
                ? Arithmetic.Multiply(ticks, RegoNumber.Of(100))!
                : null;
            return new Constraints(
                keys,
                Text(members, "alg"),
                Text(members, "iss"),
                Text(members, "aud"),
                members.Get("time") as RegoNumber ?? now!
            );
        }

        private static string? Text(RegoObject members, string name) =>
            members.Get(name) is RegoString { Value.Length: > 0 } text ? text.Value : null;

        private static string? Problem(RegoObject members)
        {
            foreach (var (key, value) in members)
            {
                switch ((key as RegoString)?.Value, value)
                {
                    case ("cert" or "secret" or "alg" or "iss" or "aud", RegoString):
                        break;
                    case ("cert" or "secret" or "alg" or "iss" or "aud", _):
                        return $"{((RegoString)key).Value} constraint: must be a string";
                    case ("time", RegoNumber time):
                        if (time < RegoNumber.Of(0))
                            return "token time constraint: must not be negative";
                        break;
                    case ("time", _):
                        return "token time constraint: must be a number";
                    default:
                        return $"unknown token validation constraint: {(key as RegoString)?.Value ?? key.ToString()}";
                }
            }
            return (Text(members, "cert"), Text(members, "secret")) switch
            {
                (null, null) => "no key constraint",
                (not null, not null) => "duplicate key constraints",
                _ => null,
            };
        }
    }
}
