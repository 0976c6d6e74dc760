using System.Text;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Access;

/// <summary>A service account does what it is assigned, for as long as one person answers for it, and nobody hides behind it.</summary>
public sealed class ServiceAccountTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Accounts = "/api/v1/service-accounts";
    private const string Me = "/api/v1/me";

    [Fact]
    public async Task Account_ActsUnderItsOwnName_WithTheRolesAssignedToIt()
    {
        await server.ProjectAsync("bots");
        var (_, ann) = await PersonAsync();
        var account = await CreateAsync(ann);
        var token = await TokenAsync(ann, account);
        const string flag = """{"key":"made-by-a-bot"}""";

        (await server.PostAsync("/api/v1/projects/bots/flags", flag, token.Secret)).ExpectProblem(403, "denied");
        await AssignAsync(account, "developer");

        (await server.PostAsync("/api/v1/projects/bots/flags", flag, token.Secret)).Expect(200);
        var me = (await server.GetAsync(Me, token.Secret)).Expect(200);
        me.Text("subject").ShouldBe(account);
        me.Text("kind").ShouldBe("service");
        var entry = (await server.GetAsync("/api/v1/audit?limit=1&action=flag.created")).Expect(200).Items()[0];
        entry.GetProperty("actor").Text("subject").ShouldBe(account);
    }

    [Fact]
    public async Task Account_WithoutAPersonWhoAnswersForIt_IsRefused() =>
        (await server.PostAsync(Accounts, """{"name":"nobody's"}""")).ExpectInvalid().ShouldBe(["/owner"]);

    [Fact]
    public async Task TokenOfAnAccount_IsMadeAndRotated_ByWhoAnswersForItAlone()
    {
        var (_, ann) = await PersonAsync();
        var (_, bob) = await PersonAsync();
        var account = await CreateAsync(ann);
        var body = $$"""{"name":"bot","serviceAccount":"{{account}}"}""";

        (await bob.SendAsync("POST", "/api/v1/tokens", body)).ExpectInvalid().ShouldBe(["/serviceAccount"]);
        (await server.PostAsync("/api/v1/tokens", body)).ExpectInvalid().ShouldBe(["/serviceAccount"]);
        var token = await TokenAsync(ann, account);
        (await bob.SendAsync("POST", $"/api/v1/tokens/{token.Id}/rotate", "{}")).ExpectProblem(403, "denied");
        (await server.PostAsync($"/api/v1/tokens/{token.Id}/rotate", "{}")).ExpectProblem(403, "denied");

        var rotated = (await ann.SendAsync("POST", $"/api/v1/tokens/{token.Id}/rotate", "{}")).Expect(200).Text("secret");
        (await server.GetAsync(Me, rotated)).Expect(200).Text("subject").ShouldBe(account);
        // Anybody who may take tokens away may take this one away.
        (await bob.SendAsync("DELETE", $"/api/v1/tokens/{token.Id}")).Expect(200);
        (await server.GetAsync(Me, rotated)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task LesserCredentialOfTheOwner_MakesNoTokenOfTheAccount()
    {
        var (_, ann) = await PersonAsync();
        var account = await CreateAsync(ann);
        await AssignAsync(account, "ADMIN");
        await RoleAsync("token-maker", "token.create", "token.rotate");
        var lesser = (await ann.SendAsync("POST", "/api/v1/tokens", """{"name":"x","role":"token-maker"}"""))
            .Expect(200)
            .Text("secret");
        var token = await TokenAsync(ann, account);

        (await server.PostAsync("/api/v1/tokens", $$"""{"name":"y","serviceAccount":"{{account}}"}""", lesser)).ExpectProblem(
            403,
            "denied"
        );
        (await server.PostAsync($"/api/v1/tokens/{token.Id}/rotate", "{}", lesser)).ExpectProblem(403, "denied");
    }

    [Theory]
    [InlineData("""{"name":"x","serviceAccount":"m_none"}""", "/serviceAccount")]
    [InlineData("""{"name":"x","serviceAccount":"s_1"}""", "/serviceAccount")]
    [InlineData("""{"name":"x","serviceAccount":"m_1","role":"ADMIN"}""", "/roles")]
    [InlineData("""{"name":"x","role":"ADMIN","roles":["ADMIN"]}""", "/roles")]
    [InlineData("""{"name":"x","roles":[]}""", "/roles")]
    [InlineData("""{"name":"x","roles":["viewer","nobody"]}""", "/roles/1")]
    [InlineData("""{"name":"x"}""", "/role")]
    public async Task Token_OfNobodyOrOfTooMany_IsRefused(string body, string pointer) =>
        (await server.PostAsync("/api/v1/tokens", body)).ExpectInvalid().ShouldBe([pointer]);

    [Fact]
    public async Task Account_OfAPersonWhoMayNotLogIn_ActsNoMore()
    {
        var (id, ann) = await PersonAsync();
        var token = await TokenAsync(ann, await CreateAsync(ann));
        (await server.GetAsync(Me, token.Secret)).Expect(200);

        (await server.PostAsync($"/api/v1/users/{id}/disable", "{}")).Expect(200);
        (await server.GetAsync(Me, token.Secret)).ExpectProblem(401, "unauthenticated");
        (await server.PostAsync($"/api/v1/users/{id}/enable", "{}")).Expect(200);
        (await server.GetAsync(Me, token.Secret)).Expect(200);
        (await server.SendAsync("DELETE", $"/api/v1/users/{id}", null, server.Admin)).Expect(200);

        (await server.GetAsync(Me, token.Secret)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task Account_DisabledOrDeleted_ActsNoMore()
    {
        var (_, ann) = await PersonAsync();
        var account = await CreateAsync(ann);
        var token = await TokenAsync(ann, account);

        (await PatchAsync(account, """{"enabled":false}""")).Expect(200);
        (await server.GetAsync(Me, token.Secret)).ExpectProblem(401, "unauthenticated");
        (await PatchAsync(account, """{"enabled":true}""")).Expect(200);
        (await server.GetAsync(Me, token.Secret)).Expect(200);
        (await server.SendAsync("DELETE", $"{Accounts}/{account}", null, server.Admin)).Expect(200);

        (await server.GetAsync(Me, token.Secret)).ExpectProblem(401, "unauthenticated");
        (await server.GetAsync($"{Accounts}/{account}")).ExpectProblem(404, "not-found");
    }

    [Fact]
    public async Task Account_TakenOver_BelongsToItsNewOwner_AndFormerSecretsAreWorthNothing()
    {
        var (_, ann) = await PersonAsync();
        var (bobId, bob) = await PersonAsync();
        var account = await CreateAsync(ann);
        await AssignAsync(account, "viewer");
        var before = await TokenAsync(ann, account);

        (await bob.SendAsync("POST", $"{Accounts}/{account}/take-over", """{"reason":"Ann left"}""")).Expect(200);

        (await server.GetAsync($"{Accounts}/{account}")).Expect(200).Text("owner").ShouldBe(bobId);
        (await server.GetAsync(Me, before.Secret)).ExpectProblem(401, "unauthenticated");
        var now = await TokenAsync(bob, account);
        (await server.GetAsync(Me, now.Secret)).Expect(200).Text("subject").ShouldBe(account);
        (await ann.SendAsync("POST", $"/api/v1/tokens/{before.Id}/rotate", "{}")).Status.ShouldBe(200);
        (await server.GetAsync(Me, before.Secret)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task TakingOverOrEnabling_TakesWhatGivingRolesTakes()
    {
        var (_, ann) = await PersonAsync();
        var account = await CreateAsync(ann);
        await RoleAsync("account-desk", "service-account.update", "service-account.read");
        var (_, desk) = await PersonAsync("account-desk");

        (await desk.SendAsync("POST", $"{Accounts}/{account}/take-over", "{}")).ExpectProblem(403, "denied");
        (await desk.SendAsync("PATCH", $"{Accounts}/{account}", """{"enabled":false}""")).Expect(200);
        (await desk.SendAsync("PATCH", $"{Accounts}/{account}", """{"enabled":true}""")).ExpectProblem(403, "denied");
    }

    [Fact]
    public async Task TokenWithSeveralRoles_MayWhatEachMay_AndSaysSo()
    {
        await server.ProjectAsync("several");
        await RoleAsync("flag-maker", "flag.created");
        var made = (await server.PostAsync("/api/v1/tokens", """{"name":"x","roles":["flag-maker","auditor"]}""")).Expect(200);
        var secret = made.Text("secret");

        (await server.PostAsync("/api/v1/projects/several/flags", """{"key":"a"}""", secret)).Expect(200);
        (await server.GetAsync("/api/v1/audit?limit=1", secret)).Expect(200);
        var listed = (await server.GetAsync("/api/v1/tokens?limit=1000"))
            .Expect(200)
            .Items()
            .Single(item => item.Text("id") == made.Text("id"));
        listed.GetProperty("roles").EnumerateArray().Select(role => role.GetString()).ShouldBe(["flag-maker", "auditor"]);
        listed.TryGetProperty("role", out _).ShouldBeFalse();
        (await server.SendAsync("DELETE", "/api/v1/roles/flag-maker", null, server.Admin)).ExpectProblem(422, "invalid");
    }

    [Fact]
    public async Task TokenWithSeveralRoles_IsMadeByWhoHasEachOfThem()
    {
        await RoleAsync("maker", "token.create");
        var maker = (await server.PostAsync("/api/v1/tokens", """{"name":"x","roles":["maker","viewer"]}"""))
            .Expect(200)
            .Text("secret");

        (await server.PostAsync("/api/v1/tokens", """{"name":"y","roles":["viewer","maker"]}""", maker)).Expect(200);
        (await server.PostAsync("/api/v1/tokens", """{"name":"y","roles":["viewer","ADMIN"]}""", maker)).ExpectProblem(
            403,
            "denied"
        );
    }

    [Fact]
    public async Task Me_AskedAboutSomeActions_TellsOfThoseAlone()
    {
        var token = (await server.TokenAsync("viewer")).Secret;

        var me = (await server.GetAsync($"{Me}?action=flag.read&action=token.create", token)).Expect(200);

        me.GetProperty("may").EnumerateArray().Select(action => action.GetString()).ShouldBe(["flag.read"]);
        me.GetProperty("mayInPart").EnumerateArray().ShouldBeEmpty();
        (await server.GetAsync($"{Me}?action=fly", token)).ExpectInvalid().ShouldBe(["/action"]);
    }

    [Fact]
    public async Task TimesOfACredential_AreToTheMicrosecond()
    {
        var expires = server.Time.GetUtcNow().AddDays(1);
        var body = $$"""{"name":"exact","role":"viewer","expiresAt":"{{expires:yyyy-MM-dd'T'HH:mm:ss}}.1234567Z"}""";
        var id = (await server.PostAsync("/api/v1/tokens", body)).Expect(200).Text("id");
        (await server.PostAsync($"/api/v1/tokens/{id}/rotate", "{}")).Expect(200);

        var token = (await server.GetAsync("/api/v1/tokens?limit=1000"))
            .Expect(200)
            .Items()
            .Single(item => item.Text("id") == id);

        token.Text("expiresAt").ShouldEndWith(".123456Z");
        foreach (var member in new[] { "expiresAt", "previousUntil", "createdAt" })
            token.Text(member).Length.ShouldBeLessThanOrEqualTo("2026-01-01T00:00:00.123456Z".Length, member);
    }

    [Fact]
    public async Task TokenThatExpires_MakesNoneThatLastsLonger()
    {
        var end = server.Time.GetUtcNow().AddHours(4);
        var maker = (
            await server.PostAsync("/api/v1/tokens", $$"""{"name":"x","role":"ADMIN","expiresAt":"{{end:O}}"}""")
        ).Expect(200);
        var secret = maker.Text("secret");

        foreach (var expiry in new[] { "", $$""","expiresAt":"{{end.AddSeconds(1):O}}" """ })
        {
            (await server.PostAsync("/api/v1/tokens", $$"""{"name":"y","role":"ADMIN"{{expiry}}}""", secret)).ExpectProblem(
                403,
                "denied"
            );
        }
        var rotation = $"/api/v1/tokens/{maker.Text("id")}/rotate";
        (await server.PostAsync(rotation, $$"""{"expiresAt":"{{end.AddDays(1):O}}"}""", secret)).ExpectProblem(403, "denied");

        (await server.PostAsync("/api/v1/tokens", $$"""{"name":"y","role":"ADMIN","expiresAt":"{{end:O}}"}""", secret)).Expect(
            200
        );
        (await server.PostAsync(rotation, "{}", secret)).Expect(200);
    }

    private async Task<(string Id, Browser Browser)> PersonAsync(string role = "ADMIN")
    {
        var email = $"p{Guid.CreateVersion7():N}@example.com";
        var id = await server.UserAsync(email, role);
        return (id, await server.LogInAsync(email));
    }

    private static async Task<string> CreateAsync(Browser person) =>
        (await person.SendAsync("POST", Accounts, """{"name":"bot","description":"deploys"}""")).Expect(200).Text("id");

    private static async Task<(string Id, string Secret)> TokenAsync(Browser person, string account)
    {
        var made = await person.SendAsync("POST", "/api/v1/tokens", $$"""{"name":"bot","serviceAccount":"{{account}}"}""");
        var json = made.Expect(200);
        return (json.Text("id"), json.Text("secret"));
    }

    private async Task AssignAsync(string account, string role) =>
        (await server.PostAsync("/api/v1/assignments", $$"""{"subject":"{{account}}","role":"{{role}}"}""")).Expect(200);

    private async Task RoleAsync(string key, params string[] actions)
    {
        var names = string.Join(',', actions.Select(action => $"\"{action}\""));
        var body = $$"""{"key":"{{key}}","grants":[{"effect":"allow","actions":[{{names}}]}],"reason":"test"}""";
        (await server.PostAsync("/api/v1/roles", body)).Expect(200);
    }

    private Task<Answer> PatchAsync(string account, string body) =>
        server.SendAsync("PATCH", $"{Accounts}/{account}", Encoding.UTF8.GetBytes(body), server.Admin);
}
