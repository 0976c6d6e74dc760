using Halyard.Server.Delivery;
using Microsoft.Extensions.Configuration;

namespace Halyard.Server.Tests.Delivery;

public sealed class SecretsTests : IAsyncLifetime
{
    private StandIn _target = null!;
    private DeliveryWorld _world = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _target = await StandIn.StartAsync();
        _world = await DeliveryWorld.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _world.Dispose();
        await _target.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"kind":"webhook","target":"TARGET/in","secret":"hooks"}""")]
    [InlineData("""{"kind":"webhook","target":"TARGET/in","secret":"own","previousSecret":"hooks"}""")]
    [InlineData("""{"kind":"webhook","targetSecret":"hooks","secret":"own"}""")]
    [InlineData("""{"kind":"slack","targetSecret":"hooks","mode":"alert"}""")]
    [InlineData("""{"kind":"opensearch","target":"TARGET/audit","secret":"hooks"}""")]
    public async Task AnotherTenantsSecret_IsSentNowhere(string body)
    {
        _world.Secret(
            "hooks",
            body.Contains("targetSecret", StringComparison.Ordinal) ? $"{_target.Address}/in" : "user:password"
        );
        _world.Secret("own", DeliveryWorld.SigningSecret, tenants: "acme, globex");
        var sink = await _world.SinkAsync("s", body.Replace("TARGET", _target.Address, StringComparison.Ordinal));

        var result = await _world.Targets.Open("globex", sink).TestAsync(Cancel);

        result.Verdict.ShouldBe(DeliveryVerdict.Failed);
        result.Words.ShouldStartWith("there is no secret 'hooks' for tenant 'globex' in the configuration");
        _target.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task SecretForAHost_IsSentToNoOther()
    {
        _world.Secret("search", DeliveryWorld.SearchSecret, hosts: "search.example.com, 127.0.0.1:1");
        var sink = await _world.SinkAsync(
            "s",
            $$"""{"kind":"opensearch","target":"{{_target.Address}}/audit","secret":"search"}"""
        );

        var refused = await _world.Targets.Open(DeliveryWorld.Tenant, sink).TestAsync(Cancel);

        refused.Words.ShouldBe("the secret 'search' is not for the host '127.0.0.1' (Halyard:Secrets:search:Hosts)");
        _target.Requests.ShouldBeEmpty();

        // A changed configuration counts at once.
        _world.Secret(
            "search",
            DeliveryWorld.SearchSecret,
            hosts: $"search.example.com,127.0.0.1:{new Uri(_target.Address).Port}"
        );
        await _world.Targets.Open(DeliveryWorld.Tenant, sink).TestAsync(Cancel);
        _target.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public void SecretWithoutTenants_IsTheFirstTenantsAlone()
    {
        var secrets = Of(("a", "one"), ("b:Value", "two"), ("b:Tenants", "*"));

        secrets.Find("a", "default", target: null).Value.ShouldBe("one");
        secrets.Find("a", "globex", target: null).Value.ShouldBeNull();
        secrets.Find("b", "globex", target: null).Value.ShouldBe("two");
        Of(("a", "one"), ("a:Tenants", "globex")).Find("a", "default", target: null).Value.ShouldBeNull();
    }

    [Theory]
    [InlineData("a:Value")]
    [InlineData("a:Tenants")]
    [InlineData("x:..:a")]
    public void NameWithAColon_IsNoWayAroundWhatIsSaidOfASecret(string name) =>
        Of(("a:Value", "one"), ("a:Tenants", "globex"), (name + ":Tenants", "default"))
            .Find(name, "default", target: null)
            .Value.ShouldBeNull();

    [Theory]
    [InlineData("Halyard:Mail:Secret")]
    [InlineData("Halyard:Bypass:Incidents:Secret")]
    public void SecretThatASettingNames_IsNoSinks(string setting)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([
                new("Halyard:Secrets:own", "one"),
                new(setting, "Own"),
                new("Halyard:Checks:Tokens:own", "two"),
            ])
            .Build();
        var secrets = new Secrets(configuration);

        secrets.Find("own", "default", new Uri("https://example.com")).Value.ShouldBeNull();
        secrets.FindOwn("own", new Uri("https://example.com")).Value.ShouldBe("one");
        new Secrets(configuration, "Halyard:Checks:Tokens").Find("own", "default", target: null).Value.ShouldBe("two");
    }

    [Fact]
    public void SecretForHosts_IsForNothingThatHasNone()
    {
        var secrets = Of(("a", "one"), ("a:Hosts", "mail.example.com"));

        secrets
            .Find("a", "default", target: null)
            .Problem.ShouldBe("the secret 'a' is for certain hosts alone (Halyard:Secrets:a:Hosts)");
        secrets.FindOwn("a", new Uri("smtp://other.example.com:587")).Value.ShouldBeNull();
        secrets.FindOwn("a", new Uri("smtp://MAIL.example.com:587")).Value.ShouldBe("one");
    }

    [Fact]
    public void SecretThatWasFound_IsNotPrinted() =>
        $"{Of(("a", "one")).Find("a", "default", target: null)}".ShouldNotContain("one");

    private static Secrets Of(params (string Key, string Value)[] settings) =>
        new(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    settings.Select(each => new KeyValuePair<string, string?>($"Halyard:Secrets:{each.Key}", each.Value))
                )
                .Build()
        );
}
