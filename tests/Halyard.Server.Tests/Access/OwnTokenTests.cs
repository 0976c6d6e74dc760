using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Halyard.Server.Authentication.Jwt;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Access;

/// <summary>The short-lived tokens that the server gives its own users.</summary>
public sealed class OwnTokenTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Me = "/api/v1/me";

    [Fact]
    public async Task Token_ActsAsTheUser_WithTheSeedsRoles_AndTheLogKnowsOfTheLogIn()
    {
        var id = await server.UserAsync("seed@example.com");
        var before = await server.HeadAsync();

        var token = await TokenAsync("seed@example.com");

        var me = (await server.GetAsync(Me, token)).Expect(200);
        me.Text("subject").ShouldBe(id);
        me.Text("kind").ShouldBe("user");
        var claims = Claims(token);
        claims["roles"]!.AsArray().Single()!.GetValue<string>().ShouldBe("ADMIN");
        claims["sub"]!.GetValue<string>().ShouldBe(id);
        claims["tenant"]!.GetValue<string>().ShouldBe("default");
        var entry = (await server.GetAsync($"/api/v1/audit/{before.Size}")).Expect(200);
        entry.Text("type").ShouldBe("access.logged_in");
        entry.GetProperty("actor").Text("subject").ShouldBe(id);
    }

    [Fact]
    public async Task Token_NeedsNoProofOfTheSite_AndIsNoSession()
    {
        await server.UserAsync("bearer@example.com");
        var token = await TokenAsync("bearer@example.com");

        (await server.PostAsync("/api/v1/projects", """{"key":"tok","name":"Tok"}""", token)).Expect(200);
        (await server.SendAsync("GET", "/auth/session", null, token)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task AnybodyCanVerifyIt_WithThePublishedKeys()
    {
        await server.UserAsync("verified@example.com");
        var token = await TokenAsync("verified@example.com");

        var answer = await server.SendAsync("GET", "/.well-known/jwks.json", null, "");

        answer.MediaType.ShouldBe("application/jwk-set+json");
        answer.Words.ShouldNotContain("\"d\"");
        var keys = KeySet.Read(answer.Bytes).ShouldNotBeNull();
        UnverifiedToken.TryParse(token, out var parsed).ShouldBeTrue();
        var rules = new TokenRules(
            "urn:halyard:halyard.localhost",
            "halyard",
            ["ES256"],
            TokenRules.StrictAccessTypes,
            TimeSpan.Zero,
            TimeSpan.FromHours(1)
        );
        TokenValidator.Validate(parsed, keys, rules, server.Time.GetUtcNow()).ShouldBeNull();
    }

    [Fact]
    public async Task EndingSessions_EndsTokensToo_AndSentAgainNothingThatBeganSince()
    {
        const string email = "ended@tokens.example.com";
        var id = await server.UserAsync(email);
        var (browser, token) = (await server.LogInAsync(email), await TokenAsync(email));
        (string, string)[] key = [("Idempotency-Key", "the phone was lost")];
        var path = $"/api/v1/sessions/{id}?reason=lost";
        server.Time.Advance(TimeSpan.FromSeconds(2));
        (await server.SendAsync("DELETE", path, null, server.Admin, key)).Expect(200);
        (await browser.SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
        (await server.GetAsync(Me, token)).ExpectProblem(401, "unauthenticated");
        server.Time.Advance(TimeSpan.FromSeconds(2));
        var (after, later) = (await server.LogInAsync(email), await TokenAsync(email));

        (await server.SendAsync("DELETE", path, null, server.Admin, key)).Expect(200);

        (await after.SendAsync("GET", Me)).Expect(200);
        (await server.GetAsync(Me, later)).Expect(200);
    }

    [Theory]
    [InlineData("disable", "{}")]
    [InlineData("reset-password", "{}")]
    public async Task TokenOfWhomTheServerNoLongerTrusts_IsRefusedAtOnce(string what, string body)
    {
        var email = $"{what}@tokens.example.com";
        var id = await server.UserAsync(email);
        var token = await TokenAsync(email);

        (await server.PostAsync($"/api/v1/users/{id}/{what}", body)).Expect(200);

        (await server.GetAsync(Me, token)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task RolesOfTheMoment_Count_NotThoseInTheToken()
    {
        var id = await server.UserAsync("demoted@tokens.example.com");
        var token = await TokenAsync("demoted@tokens.example.com");

        (await server.SendAsync("PATCH", $"/api/v1/users/{id}", """{"roles":["CLIENT"]}"""u8.ToArray(), server.Admin)).Expect(
            200
        );

        (await server.GetAsync("/api/v1/roles", token)).ExpectProblem(403, "denied");
    }

    [Fact]
    public async Task TokenThatWasTouched_IsNone()
    {
        var id = await server.UserAsync("touched@example.com", "CLIENT");
        var parts = (await TokenAsync("touched@example.com")).Split('.');
        string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
        var claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));

        string[] forged =
        [
            $"{parts[0]}.{Part(claims.Replace(id, "u_another", StringComparison.Ordinal))}.{parts[2]}",
            $"{Part("""{"alg":"none","typ":"at+jwt"}""")}.{parts[1]}.",
            $"{Part("""{"alg":"HS256","typ":"at+jwt"}""")}.{parts[1]}.{parts[2]}",
            $"{Part("""{"alg":"ES256","kid":"another","typ":"at+jwt"}""")}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.{parts[2]}A",
            $"{parts[0]}.{parts[1]}",
        ];

        foreach (var token in forged)
            (await server.GetAsync(Me, token)).ExpectProblem(401, "unauthenticated");
    }

    internal static JsonNode Claims(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!;

    private Task<string> TokenAsync(string email) => TokenAsync(server, email);

    internal static async Task<string> TokenAsync(HalyardServer server, string email)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                email,
                password = HalyardServer.Password,
                token = true,
            }
        );
        var answer = await server.SendAsync("POST", "/auth/password", body, "");
        answer.Headers.Keys.ShouldNotContain("Set-Cookie");
        answer.Headers["Cache-Control"].ShouldBe("no-store");
        return answer.Expect(200).Text("accessToken");
    }
}

/// <summary>Tokens and keys end by themselves; a server of its own, because its clock is put forward.</summary>
public sealed class OwnTokenTimeTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Me = "/api/v1/me";

    [Fact]
    public async Task Token_Expires_AndKeysChangeWhileTheFormerStillVerifies()
    {
        await server.UserAsync("time@example.com");
        var first = await OwnTokenTests.TokenAsync(server, "time@example.com");
        server.Time.Advance(TimeSpan.FromMinutes(16));
        (await server.GetAsync(Me, first)).ExpectProblem(401, "unauthenticated");

        // A token of the last moments of a key, then one of the next.
        server.Time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(20));
        var last = await OwnTokenTests.TokenAsync(server, "time@example.com");
        server.Time.Advance(TimeSpan.FromMinutes(5));
        var next = await OwnTokenTests.TokenAsync(server, "time@example.com");

        next.Split('.')[0].ShouldNotBe(last.Split('.')[0]);
        (await server.GetAsync(Me, last)).Expect(200);
        (await server.GetAsync(Me, next)).Expect(200);
        (await KeysAsync()).ShouldBe(2);

        // The one before the last is gone once none of its tokens can live.
        server.Time.Advance(TimeSpan.FromDays(31));
        await OwnTokenTests.TokenAsync(server, "time@example.com");
        (await KeysAsync()).ShouldBe(2);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(server.DatabaseFile + ".jwt").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private async Task<int> KeysAsync() =>
        (await server.SendAsync("GET", "/.well-known/jwks.json", null, "")).Expect(200).GetProperty("keys").GetArrayLength();
}
