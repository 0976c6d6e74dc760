using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Halyard.Server.Authentication.Jwt;

namespace Halyard.Server.Tests.Authentication.Jwt;

/// <summary>Tokens of attackers (RFC 8725 and what was seen in the field), whose signature or form is not what it should be: each is refused, and for the right reason.</summary>
public sealed class TokenAttackTests
{
    private static readonly TokenForge Forge = new();

    public static TheoryData<string> Algorithms => [.. JwsAlgorithm.Names];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Token_SignedAsItShouldBe_IsBelieved(string algorithm) =>
        TokenForge.Fault(Forge.Token(algorithm: algorithm), Forge.Keys).ShouldBeNull();

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("nOnE")]
    [InlineData("none ")]
    [InlineData("")]
    [InlineData("rs256")]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("EdDSA")]
    [InlineData("RSA1_5")]
    public void Algorithm_ThatIsNotAllowed_IsRefused(string algorithm)
    {
        var header = TokenForge.Header(algorithm, "rsa");

        TokenForge.Fault(Forge.Token(header: header), Forge.Keys).ShouldBe(TokenFault.Algorithm);
    }

    [Fact]
    public void Algorithm_None_WithAnEmptySignature_IsNoToken() =>
        TokenForge
            .Fault(TokenForge.Token(TokenForge.Header("none").ToJsonString(), "{}", _ => []), Forge.Keys)
            .ShouldBe(TokenFault.Malformed);

    [Fact]
    public void Algorithm_Missing_IsRefused() =>
        TokenForge.Fault(Forge.Token(header: new JsonObject { ["kid"] = "rsa" }), Forge.Keys).ShouldBe(TokenFault.Algorithm);

    [Fact]
    public void Algorithm_ThatThisProviderMayNotUse_IsRefused()
    {
        var rules = TokenForge.Rules with { Algorithms = ["ES256"] };

        TokenForge.Fault(Forge.Token(), Forge.Keys, rules).ShouldBe(TokenFault.Algorithm);
    }

    [Theory]
    [InlineData("pem")]
    [InlineData("der")]
    [InlineData("modulus")]
    public void KeyConfusion_AnHmacUnderThePublicKey_IsRefused(string form)
    {
        byte[] secret = form switch
        {
            "pem" => Encoding.ASCII.GetBytes(Forge.Rsa.ExportSubjectPublicKeyInfoPem()),
            "der" => Forge.Rsa.ExportSubjectPublicKeyInfo(),
            _ => Forge.Rsa.ExportParameters(false).Modulus!,
        };
        var header = TokenForge.Header("HS256", "rsa").ToJsonString();
        var token = TokenForge.Token(header, TokenForge.Claims().ToJsonString(), signed => HMACSHA256.HashData(secret, signed));

        // Even where an operator allowed it: there is no such algorithm.
        var rules = TokenForge.Rules with
        {
            Algorithms = ["HS256", "RS256"],
        };

        TokenForge.Fault(token, Forge.Keys, rules).ShouldBe(TokenFault.Algorithm);
    }

    [Theory]
    [InlineData("ES256", "rsa")]
    [InlineData("RS256", "p-256")]
    [InlineData("ES384", "p-256")]
    [InlineData("ES256", "p-384")]
    public void KeyOfAnotherType_IsNotUsed(string algorithm, string key) =>
        TokenForge
            .Fault(Forge.Token(algorithm: algorithm, header: TokenForge.Header(algorithm, key)), Forge.Keys)
            .ShouldBe(TokenFault.UnknownKey);

    [Fact]
    public void KeyMeantForOneAlgorithm_IsNotUsedForAnother()
    {
        var jwk = TokenForge.Jwk(Forge.Rsa, "rsa");
        jwk["alg"] = "RS256";
        var keys = TokenForge.Read(new JsonObject { ["keys"] = new JsonArray(jwk) });

        TokenForge.Fault(Forge.Token(algorithm: "RS256"), keys).ShouldBeNull();
        TokenForge.Fault(Forge.Token(algorithm: "PS256"), keys).ShouldBe(TokenFault.UnknownKey);
    }

    [Fact]
    public void SignatureOfOneAlgorithm_UnderTheNameOfAnother_IsRefused()
    {
        var header = TokenForge.Header("PS256", "rsa");

        TokenForge.Fault(Forge.Token(algorithm: "RS256", header: header), Forge.Keys).ShouldBe(TokenFault.Signature);
    }

    [Fact]
    public void Claims_ChangedAfterSigning_AreRefused()
    {
        var parts = Forge.Token().Split('.');
        var changed = TokenForge.Encode(TokenForge.Claims(("sub", "admin")).ToJsonString());

        TokenForge.Fault($"{parts[0]}.{changed}.{parts[2]}", Forge.Keys).ShouldBe(TokenFault.Signature);
    }

    [Fact]
    public void Signature_WithAnyOneBitChanged_IsRefused()
    {
        foreach (var algorithm in new[] { "RS256", "ES256" })
        {
            var token = Forge.Token(algorithm: algorithm);
            var cut = token.LastIndexOf('.') + 1;
            var signature = Base64Url.DecodeFromChars(token.AsSpan(cut));
            for (var bit = 0; bit < signature.Length * 8; bit += 37)
            {
                var changed = signature.ToArray();
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                TokenForge.Fault(token[..cut] + Base64Url.EncodeToString(changed), Forge.Keys).ShouldBe(TokenFault.Signature);
            }
        }
    }

    [Fact]
    public void EmbeddedKey_OrItsAddress_IsNotUsed()
    {
        using var attacker = new TokenForge();
        foreach (var id in new[] { "rsa", "mine" })
        {
            var header = TokenForge.Header(
                "RS256",
                id,
                ("jwk", TokenForge.Jwk(attacker.Rsa, id)),
                ("jku", "https://attacker.example/keys"),
                ("x5u", "https://attacker.example/certificate"),
                ("x5c", new JsonArray("MIIB"))
            );

            TokenForge
                .Fault(attacker.Token(header: header), Forge.Keys)
                .ShouldBe(id == "rsa" ? TokenFault.Signature : TokenFault.UnknownKey);
        }
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("' OR 1=1 --")]
    [InlineData("")]
    [InlineData("RSA")]
    public void KeyId_ThatNamesNoKey_IsRefused(string id) =>
        TokenForge.Fault(Forge.Token(header: TokenForge.Header("RS256", id)), Forge.Keys).ShouldBe(TokenFault.UnknownKey);

    [Fact]
    public void TokenWithoutAKeyId_GetsTheOnlyKeyThatFits_AndNoneWhereTwoDo()
    {
        using var other = RSA.Create(2_048);
        var one = Forge.PublicKeys;
        var two = Forge.PublicKeys;
        two["keys"]!.AsArray().Add(TokenForge.Jwk(other, "rsa-2"));
        var token = Forge.Token(header: TokenForge.Header("RS256"));

        TokenForge.Fault(token, TokenForge.Read(one)).ShouldBeNull();
        TokenForge.Fault(token, TokenForge.Read(two)).ShouldBe(TokenFault.UnknownKey);
    }

    [Fact]
    public void Extension_ThatMustBeUnderstood_IsRefused()
    {
        foreach (var critical in new JsonNode[] { new JsonArray("exp"), new JsonArray("b64"), new JsonArray(), "b64" })
            TokenForge
                .Fault(Forge.Token(header: TokenForge.Header("RS256", "rsa", ("crit", critical))), Forge.Keys)
                .ShouldBe(TokenFault.Critical);
    }

    [Fact]
    public void Token_InAnotherSpellingOfTheSameBytes_IsRefused()
    {
        var token = Forge.Token();
        var parts = token.Split('.');
        string[] others =
        [
            token + "=",
            token + "==",
            token + "\n",
            " " + token,
            token + ".",
            "." + token,
            token.Replace(".", "..", StringComparison.Ordinal),
            $"{parts[0]}=.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}\n.{parts[2]}",
            $"{parts[0]}. {parts[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}",
            $"{parts[0]}.{parts[1]}.",
            $"{parts[0]}..{parts[2]}",
            $"{parts[0]}.{parts[1]}.{parts[2]}.{parts[2]}.{parts[2]}",
            // 256 bytes end in two letters, the last with four bits of no meaning.
            token[..^1]
                + (
                    token[^1] switch
                    {
                        'A' => 'B',
                        'Q' => 'R',
                        'g' => 'h',
                        _ => 'x',
                    }
                ),
            token.Replace('-', '+').Replace('_', '/') + (token.AsSpan().ContainsAny('-', '_') ? "" : "/"),
            TokenForge.Claims().ToJsonString(),
            "",
            "..",
        ];

        foreach (var other in others)
            TokenForge.Fault(other, Forge.Keys).ShouldBe(TokenFault.Malformed, other);
    }

    [Fact]
    public void Token_LargerThanTheLimit_IsNotLookedAt()
    {
        var claims = TokenForge.Claims(("padding", new string('x', UnverifiedToken.MaxLength)));

        TokenForge.Fault(Forge.Token(claims), Forge.Keys).ShouldBe(TokenFault.Malformed);
        TokenForge.Fault(new string('.', 10_000_000), Forge.Keys).ShouldBe(TokenFault.Malformed);
    }

    [Fact]
    public void EllipticSignature_InDer_IsRefused()
    {
        var token = TokenForge.Token(
            TokenForge.Header("ES256", "p-256").ToJsonString(),
            TokenForge.Claims().ToJsonString(),
            signed => Forge.P256.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
        );

        TokenForge.Fault(token, Forge.Keys).ShouldBe(TokenFault.Signature);
    }

    [Theory]
    [InlineData("ES256", 64)]
    [InlineData("ES384", 96)]
    [InlineData("ES512", 132)]
    public void EllipticSignature_OfZeros_IsRefused(string algorithm, int length)
    {
        var key = algorithm == "ES512" ? "p-521" : $"p-{algorithm[2..]}";
        foreach (var zeros in new[] { 0..length, 0..(length / 2), (length / 2)..length })
        {
            var signature = Enumerable.Repeat((byte)1, length).ToArray();
            signature.AsSpan()[zeros].Clear();
            var token = TokenForge.Token(
                TokenForge.Header(algorithm, key).ToJsonString(),
                TokenForge.Claims().ToJsonString(),
                _ => signature
            );

            TokenForge.Fault(token, Forge.Keys).ShouldBe(TokenFault.Signature);
        }
    }

    [Fact]
    public void EllipticSignature_WithTheOrderForAZero_IsRefused()
    {
        var order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
        byte[] signature = [.. order, .. order];
        var token = TokenForge.Token(
            TokenForge.Header("ES256", "p-256").ToJsonString(),
            TokenForge.Claims().ToJsonString(),
            _ => signature
        );

        TokenForge.Fault(token, Forge.Keys).ShouldBe(TokenFault.Signature);
    }

    [Fact]
    public void Keys_ThatAreTooShortOrNoneOfOurs_AreLeftOut()
    {
        using var shortKey = RSA.Create(1_024);
        using var otherCurve = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        var encryption = TokenForge.Jwk(Forge.Rsa, "encryption");
        encryption["use"] = "enc";
        var wrapping = TokenForge.Jwk(Forge.Rsa, "wrapping");
        wrapping["key_ops"] = new JsonArray("wrapKey");
        var otherAlgorithm = TokenForge.Jwk(Forge.Rsa, "oaep");
        otherAlgorithm["alg"] = "RSA-OAEP";
        var evenExponent = TokenForge.Jwk(Forge.Rsa, "even");
        evenExponent["e"] = "AA";
        var leadingZero = TokenForge.Jwk(Forge.Rsa, "zero");
        leadingZero["n"] = "AAAA" + leadingZero["n"]!.GetValue<string>();
        var offCurve = TokenForge.Jwk(Forge.P256, "off");
        offCurve["y"] = offCurve["x"]!.GetValue<string>();
        var foreignCurve = TokenForge.Jwk(otherCurve, "brainpool");
        var secret = new JsonObject
        {
            ["kty"] = "oct",
            ["kid"] = "secret",
            ["k"] = "c2VjcmV0",
        };

        var keys = TokenForge.Read(
            new JsonObject
            {
                ["keys"] = new JsonArray(
                    TokenForge.Jwk(shortKey, "short"),
                    encryption,
                    wrapping,
                    otherAlgorithm,
                    evenExponent,
                    leadingZero,
                    offCurve,
                    foreignCurve,
                    secret,
                    "no key",
                    TokenForge.Jwk(Forge.Rsa, "good")
                ),
            }
        );

        keys.Keys.Select(key => key.Id).ShouldBe(["good"]);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    [InlineData("<html>")]
    public void KeySet_ThatIsNone_IsRefused(string text) => KeySet.Read(Encoding.UTF8.GetBytes(text)).ShouldBeNull();
}
