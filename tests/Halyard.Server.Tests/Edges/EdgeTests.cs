using Halyard.Server.Edges;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Edges;

/// <summary>What stands before every endpoint, with nothing configured.</summary>
public sealed class EdgeTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/api/v1/me")]
    [InlineData("/nowhere")]
    public async Task EveryAnswer_TellsBrowsersToDoNothingWithIt(string path)
    {
        var headers = (await server.GetAsync(path)).Headers;

        headers["X-Content-Type-Options"].ShouldBe("nosniff");
        headers["Referrer-Policy"].ShouldBe("no-referrer");
        headers["Content-Security-Policy"].ShouldStartWith("default-src 'none'; frame-ancestors 'none'");
        headers.Keys.ShouldNotContain("Strict-Transport-Security");
        headers.Keys.ShouldNotContain("Server");
    }

    [Fact]
    public async Task OtherSites_MayCallNothing_UnlessConfigured()
    {
        var preflight = await server.SendAsync(
            "OPTIONS",
            "/ofrep/v1/evaluate/flags",
            null,
            "",
            ("Origin", "https://shop.example.com"),
            ("Access-Control-Request-Method", "POST")
        );

        preflight.Headers.Keys.ShouldNotContain("Access-Control-Allow-Origin");
    }

    [Fact]
    public async Task ForwardedHeaders_OfAnybody_AreNotBelieved()
    {
        var before = await server.HeadAsync();
        await server.PostAsync("/api/v1/projects", """{"key":"fwd","name":"F"}""", null, ("X-Forwarded-For", "203.0.113.9"));

        (await server.GetAsync($"/api/v1/audit/{before.Size}?reveal=true")).Words.ShouldNotContain("203.0.113.9");
        (await server.GetAsync("/health/live")).Headers.Keys.ShouldNotContain("Strict-Transport-Security");
    }

    [Theory]
    [InlineData("https://shop.example.com/", "10.0.0.0/8", false)]
    [InlineData("*", "10.0.0.0/8", false)]
    [InlineData("https://shop.example.com", "everybody", false)]
    [InlineData("https://shop.example.com", "10.0.0.0/8", true)]
    [InlineData("http://localhost:5173", "::1", true)]
    public void Options_ThatMeanSomethingElse_AreRefusedAtTheStart(string origin, string proxy, bool isGood) =>
        new EdgeOptions { Origins = [origin], Proxies = [proxy] }
            .Problems()
            .Any()
            .ShouldBe(!isGood);
}

/// <summary>The same with an origin, a proxy and few requests.</summary>
public sealed class ConfiguredEdgeTests(ConfiguredEdgeTests.EdgeServer server) : IClassFixture<ConfiguredEdgeTests.EdgeServer>
{
    private const string Shop = "https://shop.example.com";

    [Fact]
    public async Task ConfiguredSite_MayEvaluate_AndNothingElse()
    {
        var asked = new[] { ("Origin", Shop), ("Access-Control-Request-Method", "POST") };

        var evaluate = await server.SendAsync("OPTIONS", "/ofrep/v1/evaluate/flags", null, "", asked);
        var manage = await server.SendAsync("OPTIONS", "/api/v1/projects", null, "", asked);
        var other = await server.SendAsync(
            "OPTIONS",
            "/ofrep/v1/evaluate/flags",
            null,
            "",
            ("Origin", Shop + ".evil.example"),
            ("Access-Control-Request-Method", "POST")
        );

        evaluate.Headers["Access-Control-Allow-Origin"].ShouldBe(Shop);
        evaluate.Headers.Keys.ShouldNotContain("Access-Control-Allow-Credentials");
        manage.Headers.Keys.ShouldNotContain("Access-Control-Allow-Origin");
        other.Headers.Keys.ShouldNotContain("Access-Control-Allow-Origin");
    }

    [Fact]
    public async Task ConfiguredProxy_IsBelieved_AboutTheAddressAndTheScheme()
    {
        var answer = await server.SendAsync("GET", "/health/live", null, "", ("X-Forwarded-Proto", "https"), From(1));

        answer.Headers["Strict-Transport-Security"].ShouldStartWith("max-age=");
    }

    [Fact]
    public async Task CredentialAndAddress_ThatAskTooOften_MustWait_AndOthersNeedNot()
    {
        var (_, busy) = await server.TokenAsync("ADMIN");
        for (var i = 0; i < EdgeServer.PerMinute; i++)
            (await server.SendAsync("GET", "/api/v1/me", null, busy, From(10 + i))).Expect(200);

        var refused = await server.SendAsync("GET", "/api/v1/me", null, busy, From(9));
        refused.ExpectProblem(429, "too-many-requests");
        int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        (await server.SendAsync("GET", "/api/v1/me", null, server.Other, From(9))).Expect(200);

        for (var i = 0; i < EdgeServer.PerMinute; i++)
            await server.SendAsync("GET", "/api/v1/me", null, "hal.default.t_1.guess", From(200));
        (await server.SendAsync("GET", "/api/v1/me", null, server.Other, From(200))).ExpectProblem(429, "too-many-requests");
        (await server.SendAsync("GET", "/api/v1/me", null, server.Other, From(201))).Expect(200);
    }

    private static (string Name, string Value) From(int host) => ("X-Forwarded-For", $"198.51.100.{host}");

    /// <summary>A server with something configured.</summary>
    public sealed class EdgeServer : HalyardServer
    {
        public const int PerMinute = 20;

        protected override IEnumerable<string> Settings =>
            [
                $"--Halyard:Edge:Origins:0={Shop}",
                "--Halyard:Edge:Proxies:0=127.0.0.1",
                $"--Halyard:Edge:RequestsPerMinute={PerMinute}",
                $"--Halyard:Edge:AddressRequestsPerMinute={PerMinute}",
            ];
    }
}
