using System.Net;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Authentication.Oidc;

/// <summary>
/// A server with two certified providers that differ in whatever providers differ in: algorithm, claims, where they say them, and
/// which tenant their people belong to. Nothing but configuration tells the server of it.
/// </summary>
public sealed class RealProviderServer : HalyardServer
{
    public RealProvider Flat { get; } = new("flat");

    public RealProvider Nested { get; } = new("nested");

    protected override IEnumerable<string> Settings =>
        [
            "--Halyard:PublicUrl=http://127.0.0.1:8080",
            "--Halyard:Identity:Providers:0:Name=flat",
            $"--Halyard:Identity:Providers:0:Issuer={Flat.Address}",
            "--Halyard:Identity:Providers:0:Audience=halyard-api",
            "--Halyard:Identity:Providers:0:ClientId=halyard",
            "--Halyard:Identity:Providers:0:ClientSecret=loopback secret",
            "--Halyard:Identity:Providers:0:TenantMapping:Tenant=default",
            "--Halyard:Identity:Providers:0:RoleMapping:0:Group=admins",
            "--Halyard:Identity:Providers:0:RoleMapping:0:Role=ADMIN",
            "--Halyard:Identity:Providers:1:Name=nested",
            $"--Halyard:Identity:Providers:1:Issuer={Nested.Address}",
            "--Halyard:Identity:Providers:1:Audience=halyard-api",
            "--Halyard:Identity:Providers:1:ClientId=halyard",
            "--Halyard:Identity:Providers:1:ClientSecret=loopback secret",
            "--Halyard:Identity:Providers:1:Algorithms:0=ES256",
            "--Halyard:Identity:Providers:1:TenantMapping:Claim=org",
            "--Halyard:Identity:Providers:1:TenantMapping:Values:0:Value=acme",
            "--Halyard:Identity:Providers:1:TenantMapping:Values:0:Tenant=other",
            "--Halyard:Identity:Providers:1:ClaimMapping:Groups=/realm_access/roles",
            "--Halyard:Identity:Providers:1:ClaimMapping:Email=mail",
            "--Halyard:Identity:Providers:1:RoleMapping:0:Group=admins",
            "--Halyard:Identity:Providers:1:RoleMapping:0:Role=ADMIN",
        ];

    protected override async ValueTask StartNeighboursAsync()
    {
        await Flat.StartAsync();
        await Nested.StartAsync();
    }

    protected override async ValueTask StopNeighboursAsync()
    {
        await Flat.DisposeAsync();
        await Nested.DisposeAsync();
    }

    public RealProvider Named(string name)
    {
        var provider = name == "flat" ? Flat : Nested;
        provider.Require();
        return provider;
    }

    /// <summary>Somebody logs in, from the first click to the page they wanted.</summary>
    public async Task<Answer> LogInAsync(string provider, string account, string more = "", CookieContainer? cookies = null)
    {
        var begun = await SendAsync("GET", $"/auth/login?provider={provider}&returnUrl=/flags{more}", null, "");
        begun.Status.ShouldBe(302, begun.Words);
        var back = await RealProvider.LogInAsync(begun.Headers["Location"], account, cookies);
        return await SendAsync("GET", back.PathAndQuery, null, "", ("Cookie", begun.Headers["Set-Cookie"].Split(';')[0]));
    }

    /// <summary>The browser of somebody who logged in.</summary>
    public async Task<Browser> BrowserAsync(string provider, string account, string more, CookieContainer? cookies = null)
    {
        var answer = await LogInAsync(provider, account, more, cookies);
        answer.Status.ShouldBe(302, answer.Words);
        answer.Headers["Location"].ShouldBe("/flags");
        var cookie = answer
            .Headers["Set-Cookie"]
            .Split('\n')
            .Single(set => set.StartsWith("halyard-session=", StringComparison.Ordinal));
        var session = (await new Browser(this, cookie, "").SendAsync("GET", "/auth/session")).Expect(200);
        return new Browser(this, cookie, session.Text("csrfToken"));
    }
}

