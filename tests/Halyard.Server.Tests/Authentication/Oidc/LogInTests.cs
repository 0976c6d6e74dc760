using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Halyard.Server.Authentication.Local;
using Halyard.Server.Authentication.Oidc;
using Halyard.Server.Tests.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Authentication.Oidc;

/// <summary>Log-ins of browsers at an identity provider, step by step as browsers take them, and as attackers bend them.</summary>
public sealed class LogInTests(OidcServer server) : IClassFixture<OidcServer>
{
    private const string Me = "/api/v1/me";
    private const string Log = "/api/v1/audit?action=access.logged_in";

    [Fact]
    public async Task Providers_ThatBrowsersCanLogInWith_AreListed() =>
        (await server.SendAsync("GET", "/auth/providers", null, ""))
            .Expect(200)
            .GetProperty("providers")
            .EnumerateArray()
            .Select(name => name.GetString())
            // The other has no client id: its access tokens alone are taken.
            .ShouldBe(["corp"]);

    [Fact]
    public async Task LogIn_SendsTheBrowserToTheProvider_WithEverythingThatBindsTheAnswer()
    {
        var begun = await server.BeginAsync("/auth/login?returnUrl=/flags?x=1&maxAge=60&acr=gold%20silver");

        begun.Address.ShouldStartWith($"{server.Corp.Address}/authorize?audience=x&");
        begun.Query["response_type"].ShouldBe("code");
        begun.Query["client_id"].ShouldBe(Issuer.ClientId);
        begun.Query["redirect_uri"].ShouldBe($"{server.Address.GetLeftPart(UriPartial.Authority)}/auth/callback/corp");
        begun.Query["scope"].ShouldBe("openid profile email");
        begun.Query["code_challenge_method"].ShouldBe("S256");
        begun.Query["max_age"].ShouldBe("60");
        begun.Query["acr_values"].ShouldBe("gold silver");
        new[] { begun.Query["state"], begun.Query["nonce"], begun.Query["code_challenge"] }.ShouldAllBe(text =>
            text.Length == 43
        );
        begun.SetCookie.ShouldContain("httponly");
        begun.SetCookie.ShouldContain("samesite=lax");
        begun.SetCookie.ShouldContain("max-age=600");
        (await server.BeginAsync()).Query["state"].ShouldNotBe((await server.BeginAsync()).Query["state"]);
    }

