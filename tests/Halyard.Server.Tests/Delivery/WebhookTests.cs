using System.Security.Cryptography;
using System.Text;
using Halyard.Ledger;
using Halyard.Server.Delivery.Webhooks;

namespace Halyard.Server.Tests.Delivery;

/// <summary>What a webhook is sent, checked as its receiver would.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private DeliveryWorld _world = null!;
    private StandIn _target = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await DeliveryWorld.StartAsync();
        _target = await StandIn.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task Entry_IsACloudEventAroundTheLeaf()
    {
        var sink = await _world.WebhookAsync(_target);
        var index = await _world.DoAsync("""{"op":"createFlag","flag":"checkout"}""");

        await _world.CatchUpAsync(_world.Worker(sink));

        var request = _target.Requests.ShouldHaveSingleItem();
        (request.Method, request.Path).ShouldBe(("POST", "/in"));
        request.Headers["Content-Type"].ShouldBe("application/cloudevents+json; charset=utf-8");
        var json = request.Json;
        json.GetProperty("specversion").GetString().ShouldBe("1.0");
        json.GetProperty("source").GetString().ShouldBe("flags.test/acme/admin");
        json.GetProperty("type").GetString().ShouldBe("dev.halyard.audit.flag.created");
        json.GetProperty("subject").GetString().ShouldBe("web/flag/checkout");
        json.GetProperty("halyardindex").GetString().ShouldBe($"{index}");
        json.GetProperty("time").GetString().ShouldBe("2026-03-02T10:11:12.000000Z");
        json.GetProperty("id").GetString().ShouldBe(request.Headers["webhook-id"]);
        // What was sent proves as well as what is stored.
        var leaf = CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json.GetProperty("data").GetRawText()));
        Encoding.UTF8.GetString(leaf).ShouldBe((await _world.LeavesAsync())[(int)index]);
    }

    [Fact]
    public async Task PersonalValues_AreNotSent()
    {
        var sink = await _world.WebhookAsync(_target);
        await _world.DoAsync("""{"op":"createSegment","segment":"beta","includes":["alice@example.com"]}""");

        await _world.CatchUpAsync(_world.Worker(sink));

        var text = _target.Requests.ShouldHaveSingleItem().Text;
        foreach (var personal in new[] { "alice", "someone", "192.0.2.7", "curl" })
            text.ShouldNotContain(personal);
        text.ShouldContain("\"$c\":");
    }

    [Fact]
    public async Task Signature_IsThatOfStandardWebhooks_WithEachSecretWhileOneIsRotated()
    {
        var sink = await _world.WebhookAsync(_target, more: ""","previousSecret":"hooks-old" """);
        await _world.ViewAsync();

        await _world.CatchUpAsync(_world.Worker(sink));

        var request = _target.Requests.ShouldHaveSingleItem();
        request.Headers["webhook-timestamp"].ShouldBe($"{_world.Time.Now.ToUnixTimeSeconds()}");
        request
            .Headers["webhook-signature"]
            .ShouldBe(
                $"{Expected(request, Convert.FromBase64String(DeliveryWorld.SigningSecret["whsec_".Length..]))} "
                    + Expected(request, Encoding.UTF8.GetBytes(DeliveryWorld.OldSecret))
            );
    }

    /// <summary>The example of the specification's own libraries.</summary>
    [Fact]
    public void Signature_OfTheSpecificationsExample_IsTheKnownOne() =>
        WebhookSignature
            .Sign(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1614265330,
                """{"test": 2432232314}"""u8,
                [WebhookSignature.Key(DeliveryWorld.SigningSecret)!]
            )
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Theory]
    [InlineData("whsec_not base64!")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("short")]
    public async Task SecretThatIsTooWeakToSign_IsNotUsed(string secret)
    {
        var sink = await _world.WebhookAsync(_target);
        _world.Secret("hooks", secret);
        await _world.ViewAsync();

        await DeliveryWorld.RunAsync(_world.Worker(sink));

        _target.Requests.ShouldBeEmpty();
        (await _world.StateAsync(sink)).LastError!.ShouldContain("24 bytes");
    }

    [Fact]
    public async Task Filter_OfProjectActionAndOutcome_LetsThroughWhatMatchesAll()
    {
        var sink = await _world.WebhookAsync(
            _target,
            more: ""","filter":{"projects":["web"],"actions":["flag.*"],"succeeded":true}"""
        );
        await _world.DoAsync("""{"op":"createSegment","segment":"beta"}""");
        await _world.DeniedAsync("""{"op":"createFlag","flag":"no"}""");
        var created = await _world.DoAsync("""{"op":"createFlag","flag":"yes"}""");

        await _world.CatchUpAsync(_world.Worker(sink));

        _target.Requests.Select(request => request.Index).ShouldBe([created]);
    }

    private static string Expected(Received request, byte[] key)
    {
        var signed = $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{request.Text}";
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)))}";
    }
}
