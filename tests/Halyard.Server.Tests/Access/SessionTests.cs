using Halyard.Server.Authentication.Sessions;
using Halyard.Server.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Access;

/// <summary>A browser's session does what its holder may, for its own pages alone and for its time alone.</summary>
public sealed class SessionTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Me = "/api/v1/me";
    private const string Projects = "/api/v1/projects";

    [Fact]
    public async Task Session_ActsAsItsHolder_AndSaysSo()
    {
        var browser = await server.BrowserAsync(subject: "s_holder");

        var me = (await browser.SendAsync("GET", Me)).Expect(200);
        var answer = await browser.SendAsync("GET", "/auth/session");

        me.Text("subject").ShouldBe("s_holder");
        me.Text("kind").ShouldBe("user");
        var session = answer.Expect(200);
        session.Text("csrfToken").ShouldBe(browser.CsrfToken);
        session.Text("authentication").ShouldBe("oidc");
        answer.Headers["Cache-Control"].ShouldBe("no-store");
    }

    [Fact]
    public async Task LogInAndLogOut_AreInTheLog_UnderTheSessionsId()
    {
        var before = await server.HeadAsync();
        var browser = await server.BrowserAsync(subject: "s_logged");

        (await browser.SendAsync("POST", "/auth/logout")).Status.ShouldBe(204);

        var started = (await server.GetAsync($"/api/v1/audit/{before.Size}")).Expect(200);
        started.Text("type").ShouldBe("access.logged_in");
        started.GetProperty("actor").Text("subject").ShouldBe("s_logged");
        var ended = (await server.GetAsync($"/api/v1/audit/{before.Size + 2}")).Expect(200);
        (await server.GetAsync($"/api/v1/audit?action=access.logged_out&actor=s_logged")).Expect(200).Items().Count.ShouldBe(1);
        ended.Text("type").ShouldBe("log.viewed");
    }

    [Fact]
    public async Task LoggedOutSession_IsRefusedAtOnce()
    {
        var browser = await server.BrowserAsync(subject: "s_out");
        var other = await server.BrowserAsync(subject: "s_out");

        var answer = await browser.SendAsync("POST", "/auth/logout");

        answer.Headers["Set-Cookie"].ShouldContain("expires=Thu, 01 Jan 1970");
        (await browser.SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
        (await other.SendAsync("GET", Me)).Expect(200);
    }

    [Theory]
    [InlineData("X-CSRF-Token", "no")]
    [InlineData("X-CSRF-Token", "")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    public async Task WriteWithACookie_ThatAnotherSiteMayHaveMade_IsRefused(string header, string value)
    {
        var browser = await server.BrowserAsync();
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Sec-Fetch-Site"] = "same-origin",
            ["X-CSRF-Token"] = browser.CsrfToken,
            [header] = value,
        };
        var head = await server.HeadAsync();

        var answer = await browser.SendAsync(
            "POST",
            Projects,
            """{"key":"forged"}""",
            [.. headers.Select(item => (item.Key, item.Value))]
        );

        answer.ExpectProblem(403, "cross-site");
        (await server.HeadAsync()).ShouldBe(head);
    }

    [Fact]
    public async Task WriteWithACookie_OfAnOlderBrowser_IsJudgedByItsOrigin()
    {
        var browser = await server.BrowserAsync();
        var token = ("X-CSRF-Token", browser.CsrfToken);
        var own = server.Address.GetLeftPart(UriPartial.Authority);

        foreach (var origin in new[] { "http://evil.example", own + ".evil.example", "null", "https" + own[4..] })
            (await browser.SendAsync("POST", Projects, """{"key":"old"}""", token, ("Origin", origin))).ExpectProblem(
                403,
                "cross-site"
            );
        (await browser.SendAsync("POST", Projects, """{"key":"old"}""", token)).ExpectProblem(403, "cross-site");
        (await browser.SendAsync("POST", Projects, """{"key":"old","name":"Old"}""", token, ("Origin", own))).Expect(200);
    }

    [Fact]
    public async Task TokenOfAnotherSession_ForgesNothing()
    {
        var (browser, other) = (await server.BrowserAsync(), await server.BrowserAsync());

        var answer = await browser.SendAsync(
            "POST",
            Projects,
            "{}",
            ("Sec-Fetch-Site", "same-origin"),
            ("X-CSRF-Token", other.CsrfToken)
        );

        answer.ExpectProblem(403, "cross-site");
    }

    [Fact]
    public async Task BearerTokens_NeedNoProofOfTheSite()
    {
        var answer = await server.PostAsync(
            Projects,
            """{"key":"bearer","name":"Bearer"}""",
            server.Admin,
            ("Sec-Fetch-Site", "cross-site"),
            ("Origin", "http://evil.example")
        );

        answer.Expect(200);
    }

    [Fact]
    public async Task BadBearer_IsNotSavedByACookie()
    {
        var browser = await server.BrowserAsync();

        (await browser.SendAsync("GET", Me, null, ("Authorization", "Bearer hal.default.t_1.nothing"))).ExpectProblem(
            401,
            "unauthenticated"
        );
    }

    [Fact]
    public async Task Cookie_IsNoBearerToken_AndATokenIsNoCookie()
    {
        var browser = await server.BrowserAsync();
        var credential = browser.Cookie[(browser.Cookie.IndexOf('=', StringComparison.Ordinal) + 1)..];

        (await server.GetAsync(Me, credential)).ExpectProblem(401, "unauthenticated");
        (await server.SendAsync("GET", Me, null, "", ("Cookie", $"halyard-session={server.Admin}"))).ExpectProblem(
            401,
            "unauthenticated"
        );
        (await server.SendAsync("GET", "/auth/session", null, server.Admin)).ExpectProblem(401, "unauthenticated");
        // Over http a cookie that only https may set is none.
        (await server.SendAsync("GET", Me, null, "", ("Cookie", $"__Host-halyard-session={credential}"))).ExpectProblem(
            401,
            "unauthenticated"
        );
    }

    [Theory]
    [InlineData("halyard-session=")]
    [InlineData("halyard-session=hal.default.s_browser.guess")]
    [InlineData("halyard-session=hal..s_browser.guess")]
    [InlineData("halyard-session=hal.default..guess")]
    [InlineData("halyard-session=hal.%2e%2e.%00.x")]
    public async Task CookieThatNobodyGave_IsNone(string cookie)
    {
        await server.BrowserAsync();

        (await server.SendAsync("GET", Me, null, "", ("Cookie", cookie))).ExpectProblem(401, "unauthenticated");
    }

    [Theory]
    [InlineData("http", "127.0.0.1", false)]
    [InlineData("http", "localhost", false)]
    [InlineData("http", "[::1]", false)]
    [InlineData("http", "flags.example.com", true)]
    [InlineData("https", "localhost", true)]
    [InlineData("https", "flags.example.com", true)]
    public void Cookie_IsForHttpsAlone_UnlessTheBrowserTalksToItsOwnMachine(string scheme, string host, bool secure)
    {
        var context = new DefaultHttpContext();
        context.Request.Scheme = scheme;
        context.Request.Host = new HostString(host);

        SessionCookie.Write(context, "hal.default.s_1.x");

        var cookie = context.Response.Headers.SetCookie.ToString();
        cookie.StartsWith("__Host-", StringComparison.Ordinal).ShouldBe(secure);
        cookie.Contains("; secure", StringComparison.Ordinal).ShouldBe(secure);
        cookie.ShouldContain("; path=/; ");
        cookie.ShouldContain("; samesite=lax");
        cookie.ShouldContain("; httponly");
        cookie.ShouldNotContain("domain");
    }

    [Fact]
    public async Task LogIn_EndsTheSessionThatTheBrowserHadBefore()
    {
        var before = await server.BrowserAsync(subject: "s_again");
        var context = new DefaultHttpContext { RequestServices = server.Services };
        context.Request.Host = new HostString("127.0.0.1");
        context.Request.Headers.Cookie = before.Cookie;
        var actor = new Core.Access.Actor("default", "s_again", Core.Access.ActorKind.User, "oidc", ["ADMIN"], null);

        var started = await server
            .Services.GetRequiredService<BrowserSessions>()
            .StartAsync(context, actor, TestContext.Current.CancellationToken);

        started.Error.ShouldBeNull();
        (await before.SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
    }
}
