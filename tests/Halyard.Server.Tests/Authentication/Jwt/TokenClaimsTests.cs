using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Halyard.Server.Authentication.Jwt;

namespace Halyard.Server.Tests.Authentication.Jwt;

/// <summary>Well signed tokens that are meant for others, for another time, or for two readers to read differently: each is refused.</summary>
public sealed class TokenClaimsTests
{
    private static readonly TokenForge Forge = new();

    [Theory]
    [InlineData("JWT", null)]
    [InlineData("at+jwt", null)]
    [InlineData("application/AT+JWT", null)]
    [InlineData("logout+jwt", "Type")]
    [InlineData("dpop+jwt", "Type")]
    [InlineData("secevent+jwt", "Type")]
    [InlineData("JOSE", "Type")]
    public void TokenOfAnotherUse_IsRefused(string type, string? fault) =>
        TokenForge
            .Fault(Forge.Token(header: TokenForge.Header("RS256", "rsa", ("typ", type))), Forge.Keys)
            ?.ToString()
            .ShouldBe(fault);

    [Fact]
    public void AccessToken_IsNoIdToken_AndTheOtherWayRound()
    {
        var access = Forge.Token(header: TokenForge.Header("RS256", "rsa", ("typ", "at+jwt")));
        var id = Forge.Token(header: TokenForge.Header("RS256", "rsa", ("typ", "JWT")));

        TokenForge.Fault(access, Forge.Keys, TokenForge.Rules with { Types = TokenRules.IdTypes }).ShouldBe(TokenFault.Type);
        TokenForge
            .Fault(id, Forge.Keys, TokenForge.Rules with { Types = TokenRules.StrictAccessTypes })
            .ShouldBe(TokenFault.Type);
    }

    [Fact]
    public void Issuer_OtherThanLetterForLetter_IsRefused()
    {
        foreach (
            JsonNode? issuer in new JsonNode?[]
            {
                TokenForge.Issuer + "/",
                TokenForge.Issuer.ToUpperInvariant(),
                "https://issuer.example/other",
                new JsonArray(TokenForge.Issuer),
                null,
            }
        )
            TokenForge.Fault(Forge.Token(TokenForge.Claims(("iss", issuer))), Forge.Keys).ShouldBe(TokenFault.Issuer);
    }

    [Fact]
    public void Audience_OfSomebodyElse_IsRefused_AndOneAmongSeveralIsEnough()
    {
        foreach (
            JsonNode? audience in new JsonNode?[]
            {
                "halyard-api-2",
                "HALYARD-API",
                "",
                new JsonArray(),
                new JsonArray("other"),
                new JsonArray(TokenForge.Audience, 1),
                new JsonObject { [TokenForge.Audience] = true },
                null,
            }
        )
            TokenForge.Fault(Forge.Token(TokenForge.Claims(("aud", audience))), Forge.Keys).ShouldBe(TokenFault.Audience);
        TokenForge
            .Fault(Forge.Token(TokenForge.Claims(("aud", new JsonArray("other", TokenForge.Audience)))), Forge.Keys)
            .ShouldBeNull();
    }

    [Theory]
    [InlineData("exp", 0, null)]
    [InlineData("exp", -59, null)]
    [InlineData("exp", -60, "Expired")]
    [InlineData("exp", -86_400, "Expired")]
    [InlineData("nbf", 60, null)]
    [InlineData("nbf", 61, "NotYetValid")]
    [InlineData("nbf", 1_000_000_000, "NotYetValid")]
    [InlineData("iat", 60, null)]
    [InlineData("iat", 61, "NotYetValid")]
    [InlineData("iat", -86_460, null)]
    [InlineData("iat", -86_461, "TooOld")]
    public void Moment_BeyondTheSkew_IsRefused(string claim, long seconds, string? fault) =>
        TokenForge
            .Fault(Forge.Token(TokenForge.Claims((claim, TokenForge.Now.ToUnixTimeSeconds() + seconds))), Forge.Keys)
            ?.ToString()
            .ShouldBe(fault);

