using System.Text.Json.Nodes;
using Halyard.Server.Tests.Authentication.Jwt;
using Halyard.Server.Tests.Delivery;

namespace Halyard.Server.Tests.Authentication.Oidc;

/// <summary>The keys of a provider come, go and cannot be had; each test has a server of its own.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private const string Me = "/api/v1/me";
    private const string Keys = "/keys";

    private readonly OidcServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task FloodOfUnknownKeys_CostsOneRequest()
    {
        (await _server.GetAsync(Me, _server.CorpToken())).Expect(200);
        _server.Time.Advance(TimeSpan.FromSeconds(31));
        var now = _server.Time.GetUtcNow();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 100),
            TestContext.Current.CancellationToken,
            async (i, _) =>
            {
                var token = _server.Corp.Forge.Token(_server.Corp.Claims(now), header: TokenForge.Header("RS256", $"key-{i}"));
                (await _server.GetAsync(Me, token)).ExpectProblem(401, "unauthenticated");
            }
        );

        _server.Corp.Asked(Keys).ShouldBe(2);
        (await _server.GetAsync(Me, _server.CorpToken())).Expect(200);
    }

    [Fact]
    public async Task NewKey_IsFoundAtOnce_AndTheOldOneIsWorthNothing()
    {
        var old = _server.CorpToken();
        (await _server.GetAsync(Me, old)).Expect(200);
        var before = _server.Corp.Forge;
        _server.Corp.Rotate();
        _server.Time.Advance(TimeSpan.FromSeconds(31));
        var claims = _server.Corp.Claims(_server.Time.GetUtcNow(), "person-1", ("groups", new JsonArray("admins")));
        // The provider's new key has a new name, as providers do it.
        var moved = _server.Corp.Forge.Token(claims, "ES256");

        (
            await _server.GetAsync(Me, _server.Corp.Forge.Token(claims, header: TokenForge.Header("RS256", "unknown")))
        ).Status.ShouldBe(401);
        (await _server.GetAsync(Me, moved)).Expect(200);
        (await _server.GetAsync(Me, before.Token(claims, "ES256"))).ExpectProblem(401, "unauthenticated");
        _server.Corp.Asked(Keys).ShouldBe(2);
    }

    [Fact]
    public async Task KeyThatWasWithdrawn_IsWorthNothing_AtTheFirstRequestAfterAQuietTime()
    {
        (await _server.GetAsync(Me, _server.CorpToken())).Expect(200);
        var before = _server.Corp.Forge;
        _server.Corp.Rotate();
        _server.Time.Advance(TimeSpan.FromMinutes(20));
        var claims = _server.Corp.Claims(_server.Time.GetUtcNow(), "person-1", ("groups", new JsonArray("admins")));

        (await _server.GetAsync(Me, before.Token(claims))).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task ProviderThatIsDown_IsBelievedForABoundedTime()
    {
        (await _server.GetAsync(Me, _server.CorpToken())).Expect(200);
        _server.Corp.Instead = new Reply(503);

        _server.Time.Advance(TimeSpan.FromHours(23));
        (await _server.GetAsync(Me, _server.CorpToken())).Expect(200);
        _server.Time.Advance(TimeSpan.FromHours(1));
        (await _server.GetAsync(Me, _server.CorpToken())).ExpectProblem(401, "unauthenticated");
        _server.Corp.Instead = null;
        _server.Time.Advance(TimeSpan.FromSeconds(31));
        (await _server.GetAsync(Me, _server.CorpToken())).Expect(200);
    }

    [Theory]
    [InlineData("issuer", "http://127.0.0.1:1")]
    [InlineData("jwks_uri", "http://keys.example/")]
    [InlineData("jwks_uri", "file:///etc/passwd")]
    [InlineData("token_endpoint", "http://token.example/")]
    [InlineData("jwks_uri", null)]
    public async Task Announcement_ThatIsNotSafe_IsNotUsed(string member, string? value)
    {
        _server.Corp.Metadata.Remove(member);
        if (value is not null)
            _server.Corp.Metadata[member] = value;

        (await _server.GetAsync(Me, _server.CorpToken())).ExpectProblem(401, "unauthenticated");
        _server.Corp.Asked(Keys).ShouldBe(0);
    }

    [Fact]
    public async Task Provider_ThatSendsElsewhereOrTooMuch_IsNotUsed()
    {
        foreach (
            var reply in new[]
            {
                new Reply(302, "", ("Location", $"{_server.Partner.Address}/.well-known/openid-configuration")),
                new Reply(200, new string(' ', 300_000)),
                new Reply(200, "<html>"),
                new Reply(200, """{"issuer":"x","issuer":"y"}"""),
            }
        )
        {
            _server.Corp.Instead = reply;
            (await _server.GetAsync(Me, _server.CorpToken())).ExpectProblem(401, "unauthenticated");
            _server.Time.Advance(TimeSpan.FromSeconds(31));
        }
        _server.Partner.Asked("/.well-known/openid-configuration").ShouldBe(0);
    }
}