    [Fact]
    public async Task LogIn_EndsInASession_OfThePersonThatTheProviderNames()
    {
        var begun = await server.BeginAsync("/auth/login?provider=corp&returnUrl=/flags");
        server.Corp.IdClaims = () =>
            server.IdClaims(begun, ("sub", "mary"), ("groups", new JsonArray("admins")), ("email", "mary@example.com"));

        var answer = await server.EndAsync(begun);

        answer.Status.ShouldBe(302, answer.Words);
        answer.Headers["Location"].ShouldBe("/flags");
        var browser = await server.BrowserOfAsync(answer);
        (await browser.SendAsync("GET", Me)).Expect(200).Text("kind").ShouldBe("user");
        var session = (await browser.SendAsync("GET", "/auth/session")).Expect(200);
        session.Text("authentication").ShouldBe("oidc");
        session.Text("issuer").ShouldBe(server.Corp.Address);
        session.Text("authenticatedAt").ShouldNotBeEmpty();
        session.GetProperty("groups")[0].GetString().ShouldBe("admins");
        // The code was redeemed by whoever began: with the secret, and with what the challenge is the hash of.
        server.Corp.Redeemed["code"].ShouldBe("the-code");
        server.Corp.Redeemed["redirect_uri"].ShouldBe(begun.Query["redirect_uri"]);
        WebEncoders
            .Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(server.Corp.Redeemed["code_verifier"])))
            .ShouldBe(begun.Query["code_challenge"]);
        Encoding
            .ASCII.GetString(Convert.FromBase64String(server.Corp.Authorization["Basic ".Length..]))
            .ShouldBe("halyard:a%20secret%3A%20100%25");
        var entry = (await server.GetAsync($"{Log}&actor={session.Text("subject")}&reveal=true")).Expect(200).Items().Single();
        entry.GetRawText().ShouldContain("mary@example.com");
    }

    [Fact]
    public async Task BrowserAndBearer_OfOnePerson_AreOneSubject()
    {
        var begun = await server.BeginAsync();
        server.Corp.IdClaims = () => server.IdClaims(begun, ("sub", "twice"), ("groups", new JsonArray("admins")));
        var browser = await server.BrowserOfAsync(await server.EndAsync(begun));

        var subject = (await server.GetAsync(Me, server.CorpToken("twice"))).Expect(200).Text("subject");

        (await browser.SendAsync("GET", Me)).Expect(200).Text("subject").ShouldBe(subject);
    }

    [Fact]
    public async Task Answer_ThatIsNotToTheLogInThatWasBegun_LogsNobodyIn()
    {
        var other = await server.BeginAsync();
        (string Name, Func<Begun, string> Query, Func<Begun, string> Cookie)[] bent =
        [
            ("another state", begun => $"code=c&state={other.Query["state"]}", begun => begun.Cookie),
            ("no state", _ => "code=c", begun => begun.Cookie),
            ("two states", begun => $"code=c&state={begun.Query["state"]}&state=x", begun => begun.Cookie),
            ("no code", begun => $"state={begun.Query["state"]}", begun => begun.Cookie),
            ("an error", begun => $"code=c&state={begun.Query["state"]}&error=access_denied", begun => begun.Cookie),
            ("another issuer", begun => $"code=c&state={begun.Query["state"]}&iss=https://x.example", begun => begun.Cookie),
            ("no cookie", begun => $"code=c&state={begun.Query["state"]}", _ => ""),
            ("another browser's cookie", begun => $"code=c&state={begun.Query["state"]}", _ => other.Cookie),
            ("a cookie that was touched", begun => $"code=c&state={begun.Query["state"]}", begun => begun.Cookie[..^2] + "AA"),
        ];
        foreach (var (name, query, cookie) in bent)
        {
            var begun = await server.BeginAsync();
            server.Corp.IdClaims = () => server.IdClaims(begun);

            var answer = await server.SendAsync(
                "GET",
                $"/auth/callback/corp?{query(begun)}",
                null,
                "",
                ("Cookie", cookie(begun))
            );

            answer.ExpectProblem(400, "log-in-failed").Text("detail").ShouldNotContain("state", Case.Insensitive, name);
            (answer.Headers.TryGetValue("Set-Cookie", out var set) ? set : "").ShouldNotContain(
                "halyard-session=h",
                Case.Sensitive,
                name
            );
        }
    }

    [Fact]
    public async Task IdToken_ThatIsNotForThisLogIn_LogsNobodyIn()
    {
        var now = server.Time.GetUtcNow().ToUnixTimeSeconds();
        (string Name, (string, JsonNode?)[] Claims)[] bent =
        [
            ("another nonce", [("nonce", "x")]),
            ("no nonce", [("nonce", null)]),
            ("for the API", [("aud", Issuer.Audience)]),
            ("for others too", [("aud", new JsonArray(Issuer.ClientId, "other"))]),
            ("for another party", [("azp", "other")]),
            ("another issuer", [("iss", server.Partner.Address)]),
            ("expired", [("exp", now - 100)]),
            ("no subject", [("sub", null)]),
        ];
        foreach (var (name, claims) in bent)
        {
            var begun = await server.BeginAsync();
            server.Corp.IdClaims = () => server.IdClaims(begun, claims);

            (await server.EndAsync(begun)).Status.ShouldBe(400, name);
        }
        var good = await server.BeginAsync();
        server.Corp.IdClaims = () =>
            server.IdClaims(good, ("aud", new JsonArray(Issuer.ClientId, "other")), ("azp", Issuer.ClientId));
        (await server.EndAsync(good)).Status.ShouldBe(302);
    }

    [Fact]
    public async Task FreshOrStrongLogIn_ThatWasAskedFor_MustBeOne()
    {
        var now = server.Time.GetUtcNow().ToUnixTimeSeconds();
        ((string, JsonNode?)[] Claims, int Status)[] cases =
        [
            ([("auth_time", now - 5), ("acr", "gold")], 302),
            ([("auth_time", now - 200), ("acr", "gold")], 400),
            ([("auth_time", null), ("acr", "gold")], 400),
            ([("auth_time", now - 5), ("acr", "bronze")], 400),
            ([("auth_time", now - 5)], 400),
        ];
        foreach (var (claims, status) in cases)
        {
            var begun = await server.BeginAsync("/auth/login?maxAge=60&acr=gold");
            server.Corp.IdClaims = () => server.IdClaims(begun, claims);

            (await server.EndAsync(begun)).Status.ShouldBe(status);
        }
    }

    [Fact]
    public async Task State_IsUsedOnce_AndForTenMinutes()
    {
        var late = await server.BeginAsync();
        server.Corp.IdClaims = () => server.IdClaims(late);
        server.Time.Advance(TimeSpan.FromSeconds(601));
        (await server.EndAsync(late)).ExpectProblem(400, "log-in-failed");

        var begun = await server.BeginAsync();
        server.Corp.IdClaims = () => server.IdClaims(begun);
        // The browser forgets it with the answer.
        (await server.EndAsync(begun))
            .Headers["Set-Cookie"]
            .ShouldContain("halyard-log-in=; expires=Thu, 01 Jan 1970");
    }

    [Theory]
    [InlineData("https://attacker.example/")]
    [InlineData("//attacker.example/")]
    [InlineData("/\\attacker.example/")]
    [InlineData("\\\\attacker.example")]
    [InlineData("/a\\..\\b")]
    [InlineData("/\t/attacker.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("flags")]
    [InlineData("/a/..//attacker.example")]
    [InlineData("/./\\attacker.example")]
    public async Task ReturnUrl_OutsideThisServer_IsRefused(string url)
    {
        OidcEndpoints.Local(url).ShouldBeNull();
        (await server.SendAsync("GET", $"/auth/login?returnUrl={Uri.EscapeDataString(url)}", null, ""))
            .ExpectInvalid()
            .ShouldBe(["/returnUrl"]);
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/flags?q=ä b#top", "/flags?q=%C3%A4%20b#top")]
    [InlineData("/a//b", "/a//b")]
    public void ReturnUrl_OfThisServer_IsMadeFitForAHeader(string url, string local) => OidcEndpoints.Local(url).ShouldBe(local);

    [Fact]
    public async Task Provider_ThatNobodyConfigured_IsNone()
    {
        foreach (var name in new[] { "partner", "CORP", "x" })
        {
            (await server.SendAsync("GET", $"/auth/login?provider={name}", null, "")).ExpectProblem(404, "not-found");
            (await server.SendAsync("GET", $"/auth/callback/{name}?code=c&state=s", null, "")).ExpectProblem(404, "not-found");
        }
        (await server.SendAsync("GET", "/auth/login?maxAge=-1&next=x", null, "")).ExpectInvalid().ShouldBe(["/maxAge", "/next"]);
    }

    [Fact]
    public async Task LogOut_NamesWhereToLogOutOfTheProvider()
    {
        var begun = await server.BeginAsync();
        server.Corp.IdClaims = () => server.IdClaims(begun);
        var browser = await server.BrowserOfAsync(await server.EndAsync(begun));

        var answer = (await browser.SendAsync("POST", "/auth/logout")).Expect(200);

        var address = new Uri(answer.Text("providerAddress"));
        address.GetLeftPart(UriPartial.Path).ShouldBe($"{server.Corp.Address}/logout");
        QueryHelpers.ParseQuery(address.Query)["client_id"].ToString().ShouldBe(Issuer.ClientId);
        (await browser.SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task Failures_AreOneEntryAMinute_WithTheirNumber()
    {
        const string failed = "/api/v1/audit?action=access.login_failed";
        // What other tests left.
        for (var i = 0; i < 2; i++)
            await server.Services.GetRequiredService<FailedLogIns>().FlushAsync(TestContext.Current.CancellationToken);
        async Task FailAsync() =>
            (await server.SendAsync("GET", "/auth/callback/corp?code=c&state=s", null, "")).ExpectProblem(400, "log-in-failed");
        var before = (await server.GetAsync(failed)).Expect(200).Items().Count;

        for (var i = 0; i < 20; i++)
            await FailAsync();
        (await server.GetAsync(failed)).Expect(200).Items().Count.ShouldBe(before + 1);
        await server.Services.GetRequiredService<FailedLogIns>().FlushAsync(TestContext.Current.CancellationToken);

        var entries = (await server.GetAsync(failed)).Expect(200).Items();
        entries.Count.ShouldBe(before + 2);
        entries[0].GetRawText().ShouldContain("19 log-ins with 'corp' failed");
        entries[0].GetProperty("succeeded").GetBoolean().ShouldBeFalse();
    }
}

/// <summary>A provider that says little in its ID tokens says the rest when it is asked.</summary>
public sealed class UserInfoTests : IAsyncLifetime
{
    private readonly OidcServer _server = new();

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _server.Corp.Metadata["userinfo_endpoint"] = $"{_server.Corp.Address}/userinfo";
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("person-1", 302)]
    [InlineData("person-2", 400)]
    [InlineData("", 400)]
    public async Task WhatTheTokenLeavesOut_IsBelievedOfTheSamePersonAlone(string subject, int status)
    {
        if (subject.Length > 0)
            _server.Corp.UserInfo = $$"""{"sub":"{{subject}}","groups":["admins"]}""";
        var begun = await _server.BeginAsync();
        _server.Corp.IdClaims = () => _server.IdClaims(begun);

        var answer = await _server.EndAsync(begun);

        answer.Status.ShouldBe(status);
        if (status == 302)
            (await (await _server.BrowserOfAsync(answer)).SendAsync("GET", "/api/v1/projects")).Expect(200);
    }

    [Fact]
    public async Task TokenThatSaysEverything_IsEnough()
    {
        var begun = await _server.BeginAsync();
        _server.Corp.IdClaims = () =>
            _server.IdClaims(begun, ("groups", new JsonArray("admins")), ("email", "a@example.com"), ("name", "A"));

        (await _server.EndAsync(begun)).Status.ShouldBe(302);

        _server.Corp.Asked("/userinfo").ShouldBe(0);
    }
}