    [Theory]
    [InlineData("\"1893456000\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("-1")]
    [InlineData("1e300")]
    [InlineData("99999999999999")]
    [InlineData("[1893456000]")]
    public void Moment_ThatIsNone_IsRefused(string value)
    {
        foreach (var claim in new[] { "exp", "nbf", "iat" })
        {
            var claims = TokenForge.Claims();
            claims[claim] = JsonNode.Parse(value);

            TokenForge.Fault(Forge.Token(claims), Forge.Keys).ShouldBe(TokenFault.Claims);
        }
    }

    [Fact]
    public void TokenThatNeverExpires_OrDoesNotSayWhenItWasMade_IsRefused()
    {
        TokenForge.Fault(Forge.Token(TokenForge.Claims(("exp", null))), Forge.Keys).ShouldBe(TokenFault.Claims);
        TokenForge.Fault(Forge.Token(TokenForge.Claims(("iat", null))), Forge.Keys).ShouldBe(TokenFault.Claims);
    }

    [Theory]
    [InlineData("""{"alg":"none","alg":"RS256","kid":"rsa"}""")]
    [InlineData("""{"alg":"RS256","kid":"rsa","alg":"RS256"}""")]
    [InlineData("""{"alg":"RS256","kid":"rsa","k\u0069d":"rsa"}""")]
    [InlineData("""{"alg":"RS256","kid":["rsa"]}""")]
    [InlineData("""{"alg":"RS256","kid":"rsa",}""")]
    [InlineData("""{"alg":"RS256","kid":"rsa"} {}""")]
    [InlineData("""{"alg":"RS256","kid":"rsa" /* x */}""")]
    [InlineData("""{"alg":"RS256","kid":"\ud800"}""")]
    [InlineData("""{"alg":"RS256","kid":"\udc00\ud800"}""")]
    [InlineData("""["RS256"]""")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("\uFEFF{\"alg\":\"RS256\",\"kid\":\"rsa\"}")]
    public void Header_ThatTwoReadersCouldReadDifferently_IsRefused(string header)
    {
        var token = TokenForge.Token(header, TokenForge.Claims().ToJsonString(), signed => Forge.Sign("RS256", signed));

        TokenForge.Fault(token, Forge.Keys).ShouldBe(TokenFault.Malformed);
    }

    [Theory]
    [InlineData(""" "sub":"admin", """)]
    [InlineData(""" "iss":"https://other.example", """)]
    [InlineData(""" "s\u0075b":"admin", """)]
    [InlineData(""" "name":"\ud83d", """)]
    [InlineData(""" "deep":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]], """)]
    public void Claims_ThatTwoReadersCouldReadDifferently_AreRefused(string more)
    {
        var claims = TokenForge.Claims().ToJsonString().Insert(1, more);
        var token = TokenForge.Token(
            TokenForge.Header("RS256", "rsa").ToJsonString(),
            claims,
            signed => Forge.Sign("RS256", signed)
        );

        TokenForge.Fault(token, Forge.Keys).ShouldBe(TokenFault.Malformed);
    }

    [Fact]
    public void Claims_WithEveryKindOfEscape_AreRead()
    {
        var claims = TokenForge.Claims().ToJsonString().Insert(1, """ "name":"\ud83d\ude00 \\u0041 \\\\ud800 \u00e9 \"", """);
        var token = TokenForge.Token(
            TokenForge.Header("RS256", "rsa").ToJsonString(),
            claims,
            signed => Forge.Sign("RS256", signed)
        );

        UnverifiedToken.TryParse(token, out var parsed).ShouldBeTrue();
        parsed.UnverifiedClaims.Text("name").ShouldBe("\U0001F600 \\u0041 \\\\ud800 é \"");
        TokenForge.Fault(token, Forge.Keys).ShouldBeNull();
    }

    [Fact]
    public void Claims_InBytesThatAreNoUtf8_AreRefused()
    {
        var claims = Encoding.Latin1.GetBytes(TokenForge.Claims(("name", "ÿ")).ToJsonString(new() { Encoder = Plain }));
        var signed = $"{TokenForge.Encode(TokenForge.Header("RS256", "rsa").ToJsonString())}.{Base64Url.EncodeToString(claims)}";
        var signature = Base64Url.EncodeToString(Forge.Sign("RS256", Encoding.ASCII.GetBytes(signed)));

        TokenForge.Fault($"{signed}.{signature}", Forge.Keys).ShouldBe(TokenFault.Malformed);
    }

    private static System.Text.Encodings.Web.JavaScriptEncoder Plain =>
        System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
}
