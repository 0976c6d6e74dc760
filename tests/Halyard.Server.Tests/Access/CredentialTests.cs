using System.Text;
using System.Text.Json;
using Halyard.Core.Access;
using Halyard.Core.Reading;
using Halyard.Ledger;
using Halyard.Server.Authentication.Local;
using Halyard.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Access;

/// <summary>Tokens and SDK keys count where and as long as they say, and no longer than whoever answers for them.</summary>
public sealed class CredentialTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Me = "/api/v1/me";
    private const string Question = """{"context":{"targetingKey":"user-1"}}""";

    [Fact]
    public async Task Token_ExpiresToTheSecond()
    {
        var time = server.Time;
        var expires = time.GetUtcNow().AddHours(1);
        var token = await CreateAsync($$"""{"name":"short","role":"ADMIN","expiresAt":"{{expires:O}}"}""");

        (await server.GetAsync(Me, token.Secret)).Expect(200);
        time.Advance(expires - time.GetUtcNow() - TimeSpan.FromSeconds(1));
        (await server.GetAsync(Me, token.Secret)).Expect(200);
        time.Advance(TimeSpan.FromSeconds(2));

        (await server.GetAsync(Me, token.Secret)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task Expiry_InThePast_IsRefused()
    {
        (await server.PostAsync("/api/v1/tokens", """{"name":"x","role":"ADMIN","expiresAt":"2001-01-01T00:00:00Z"}"""))
            .ExpectInvalid()
            .ShouldBe(["/expiresAt"]);
    }

    [Fact]
    public async Task Rotation_GivesAnotherSecret_AndTheFormerWorksOnForAsLongAsItIsTold()
    {
        var token = await CreateAsync("""{"name":"rotated","role":"ADMIN"}""");

        var rotated = (await server.PostAsync($"/api/v1/tokens/{token.Id}/rotate", """{"overlapSeconds":600}""")).Expect(200);

        var next = rotated.Text("secret");
        (await server.GetAsync(Me, token.Secret)).Expect(200).Text("credential").ShouldBe(token.Id);
        (await server.GetAsync(Me, next)).Expect(200).Text("credential").ShouldBe(token.Id);
        server.Time.Advance(TimeSpan.FromSeconds(601));
        (await server.GetAsync(Me, token.Secret)).ExpectProblem(401, "unauthenticated");
        (await server.GetAsync(Me, next)).Expect(200);
    }

    [Fact]
    public async Task SecretBeforeTheLastTwoRotations_IsWorthNothing()
    {
        var token = await CreateAsync("""{"name":"twice","role":"ADMIN"}""");
        await server.PostAsync($"/api/v1/tokens/{token.Id}/rotate", "{}");

        (await server.PostAsync($"/api/v1/tokens/{token.Id}/rotate", "{}")).Expect(200);

        (await server.GetAsync(Me, token.Secret)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task Rotation_OfATokenThatExpired_DoesNotReviveItsSecret()
    {
        var expires = server.Time.GetUtcNow().AddHours(1);
        var token = await CreateAsync($$"""{"name":"late","role":"ADMIN","expiresAt":"{{expires:O}}"}""");
        server.Time.Advance(TimeSpan.FromHours(2));
        var longer = server.Time.GetUtcNow().AddDays(1);

        var rotated = (await server.PostAsync($"/api/v1/tokens/{token.Id}/rotate", $$"""{"expiresAt":"{{longer:O}}"}""")).Expect(
            200
        );

        (await server.GetAsync(Me, rotated.Text("secret"))).Expect(200);
        (await server.GetAsync(Me, token.Secret)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task LimitedToken_DoesWhatItsRoleMay_InItsProjectAlone()
    {
        await server.ProjectAsync("inside");
        await server.ProjectAsync("outside");
        var token = await CreateAsync("""{"name":"inside","role":"ADMIN","scope":{"projects":["inside"]}}""");

        (await server.PostAsync("/api/v1/projects/inside/flags", """{"key":"a"}""", token.Secret)).Expect(200);

        (await server.PostAsync("/api/v1/projects/outside/flags", """{"key":"a"}""", token.Secret)).Status.ShouldBeOneOf(
            403,
            404
        );
        (await server.PostAsync("/api/v1/projects", """{"key":"more","name":"More"}""", token.Secret)).ExpectProblem(
            403,
            "denied"
        );
        (await server.PostAsync("/api/v1/tokens", """{"name":"x","role":"ADMIN"}""", token.Secret)).Status.ShouldBeOneOf(
            403,
            422
        );
        (await server.GetAsync("/api/v1/projects", token.Secret))
            .Expect(200)
            .Items()
            .Select(item => item.Text("key"))
            .ShouldBe(["inside"]);
    }

    [Fact]
    public async Task LimitedToken_CannotMakeOneThatCountsElsewhere()
    {
        var maker = await CreateAsync("""{"name":"maker","role":"ADMIN","scope":{"kinds":["token","assignment"]}}""");

        (await server.PostAsync("/api/v1/tokens", """{"name":"x","role":"ADMIN","scope":{"kinds":["flag"]}}""", maker.Secret))
            .ExpectInvalid()
            .ShouldBe(["/scope"]);
        var made = await CreateAsync("""{"name":"x","role":"ADMIN"}""", maker.Secret);
        (await server.PostAsync("/api/v1/projects", """{"key":"escaped","name":"E"}""", made.Secret)).ExpectProblem(
            403,
            "denied"
        );
    }

    [Theory]
    [InlineData(
        "POST",
        "/api/v1/users",
        """{"email":"escape@example.com","roles":["ADMIN"],"password":"a long enough password"}"""
    )]
    [InlineData("POST", "/api/v1/assignments", """{"group":"all","role":"ADMIN"}""")]
    [InlineData("POST", "/api/v1/tokens/FIRST/rotate", "{}")]
    [InlineData("POST", "/api/v1/users/PERSON/reset-password", "{}")]
    [InlineData("PUT", "/api/v1/authorization/policy", """{"modules":[],"reason":"test"}""")]
    public async Task LimitedToken_HandsNothingOverThatCountsElsewhere(string method, string path, string body)
    {
        var first = await CreateAsync("""{"name":"first","role":"ADMIN"}""");
        var person = await server.UserAsync($"limits{Guid.CreateVersion7():N}@example.com");
        var maker = await CreateAsync(
            """{"name":"maker","role":"ADMIN","scope":{"kinds":["token","user","assignment","role","policy"]}}"""
        );
        path = path.Replace("FIRST", first.Id, StringComparison.Ordinal).Replace("PERSON", person, StringComparison.Ordinal);

        var reply = await server.SendAsync(method, path, Encoding.UTF8.GetBytes(body), maker.Secret);

        reply.Status.ShouldBeOneOf(403, 422);
        (await server.GetAsync(Me, first.Secret)).Expect(200);
    }

    [Fact]
    public async Task HelpDesk_CannotTakeAnybodysPower_ByTheirPasswordOrTheirToken()
    {
        const string grants = """["user.reset-password","user.update","user.read","token.read","token.rotate","me.read"]""";
        (
            await server.PostAsync(
                "/api/v1/roles",
                $$"""{"key":"helpdesk","grants":[{"effect":"allow","actions":{{grants}}}],"reason":"test"}"""
            )
        ).Expect(200);
        var first = await CreateAsync("""{"name":"first","role":"ADMIN"}""");
        var person = await server.UserAsync("helped@example.com");
        var desk = await CreateAsync("""{"name":"desk","role":"helpdesk"}""");

        (await server.PostAsync($"/api/v1/tokens/{first.Id}/rotate", "{}", desk.Secret)).ExpectProblem(403, "denied");
        (await server.PostAsync($"/api/v1/users/{person}/reset-password", "{}", desk.Secret)).ExpectProblem(403, "denied");
        (await server.PostAsync($"/api/v1/tokens/{desk.Id}/rotate", "{}", desk.Secret)).Expect(200);
    }

    [Fact]
    public async Task TokenOfAPerson_NamesThem_AndEndsWithThem()
    {
        var id = await server.UserAsync("owner@example.com");
        var browser = await server.LogInAsync("owner@example.com");
        var created = (await browser.SendAsync("POST", "/api/v1/tokens", """{"name":"laptop","role":"ADMIN"}""")).Expect(200);
        var token = created.Text("secret");
        var child = await CreateAsync("""{"name":"child","role":"ADMIN"}""", token);

        (await OneAsync(created.Text("id"))).Text("owner").ShouldBe(id);
        (await OneAsync(child.Id)).Text("owner").ShouldBe(id);
        (await server.GetAsync(Me, token)).Expect(200);
        // Whoever knew its secret would count as its owner.
        (await server.PostAsync($"/api/v1/tokens/{child.Id}/rotate", "{}")).ExpectProblem(403, "denied");
        (await browser.SendAsync("POST", $"/api/v1/tokens/{child.Id}/rotate", """{"overlapSeconds":600}""")).Expect(200);
        (await server.PostAsync($"/api/v1/users/{id}/disable", "{}")).Expect(200);

        (await server.GetAsync(Me, token)).ExpectProblem(401, "unauthenticated");
        (await server.GetAsync(Me, child.Secret)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task TokenOfAUser_IsWorthNothing_WhereThereAreNoUsers()
    {
        await using var own = new HalyardServer();
        await own.InitializeAsync();
        await own.UserAsync("owner@example.com");
        var browser = await own.LogInAsync("owner@example.com");
        var created = (await browser.SendAsync("POST", "/api/v1/tokens", """{"name":"laptop","role":"ADMIN"}""")).Expect(200);
        (await own.GetAsync(Me, created.Text("secret"))).Expect(200);

        own.Services.GetRequiredService<LocalOptions>().Enabled = false;

        (await own.GetAsync(Me, created.Text("secret"))).ExpectProblem(401, "unauthenticated");
        (await own.GetAsync(Me)).Expect(200);
    }

    [Fact]
    public async Task LastUse_IsKnownToTheHour_AndIsNoEntry()
    {
        var token = await CreateAsync("""{"name":"used","role":"ADMIN"}""");
        (await OneAsync(token.Id)).TryGetProperty("lastUsedAt", out _).ShouldBeFalse();
        var head = await server.HeadAsync();

        for (var i = 0; i < 3; i++)
            (await server.GetAsync(Me, token.Secret)).Expect(200);

        var used = (await OneAsync(token.Id)).GetProperty("lastUsedAt").GetDateTimeOffset();
        (server.Time.GetUtcNow() - used).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromHours(1));
        used.Minute.ShouldBe(0);
        (await server.HeadAsync()).ShouldBe(head);
    }

    [Fact]
    public async Task ClientSideKey_SeesNoSensitiveFlag_AndAServerSideOneDoes()
    {
        await server.ProjectAsync("client");
        await server.FlagAsync("client", "open");
        (await server.PostAsync("/api/v1/projects/client/flags", """{"key":"secret","sensitive":true,"reason":"x"}""")).Expect(
            200
        );
        var client = await KeyAsync("client", clientSide: true);
        var trusted = await KeyAsync("client", clientSide: false);

        (await KeysAsync(client)).ShouldBe(["open"]);
        (await KeysAsync(trusted)).ShouldBe(["open", "secret"]);
        var hidden = await server.PostAsync("/ofrep/v1/evaluate/flags/secret", Question, client);
        var absent = await server.PostAsync("/ofrep/v1/evaluate/flags/absent", Question, client);
        hidden.Expect(404).Text("errorCode").ShouldBe("FLAG_NOT_FOUND");
        hidden.Words.Replace("secret", "absent", StringComparison.Ordinal).ShouldBe(absent.Words);
        (await server.PostAsync("/ofrep/v1/evaluate/flags/secret", Question, trusted)).Expect(200);
    }

    [Fact]
    public async Task SdkKey_IsRotatedAndExpires_LikeAToken()
    {
        await server.ProjectAsync("rotating");
        var (id, secret) = await server.SdkKeyAsync("rotating", "staging");
        var expires = server.Time.GetUtcNow().AddHours(2);

        var rotated = (
            await server.PostAsync($"/api/v1/sdk-keys/{id}/rotate", $$"""{"overlapSeconds":0,"expiresAt":"{{expires:O}}"}""")
        ).Expect(200);

        (await server.PostAsync("/ofrep/v1/evaluate/flags", Question, secret)).ExpectProblem(401, "unauthenticated");
        (await server.PostAsync("/ofrep/v1/evaluate/flags", Question, rotated.Text("secret"))).Expect(200);
        server.Time.Advance(TimeSpan.FromHours(3));
        (await server.PostAsync("/ofrep/v1/evaluate/flags", Question, rotated.Text("secret"))).ExpectProblem(
            401,
            "unauthenticated"
        );
    }

    [Fact]
    public void DocumentsOfBeforeThereWereTerms_StillRead()
    {
        var secret = Digest.Of("x"u8);
        var token = $$"""{"id":"t_1","key":"t_1","name":"old","role":"ADMIN","secret":"{{secret}}","subject":"s_1"}""";
        var key =
            $$"""{"environment":"dev","environmentId":"e_1","id":"k_1","key":"k_1","name":"old","project":"web","secret":"{{secret}}"}""";

        var oldToken = (Token)ResourceDocuments.Read(Token.NameOf("t_1"), System.Text.Encoding.UTF8.GetBytes(token));
        var oldKey = (SdkKey)ResourceDocuments.Read(SdkKey.NameOf("k_1"), System.Text.Encoding.UTF8.GetBytes(key));

        oldToken.Terms.ShouldBe(CredentialTerms.Unlimited);
        oldToken.Scope.IsEverything.ShouldBeTrue();
        oldKey.ClientSide.ShouldBeFalse();
        // And an unlimited one of today is written as it always was.
        System.Text.Encoding.UTF8.GetString(oldToken.ToDocument()).ShouldBe(token);
        System.Text.Encoding.UTF8.GetString(oldKey.ToDocument()).ShouldBe(key);
    }

    private async Task<(string Id, string Secret)> CreateAsync(string body, string? credential = null)
    {
        var json = (await server.PostAsync("/api/v1/tokens", body, credential)).Expect(200);
        return (json.Text("id"), json.Text("secret"));
    }

    private async Task<string> KeyAsync(string project, bool clientSide)
    {
        var body = JsonSerializer.Serialize(
            new
            {
                name = "key",
                project,
                environment = "staging",
                clientSide,
            }
        );
        return (await server.PostAsync("/api/v1/sdk-keys", body)).Expect(200).Text("secret");
    }

    private async Task<IEnumerable<string>> KeysAsync(string key) =>
        (await server.PostAsync("/ofrep/v1/evaluate/flags", Question, key))
            .Expect(200)
            .GetProperty("flags")
            .EnumerateArray()
            .Select(flag => flag.Text("key"));

    private async Task<JsonElement> OneAsync(string id) =>
        (await server.GetAsync("/api/v1/tokens?limit=1000")).Expect(200).Items().Single(item => item.Text("id") == id);
}
