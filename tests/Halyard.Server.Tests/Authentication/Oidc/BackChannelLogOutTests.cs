using System.Text.Json.Nodes;
using Halyard.Core.Storage;
using Halyard.Server.Authentication.Oidc;
using Halyard.Server.Tests.Authentication.Jwt;
using Halyard.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Authentication.Oidc;

/// <summary>Log-outs that a provider tells of, as OpenID Connect Back-Channel Logout 1.0 has them, and as attackers bend them.</summary>
public sealed class BackChannelLogOutTests(OidcServer server) : IClassFixture<OidcServer>
{
    private const string Me = "/api/v1/me";
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    [Fact]
    public async Task LogOut_OfOneSession_EndsThatOne_AndOfThePersonAllOfThem()
    {
        var (first, second) = (await LogInAsync("anna", "one"), await LogInAsync("anna", "two"));
        var (third, stranger) = (await LogInAsync("anna", "three"), await LogInAsync("otto", "four"));

        (await TellAsync(Claims(("sub", "anna"), ("sid", "one")))).ShouldBe(200);
        (await IsInAsync(first)).ShouldBeFalse();
        (await IsInAsync(second)).ShouldBeTrue();

        (await TellAsync(Claims(("sub", null), ("sid", "two")))).ShouldBe(200);
        (await IsInAsync(second)).ShouldBeFalse();
        (await IsInAsync(third)).ShouldBeTrue();

        (await TellAsync(Claims(("sub", "anna")))).ShouldBe(200);
        (await IsInAsync(third)).ShouldBeFalse();
        (await IsInAsync(stranger)).ShouldBeTrue();
    }

    [Fact]
    public async Task LogOut_OfASession_FindsAnotherOfTheSameNameWhenOneOfThemEnded()
    {
        var (first, second) = (await LogInAsync("berta", "shared"), await LogInAsync("berta", "shared"));
        var subject = (await second.SendAsync("GET", Me)).Expect(200).Text("subject");
        (await first.SendAsync("POST", "/auth/logout")).Status.ShouldBeInRange(200, 204);
        (await IsInAsync(second)).ShouldBeTrue();

        (await TellAsync(Claims(("sub", null), ("sid", "shared")))).ShouldBe(200);

        (await IsInAsync(second)).ShouldBeFalse();
        var marks = server.Services.GetRequiredService<IStore>();
        (await marks.MarksAsync("default", "session-of/", TestContext.Current.CancellationToken)).ShouldNotContain(mark =>
            System.Text.Encoding.UTF8.GetString(mark.Value) == subject
        );
    }

    [Fact]
    public async Task LogOut_OfASessionThatIsSomebodyElses_EndsNothing()
    {
        var browser = await LogInAsync("clara", "hers");

        (await TellAsync(Claims(("sub", "dora"), ("sid", "hers")))).ShouldBe(200);

        (await IsInAsync(browser)).ShouldBeTrue();
    }

    [Fact]
    public async Task LogOut_ThatWasTold_CountsOnce_AndNotForWhoLoggedInSince()
    {
        var before = await LogInAsync("emma", "s1");
        var told = Forge().Token(Claims(("sub", "emma")), header: Header());
        (await PostAsync(told)).ShouldBe(200);
        (await IsInAsync(before)).ShouldBeFalse();
        var again = await LogInAsync("emma", "s2");

        (await PostAsync(told)).ShouldBe(400);
        (await IsInAsync(again)).ShouldBeTrue();
        server.Time.Advance(TimeSpan.FromMinutes(2));
        var later = await LogInAsync("emma", "s3");
        // One that was made before that log-in and comes late.
        var late = Claims(("sub", "emma"), ("iat", server.Time.GetUtcNow().AddMinutes(-2).AddSeconds(-1).ToUnixTimeSeconds()));
        (await TellAsync(late)).ShouldBe(200);
        (await IsInAsync(later)).ShouldBeTrue();
    }

    [Fact]
    public async Task LogOut_IsInTheLog_WithWhoseSessionsAndWhichProvider()
    {
        var browser = await LogInAsync("frieda", "s");
        var subject = (await browser.SendAsync("GET", Me)).Expect(200).Text("subject");
        var before = await server.HeadAsync();

        (await TellAsync(Claims(("sub", "frieda")))).ShouldBe(200);
        (await TellAsync(Claims(("sub", "frieda")))).ShouldBe(200);

        (await server.HeadAsync()).Size.ShouldBe(before.Size + 1);
        var entry = (await server.GetAsync($"/api/v1/audit/{before.Size}")).Expect(200);
        entry.Text("type").ShouldBe("access.logged_out");
        entry.GetRawText().ShouldContain($"{subject} logged out at 'corp'");
        entry.GetRawText().ShouldNotContain("frieda");
    }

