namespace Halyard.Rego;

/// <summary>JSON web tokens: read, verified, signed. A token that proves nothing is no error; one that is none is.</summary>
internal static class Tokens
{
    private static readonly RegoType[] Two = [RegoType.String, RegoType.String];
    private static readonly RegoType ThreeParts = RegoType.Tuple(RegoType.Any, RegoType.Any, RegoType.Any);

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("io.jwt.decode", [RegoType.String], ThreeParts, Decode),
        new("io.jwt.decode_verify", [RegoType.String, RegoType.Object], ThreeParts, JwtClaims.DecodeVerify),
        new("io.jwt.encode_sign", [RegoType.Object, RegoType.Object, RegoType.Object], RegoType.String, EncodeSign)
        {
            IsDeterministic = false,
        },
        new(
            "io.jwt.encode_sign_raw",
            [RegoType.String, RegoType.String, RegoType.String],
            RegoType.String,
            (context, x) => Sign(context, x.Text(0), x.Text(1), JsonTexts.Read(context, x.Text(2)))
        )
        {
            IsDeterministic = false,
        },
        .. JwtAlgorithm.Names.Select(name => new Builtin(
            $"io.jwt.verify_{name.ToLowerInvariant()}",
            Two,
            RegoType.Boolean,
            (context, x) => Verify(context, x, name)
        )),
    ];

    private static RegoArray? Decode(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (JwtToken.Read(context, arguments.Text(0)) is not { } token || token.Payload(context) is not { } payload)
            return null;
        return RegoArray.Of(token.Header, payload, context.Give(Convert.ToHexStringLower(token.Signature)));
    }

    private static RegoValue? Verify(BuiltinContext context, ReadOnlySpan<RegoValue> arguments, string algorithm)
    {
        if (JwtToken.Read(context, arguments.Text(0)) is not { } token)
            return null;
        var keys = JwtKey.ReadAll(context, arguments.Text(1), algorithm.StartsWith("HS", StringComparison.Ordinal));
        return keys is null
            ? context.Fail("failed to parse a key: neither a public key in PEM nor a JWK set")
            : RegoValue.Of(token.IsSignedBy(context, keys, algorithm));
    }

    private static RegoValue? EncodeSign(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        Sign(context, JsonTexts.Compact(context, arguments[0]), JsonTexts.Compact(context, arguments[1]), arguments[2]);

    private static RegoValue? Sign(BuiltinContext context, string header, string payload, RegoValue? key)
    {
        if (key is null)
            return context.Fail("failed to unmarshal JWK set");
        if (JwtKey.ReadPrivate(context, key) is not { } signer)
            return context.Fail("no key found that can sign");
        if (header.Length == 0)
            return context.Fail("missing or invalid 'alg' header: cannot parse JSON: cannot parse empty string");
        var members = JsonTexts.Read(context, header) as RegoObject;
        if (members?.Get("alg") is not RegoString algorithm)
            return context.Fail("missing or invalid 'alg' header: jwsbb: header \"alg\" not found");
        if (!JwtAlgorithm.Names.Contains(algorithm.Value))
            return context.Fail($"unknown JWS algorithm: {algorithm.Value}");
        var isJwt = members.Get("typ") is not RegoString type || type.Value == "JWT";
        if (isJwt && JsonTexts.Read(context, payload) is null)
            return context.Fail("type is JWT but payload is not JSON");
        var signed = Encodings.ToUrl(Encodings.Bytes(context, header)) + "." + Encodings.ToUrl(Encodings.Bytes(context, payload));
        context.Spend(JwtToken.SignatureSteps);
        return JwtAlgorithm.Sign(signer, algorithm.Value, Encodings.Bytes(context, signed)) is { } signature
            ? context.Give($"{signed}.{Encodings.ToUrl(signature)}")
            : context.Fail("the key does not fit the algorithm");
    }
}
