using System.Text;
using Halyard.Server.Authentication;
using Halyard.Server.Tests.Hosting;
using Halyard.Server.Tests.Routes;

namespace Halyard.Server.Tests.Access;

/// <summary>Nothing is open that does not say so, and no credential opens more than its own door.</summary>
public sealed class AccessTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Client = "CLIENT";
    private const string Question = """{"context":{"targetingKey":"user-1"}}""";

    private static IEnumerable<RouteCall> All => [.. RouteCalls.Writing, .. RouteCalls.NotWriting];

    private static IEnumerable<RouteCall> Closed =>
        All.Where(call =>
            !call.Path.StartsWith("/health", StringComparison.Ordinal)
            && !call.Path.StartsWith("/openapi", StringComparison.Ordinal)
            && !call.Path.StartsWith("/.well-known", StringComparison.Ordinal)
            && !call.IsLogIn
            && !OpensSession(call)
        );

    /// <summary>Whoever logs in has no credential yet.</summary>
    private static bool OpensSession(RouteCall call) =>
        new[] { "/auth/providers", "/auth/login", "/auth/callback/", "/auth/oidc/" }.Any(path =>
            call.Path.StartsWith(path, StringComparison.Ordinal)
        );

    private static IEnumerable<RouteCall> OfSdkKeys =>
        Closed.Where(call => call.Path.StartsWith("/ofrep", StringComparison.Ordinal));

    private static IEnumerable<RouteCall> OfTokens => Closed.Except(OfSdkKeys).Where(call => !call.NeedsSession);

    [Theory]
    [InlineData("")]
    [InlineData("hal.default.t_1.nothing")]
    [InlineData("hal.nobody.t_1.nothing")]
    [InlineData("hal....")]
    [InlineData("hal.default")]
    [InlineData("admin")]
    public async Task Endpoint_WithoutAGoodCredential_Is401AndWritesNothing(string credential)
    {
        var head = await server.HeadAsync();
        foreach (var call in Closed)
            (await CallAsync(call, credential)).ExpectProblem(401, "unauthenticated");
        (await server.HeadAsync()).ShouldBe(head);
    }

    [Theory]
    [InlineData("Basic ")]
    [InlineData("")]
    [InlineData("Bearer Bearer ")]
    public async Task Credential_InAnotherScheme_IsNone(string scheme)
    {
        var answer = await server.SendAsync("GET", "/api/v1/me", null, "", ("Authorization", scheme + server.Admin));

        answer.ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task Secret_WithOneLetterMoreOrLess_IsRefused()
    {
        foreach (
            var credential in new[]
            {
                server.Admin + "A",
                server.Admin[..^1],
                server.Admin.Replace("hal.default", "hal.other", StringComparison.Ordinal),
            }
        )
            (await server.GetAsync("/api/v1/me", credential)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task OpenEndpoints_NeedNoCredential()
    {
        foreach (var call in All.Except(Closed))
        {
            var answer = await CallAsync(call, "");
            if (call.IsLogIn)
                answer.ExpectProblem(401, "wrong-credentials");
            else
                answer.Status.ShouldBe(call.Status, call.Route);
        }
        server
            .Endpoints.Count(endpoint => endpoint.Metadata.GetMetadata<AccessRule>()!.Kind == AccessKind.Anonymous)
            .ShouldBe(All.Except(Closed).Count());
    }

    [Fact]
    public async Task ClientToken_IsDeniedEverythingButEvaluating_AndEachDenialIsInTheLog()
    {
        await server.ProjectAsync("denied");
        var (_, client) = await server.TokenAsync(Client);
        (await server.PostAsync("/api/v1/projects/denied/evaluate?environment=staging", Question, client)).Expect(200);

        // Everybody may ask who they are.
        foreach (
            var call in OfTokens.Where(call =>
                !call.Path.Contains("/evaluate", StringComparison.Ordinal) && call.Path != "/api/v1/me"
            )
        )
        {
            var before = await server.HeadAsync();
            (await CallAsync(call, client)).ExpectProblem(403, "denied");
            (await server.HeadAsync()).Size.ShouldBe(before.Size + 1, call.Route);
            var entry = (await server.GetAsync($"/api/v1/audit/{before.Size}")).Expect(200);
            entry.Text("type").ShouldBe("access.denied", call.Route);
            entry.GetProperty("succeeded").GetBoolean().ShouldBeFalse(call.Route);
            entry.GetProperty("actor").Text("kind").ShouldBe("client");
        }
        (await server.GetAsync("/api/v1/projects?limit=1000"))
            .Json.Items()
            .Select(item => item.Text("key"))
            .ShouldNotContain("web");
        (await server.GetAsync("/api/v1/projects/denied/flags")).Json.Items().ShouldBeEmpty();
    }

    [Fact]
    public async Task DryRun_OfWhoMayNot_TellsNothingButTheVerdict()
    {
        await server.ProjectAsync("dry");
        await server.FlagAsync("dry", "secret-flag");
        var (_, client) = await server.TokenAsync(Client);
        const string body = """{"operations":[{"op":"deleteFlag","flag":"secret-flag","baseRevision":1}],"reason":"x"}""";

        var preview = (await server.PostAsync("/api/v1/projects/dry/changes?dryRun=true", body, client)).Expect(200);

        preview.Text("verdict").ShouldBe("deny");
        preview.GetProperty("diff").GetArrayLength().ShouldBe(0);
        preview.GetProperty("resources").GetArrayLength().ShouldBe(0);
        preview.GetProperty("flags").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task SdkKey_IsNoToken_AndATokenIsNoSdkKey()
    {
        await server.ProjectAsync("kinds");
        var (_, key) = await server.SdkKeyAsync("kinds", "staging");

        foreach (var call in OfTokens)
            (await CallAsync(call, key)).ExpectProblem(401, "unauthenticated");
        foreach (var call in OfSdkKeys)
        {
            (await CallAsync(call, server.Admin)).ExpectProblem(401, "unauthenticated");
            (await CallAsync(call, key)).Status.ShouldNotBe(401);
        }
    }

    [Fact]
    public async Task RevokedToken_IsRefusedAtOnce()
    {
        var (id, secret) = await server.TokenAsync("ADMIN");
        (await server.GetAsync("/api/v1/me", secret)).Expect(200);

        (await server.SendAsync("DELETE", $"/api/v1/tokens/{id}?reason=lost", null, server.Admin)).Expect(200);

        (await server.GetAsync("/api/v1/me", secret)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task RevokedSdkKey_IsRefusedAtOnce()
    {
        await server.ProjectAsync("revoked");
        var (id, secret) = await server.SdkKeyAsync("revoked", "staging");
        (await server.PostAsync("/ofrep/v1/evaluate/flags", Question, secret)).Expect(200);

        (await server.SendAsync("DELETE", $"/api/v1/sdk-keys/{id}", null, server.Admin)).Expect(200);

        (await server.PostAsync("/ofrep/v1/evaluate/flags", Question, secret)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task Revoking_AnotherKindOfCredentialOrNone_IsRefused()
    {
        var (id, _) = await server.TokenAsync(Client);

        (await server.SendAsync("DELETE", $"/api/v1/sdk-keys/{id}", null, server.Admin)).ExpectProblem(422, "invalid");
        (await server.SendAsync("DELETE", "/api/v1/tokens/t_none", null, server.Admin)).ExpectProblem(422, "invalid");
    }

    [Fact]
    public async Task Token_WithARoleNobodyKnows_IsNotMade() =>
        (await server.PostAsync("/api/v1/tokens", """{"name":"x","role":"ROOT"}""")).ExpectProblem(422, "invalid");

    [Fact]
    public async Task Tenants_SeeNothingOfEachOther()
    {
        await server.ProjectAsync("mine");
        await server.FlagAsync("mine", "hidden");
        var (token, _) = await server.TokenAsync(Client);
        var (head, other) = (await server.HeadAsync(), await server.HeadAsync("other"));

        foreach (var path in new[] { "", "/flags", "/flags/hidden", "/environments", "/environments/staging", "/segments" })
            (await server.GetAsync($"/api/v1/projects/mine{path}", server.Other)).ExpectProblem(404, "not-found");
        (await server.PostAsync("/api/v1/projects/mine/evaluate?environment=staging", Question, server.Other)).ExpectProblem(
            404,
            "not-found"
        );
        (await server.PostAsync("/api/v1/projects/mine/flags", """{"key":"x"}""", server.Other)).ExpectProblem(404, "not-found");
        (await server.SendAsync("DELETE", $"/api/v1/tokens/{token}", null, server.Other)).ExpectProblem(422, "invalid");
        (
            await server.PostAsync("/api/v1/sdk-keys", """{"name":"x","project":"mine","environment":"staging"}""", server.Other)
        ).Status.ShouldBeOneOf(404, 422);
        (await server.GetAsync("/api/v1/projects", server.Other))
            .Expect(200)
            .Items()
            .ShouldNotContain(item => item.Text("key") == "mine");
        (await server.GetAsync("/api/v1/projects/mine/flags/hidden/history", server.Other)).Expect(200).Items().ShouldBeEmpty();
        (await server.GetAsync("/api/v1/tokens", server.Other))
            .Expect(200)
            .Items()
            .ShouldNotContain(item => item.Text("id") == token);
        // What they asked of the log, and nothing else, is new in theirs.
        (await server.GetAsync("/api/v1/audit?limit=1000", server.Other))
            .Expect(200)
            .Items()
            .Count.ShouldBe((int)other.Size + 1);
        (await server.GetAsync("/api/v1/me", server.Other)).Expect(200).Text("tenant").ShouldBe("other");

        (await server.HeadAsync()).ShouldBe(head);
        (await server.HeadAsync("other")).Size.ShouldBe(other.Size + 2);
    }

    [Fact]
    public async Task SdkKey_SeesItsOwnEnvironmentAlone()
    {
        await server.ProjectAsync("keys");
        await server.FlagAsync("keys", "only-staging");
        (await server.PostAsync("/api/v1/projects/keys/flags/only-staging/environments/staging/enable", "")).Expect(200);
        await server.ProjectAsync("keys", server.Other);
        var (_, staging) = await server.SdkKeyAsync("keys", "staging");
        var (_, production) = await server.SdkKeyAsync("keys", "production");
        var (_, foreign) = await server.SdkKeyAsync("keys", "staging", server.Other);
        const string path = "/ofrep/v1/evaluate/flags/only-staging";

        (await server.PostAsync(path, Question, staging)).Expect(200).GetProperty("value").GetBoolean().ShouldBeTrue();
        (await server.PostAsync(path, Question, production)).Expect(200).GetProperty("value").GetBoolean().ShouldBeFalse();
        (await server.PostAsync(path, Question, foreign)).Expect(404).Text("errorCode").ShouldBe("FLAG_NOT_FOUND");
    }

    private Task<Answer> CallAsync(RouteCall call, string credential) =>
        server.SendAsync(call.Method, call.Path, call.Body is null ? null : Encoding.UTF8.GetBytes(call.Body), credential);
}