    [Fact]
    public async Task Token_ThatIsNoLogoutToken_EndsNothing()
    {
        var browser = await LogInAsync("grete", "s");
        var now = server.Time.GetUtcNow().ToUnixTimeSeconds();
        (string Name, (string, JsonNode?)[] Claims)[] bent =
        [
            ("a nonce", [("nonce", "n")]),
            ("no events", [("events", null)]),
            ("events that are a text", [("events", Event)]),
            ("another event", [("events", new JsonObject { ["http://schemas.openid.net/event/other"] = new JsonObject() })]),
            ("an event that is no object", [("events", new JsonObject { [Event] = true })]),
            ("nobody", [("sub", null)]),
            ("a sub that is a number", [("sub", 7)]),
            ("a sid that is a list", [("sid", new JsonArray("s"))]),
            ("an empty sid", [("sid", "")]),
            ("no jti", [("jti", null)]),
            ("a jti that is too long", [("jti", new string('x', 256))]),
            ("for the API", [("aud", Issuer.Audience)]),
            ("of another issuer", [("iss", server.Partner.Address)]),
            ("expired", [("exp", now - 61)]),
            ("without an end", [("exp", null)]),
            ("without a beginning", [("iat", null)]),
            ("of the future", [("iat", now + 61)]),
            ("of long ago", [("iat", now - 361)]),
        ];
        foreach (var (name, claims) in bent)
            (await TellAsync(Claims([("sub", "grete"), .. claims]))).ShouldBe(400, name);
        var good = Claims(("sub", "grete"));
        (await PostAsync(Forge().Token(good, header: Header("at+jwt")))).ShouldBe(400);
        (await PostAsync(server.Partner.Forge.Token(good, header: Header()))).ShouldBe(400);
        (await PostAsync(Forge().Token(good, header: Header())[..^4] + "AAAA")).ShouldBe(400);
        (await PostAsync("a.b.c")).ShouldBe(400);
        (await PostAsync("")).ShouldBe(400);
        (await PostAsync("x", "another")).ShouldBe(400);
        (await PostAsync(new string('x', 40_000))).ShouldBe(413);
        (await IsInAsync(browser)).ShouldBeTrue();

        // Not every provider names the kind in the header.
        (await PostAsync(Forge().Token(good))).ShouldBe(200);
        (await IsInAsync(browser)).ShouldBeFalse();
    }

    [Fact]
    public async Task Provider_ThatLogsNobodyIn_OrIsNone_TellsNothing()
    {
        var token = Forge().Token(Claims(("sub", "x")), header: Header());

        (await PostAsync(token, path: "/auth/oidc/partner/backchannel-logout")).ShouldBe(404);
        (await PostAsync(token, path: "/auth/oidc/nobody/backchannel-logout")).ShouldBe(404);
    }

    [Fact]
    public async Task Session_OfAProviderThatIsConfiguredNoMore_IsOver()
    {
        var browser = await LogInAsync("heidi", "s");
        (await IsInAsync(browser)).ShouldBeTrue();
        var options = server.Services.GetRequiredService<ProviderDirectory>().Named("corp")!.Options;
        var (client, tenant) = (options.ClientId, options.TenantMapping.Tenant);

        options.ClientId = "";
        (await IsInAsync(browser)).ShouldBeFalse();
        options.ClientId = client;
        options.TenantMapping.Tenant = "other";
        (await IsInAsync(browser)).ShouldBeFalse();
        options.TenantMapping.Tenant = tenant;

        (await IsInAsync(browser)).ShouldBeTrue();
    }

    [Fact]
    public async Task Administrator_SeesAndEndsTheSessionsOfAnybody_AndTheLogKnows()
    {
        var (desk, phone) = (await LogInAsync("ida", "s1"), await LogInAsync("ida", "s2"));
        var stranger = await LogInAsync("jana", "s3");
        var subject = (await desk.SendAsync("GET", Me)).Expect(200).Text("subject");
        var path = $"/api/v1/sessions/{subject}";

        var open = (await server.GetAsync(path)).Expect(200).Items();
        open.Count.ShouldBe(2);
        open[0].Text("issuer").ShouldBe(server.Corp.Address);
        open[0].TryGetProperty("secret", out _).ShouldBeFalse();
        (await server.SendAsync("DELETE", $"{path}?dryRun=true", null, server.Admin)).Expect(200);
        (await IsInAsync(desk)).ShouldBeTrue();

        (await server.SendAsync("DELETE", $"{path}?reason=lost%20phone", null, server.Admin)).Expect(200);

        (await IsInAsync(desk)).ShouldBeFalse();
        (await IsInAsync(phone)).ShouldBeFalse();
        (await IsInAsync(stranger)).ShouldBeTrue();
        (await server.GetAsync(path)).Expect(200).Items().ShouldBeEmpty();
        var entry = (await server.GetAsync("/api/v1/audit?action=access.sessions_ended&limit=1")).Expect(200).Items()[0];
        entry.GetRawText().ShouldContain("2 session(s)");
        (await server.SendAsync("DELETE", "/api/v1/sessions/ida@example.com", null, server.Admin)).ExpectInvalid();
        var (_, viewer) = await server.TokenAsync("viewer");
        (await server.GetAsync(path, viewer)).ExpectProblem(403, "denied");
        (await server.SendAsync("DELETE", path, null, viewer)).ExpectProblem(403, "denied");
    }

    private TokenForge Forge() => server.Corp.Forge;

    private static JsonObject Header(string type = "logout+jwt") => TokenForge.Header("RS256", "rsa", ("typ", type));

    private JsonObject Claims(params (string Name, JsonNode? Value)[] changed)
    {
        var now = server.Time.GetUtcNow();
        return server.Corp.Claims(
            now,
            "nobody",
            [
                ("aud", Issuer.ClientId),
                ("jti", Guid.CreateVersion7().ToString()),
                ("events", new JsonObject { [Event] = new JsonObject() }),
                .. changed,
            ]
        );
    }

    private async Task<Browser> LogInAsync(string subject, string session)
    {
        var begun = await server.BeginAsync();
        server.Corp.IdClaims = () =>
            server.IdClaims(begun, ("sub", subject), ("sid", session), ("groups", new JsonArray("admins")));
        return await server.BrowserOfAsync(await server.EndAsync(begun));
    }

    private static async Task<bool> IsInAsync(Browser browser) => (await browser.SendAsync("GET", Me)).Status == 200;

    private Task<int> TellAsync(JsonObject claims) => PostAsync(Forge().Token(claims, header: Header()));

    private async Task<int> PostAsync(
        string token,
        string name = "logout_token",
        string path = "/auth/oidc/corp/backchannel-logout"
    )
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal) { [name] = token });
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), form, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
