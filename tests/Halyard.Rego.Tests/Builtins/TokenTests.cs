using System.Security.Cryptography;
using System.Text;

namespace Halyard.Rego.Tests.Builtins;

public sealed class TokenTests
{
    private const string Refused = "[false, {}, {}]";

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("RS256")]
    [InlineData("RS512")]
    [InlineData("PS384")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void DecodeVerify_ATokenSignedByEncodeSign_IsTrusted(string algorithm)
    {
        var keys = Keys.For(algorithm);
        var token = Signed(algorithm, "{\"sub\": \"a\"}", keys);
        DecodeVerify(token, (keys.Constraint, keys.Public)).ShouldBe($"[true, {{\"alg\": \"{algorithm}\"}}, {{\"sub\": \"a\"}}]");
        BuiltinCalls
            .Call($"io.jwt.verify_{algorithm.ToLowerInvariant()}", RegoValue.Of(token), RegoValue.Of(keys.Public))
            .ShouldBe("true");
        DecodeVerify(token[..^8] + "AAAAAAAA", (keys.Constraint, keys.Public)).ShouldBe(Refused);
    }

    [Fact]
    public void DecodeVerify_WithoutASignature_IsRefused()
    {
        var token = $"{Encoded("{\"alg\":\"none\"}")}.{Encoded("{}")}.";
        DecodeVerify(token, ("secret", "s")).ShouldBe(Refused);
        DecodeVerify(token, ("cert", Keys.For("RS256").Public)).ShouldBe(Refused);
    }

    [Fact]
    public void DecodeVerify_ThePublicKeyTakenForASecret_IsRefused()
    {
        var pem = Keys.For("RS256").Public;
        var signed = $"{Encoded("{\"alg\":\"HS256\"}")}.{Encoded("{}")}";
        var signature = Encodings.ToUrl(HMACSHA256.HashData(Encoding.UTF8.GetBytes(pem), Encoding.UTF8.GetBytes(signed)));
        DecodeVerify($"{signed}.{signature}", ("cert", pem)).ShouldBe(Refused);
    }

    [Theory]
    [InlineData("{\"exp\": 1777636800}", Refused)]
    [InlineData("{\"nbf\": 1777636801}", Refused)]
    [InlineData("{\"aud\": \"somebody\"}", Refused)]
    [InlineData(
        "{\"exp\": 1777636801, \"nbf\": 1777636800}",
        "[true, {\"alg\": \"HS256\"}, {\"exp\": 1777636801, \"nbf\": 1777636800}]"
    )]
    [InlineData("{\"exp\": \"1777636801\"}", "io.jwt.decode_verify: exp value must be a number")]
    public void DecodeVerify_TimeAndAudience_AreHeldAgainstTheEvaluation(string claims, string result) =>
        DecodeVerify(Signed("HS256", claims, Keys.For("HS256")), ("secret", Keys.For("HS256").Public)).ShouldBe(result);

    [Fact]
    public void DecodeVerify_ACriticalHeaderThatNobodyKnows_IsRefused()
    {
        var keys = Keys.For("HS256");
        var header = BuiltinCalls.Json("[{\"alg\": \"HS256\", \"crit\": [\"b64\"], \"b64\": false}]")[0];
        var (token, _) = BuiltinCalls.Run("io.jwt.encode_sign", RegoBudget.Default, header, RegoObject.Empty, keys.Private);
        DecodeVerify(((RegoString)token!).Value, ("secret", keys.Public)).ShouldBe(Refused);
    }

    [Theory]
    [InlineData("no token", "io.jwt.decode: encoded JWT had no period separators")]
    [InlineData("a.b.c.d", "io.jwt.decode: encoded JWT must have 3 sections, found 4")]
    [InlineData("W10.e30.", "io.jwt.decode: JWT header is not a JSON object")]
    public void Decode_WhatIsNoToken_Fails(string text, string result) =>
        BuiltinCalls.Call("io.jwt.decode", RegoValue.Of(text)).ShouldBe(result);

    private static string Encoded(string text) => Encodings.ToUrl(Encoding.UTF8.GetBytes(text));

    private static string DecodeVerify(string token, params (string Name, string Value)[] constraints) =>
        BuiltinCalls.Call(
            "io.jwt.decode_verify",
            RegoValue.Of(token),
            RegoObject.Of([.. constraints.Select(constraint => (constraint.Name, RegoValue.Of(constraint.Value)))])
        );

    private static string Signed(string algorithm, string claims, Keys keys)
    {
        var (token, error) = BuiltinCalls.Run(
            "io.jwt.encode_sign",
            RegoBudget.Default,
            RegoObject.Of(("alg", RegoValue.Of(algorithm))),
            BuiltinCalls.Json($"[{claims}]")[0],
            keys.Private
        );
        error.ShouldBeNull();
        return ((RegoString)token!).Value;
    }

    private sealed record Keys(string Constraint, string Public, RegoValue Private)
    {
        public static Keys For(string algorithm)
        {
            switch (algorithm[..2])
            {
                case "HS":
                    return new Keys("secret", "a secret", Jwk(("kty", "oct"), ("k", Encoded("a secret"))));
                case "ES":
                    var (curve, name) = algorithm switch
                    {
                        "ES256" => (ECCurve.NamedCurves.nistP256, "P-256"),
                        "ES384" => (ECCurve.NamedCurves.nistP384, "P-384"),
                        _ => (ECCurve.NamedCurves.nistP521, "P-521"),
                    };
                    using (var key = ECDsa.Create(curve))
                    {
                        var all = key.ExportParameters(includePrivateParameters: true);
                        var shown = Jwk(("kty", "EC"), ("crv", name), ("x", Part(all.Q.X)), ("y", Part(all.Q.Y)));
                        var hidden = Jwk(
                            ("kty", "EC"),
                            ("crv", name),
                            ("x", Part(all.Q.X)),
                            ("y", Part(all.Q.Y)),
                            ("d", Part(all.D))
                        );
                        return new Keys("cert", shown.ToJson(), hidden);
                    }
                default:
                    using (var key = RSA.Create(2048))
                    {
                        var all = key.ExportParameters(includePrivateParameters: true);
                        var hidden = Jwk(
                            ("kty", "RSA"),
                            ("n", Part(all.Modulus)),
                            ("e", Part(all.Exponent)),
                            ("d", Part(all.D)),
                            ("p", Part(all.P)),
                            ("q", Part(all.Q)),
                            ("dp", Part(all.DP)),
                            ("dq", Part(all.DQ)),
                            ("qi", Part(all.InverseQ))
                        );
                        return new Keys("cert", key.ExportSubjectPublicKeyInfoPem(), hidden);
                    }
            }
        }

        private static string Part(byte[]? bytes) => Encodings.ToUrl(bytes!);

        private static RegoObject Jwk(params (string Name, string Value)[] members) =>
            RegoObject.Of([.. members.Select(member => (member.Name, RegoValue.Of(member.Value)))]);
    }
}