/// <summary>What the specifications promise, held by somebody else's implementation of them.</summary>
public sealed class RealProviderTests(RealProviderServer server) : IClassFixture<RealProviderServer>
{
    private const string Me = "/api/v1/me";
    private const string Projects = "/api/v1/projects";

    [Theory]
    [InlineData("flat", "default")]
    [InlineData("nested", "other")]
    public async Task Browser_LogsIn_IsWhoTheProviderSays_AndLogsOut(string name, string tenant)
    {
        var provider = server.Named(name);

        var browser = await server.BrowserAsync(name, "ada", "&acr=urn:test:gold&maxAge=300");

        var session = (await browser.SendAsync("GET", "/auth/session")).Expect(200);
        session.Text("tenant").ShouldBe(tenant);
        session.Text("acr").ShouldBe("urn:test:gold");
        session.Text("authenticatedAt").ShouldNotBeEmpty();
        session.GetProperty("groups").EnumerateArray().Select(group => group.GetString()).ShouldBe(["admins", "staff"]);
        (await browser.SendAsync("GET", Projects)).Expect(200);
        (await browser.SendAsync("POST", Projects, $$"""{"key":"by-{{name}}","name":"Made by a browser"}""")).Expect(200);
        var log = $"/api/v1/audit?action=access.logged_in&actor={session.Text("subject")}&reveal=true";
        var entry = (await browser.SendAsync("GET", log)).Expect(200).Items()[^1].GetRawText();
        entry.ShouldContain("ada@example.com");
        entry.ShouldContain("Ada Lovelace");
        var left = (await browser.SendAsync("POST", "/auth/logout")).Expect(200).Text("providerAddress");
        left.ShouldStartWith(provider.Address);
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(left), TestContext.Current.CancellationToken)).IsSuccessStatusCode.ShouldBeTrue();
        (await browser.SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
    }

    [Theory]
    [InlineData("flat", "default")]
    [InlineData("nested", "other")]
    public async Task AccessToken_LetsItsPersonIn_AsTheBrowserDoes(string name, string tenant)
    {
        var provider = server.Named(name);
        var browser = await server.BrowserAsync(name, "ada", "");

        var me = (await server.GetAsync(Me, await provider.TokenOfAsync("ada"))).Expect(200);

        me.Text("tenant").ShouldBe(tenant);
        me.Text("subject").ShouldBe((await browser.SendAsync("GET", Me)).Expect(200).Text("subject"));
        (await server.GetAsync("/api/v1/roles", await provider.TokenOfAsync("bob"))).ExpectProblem(403, "denied");
        // A client that acts for itself is somebody, but may do nothing here.
        (await server.GetAsync("/api/v1/roles", await provider.TokenOfRobotAsync())).ExpectProblem(403, "denied");
    }

    [Fact]
    public async Task PersonOfNoTenant_IsNotLetIn()
    {
        var provider = server.Named("nested");

        (await server.LogInAsync("nested", "eve")).ExpectProblem(400, "log-in-failed");
        (await server.GetAsync(Me, await provider.TokenOfAsync("eve"))).ExpectProblem(401, "unauthenticated");
    }

    [Theory]
    [InlineData("flat")]
    [InlineData("nested")]
    public async Task Provider_WithNewKeys_IsBelieved_AndItsOldKeysAreNot(string name)
    {
        var provider = server.Named(name);
        var old = await provider.TokenOfAsync("ada");
        (await server.GetAsync(Me, old)).Expect(200);

        await provider.RotateAsync();
        server.Time.Advance(TimeSpan.FromSeconds(31));

        (await server.GetAsync(Me, await provider.TokenOfAsync("ada"))).Expect(200);
        (await server.GetAsync(Me, old)).ExpectProblem(401, "unauthenticated");
        (await server.LogInAsync(name, "ada")).Status.ShouldBe(302);
    }
}
