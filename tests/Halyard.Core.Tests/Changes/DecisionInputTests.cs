using System.Text.Json.Nodes;
using Halyard.Core.Changes;
using Halyard.Core.Storage;
using Halyard.Core.Tests.Fixtures;
using Halyard.Ledger;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Changes;

public sealed class DecisionInputTests
{
    [Fact]
    public async Task Actor_WithAnIdentityProvider_IsAskedAboutWithItsGroupsAndItsLogIn()
    {
        var actor = Pipeline.Admin with
        {
            Authentication = "oidc",
            Groups = ["web-team", "leads"],
            AuthenticatedAt = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000),
            Acr = "mfa",
            Issuer = "https://id.example.com",
        };

        var asked = await AskedAboutAsync(actor);

        asked["acr"]!.ToString().ShouldBe("mfa");
        asked["auth"]!.ToString().ShouldBe("oidc");
        asked["authTime"]!.GetValue<long>().ShouldBe(1_800_000_000);
        asked["groups"]!.AsArray().Select(group => group!.ToString()).ShouldBe(["web-team", "leads"]);
        asked["issuer"]!.ToString().ShouldBe("https://id.example.com");
    }

    [Fact]
    public async Task Actor_WithAToken_IsAskedAboutWithoutWhatNobodyKnows() =>
        (await AskedAboutAsync(Pipeline.Admin)).Select(member => member.Key).ShouldBe(["auth", "kind", "roles", "sid"]);

    private static async Task<JsonObject> AskedAboutAsync(Core.Access.Actor actor)
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission(Ops.ReadAll(Ops.CreateFlag("f")), actor));
        var input = await InputAsync(pipeline.Store, await pipeline.LastLeafAsync());
        return input["actor"]!.AsObject();
    }

    private static async Task<JsonNode> InputAsync(IStore store, JsonNode leaf)
    {
        Digest.TryParse(leaf["decision"]!["input"]!.ToString(), out var digest).ShouldBeTrue();
        var blobs = await store.BlobsAsync(Pipeline.Tenant, [digest], TestContext.Current.CancellationToken);
        return JsonNode.Parse(blobs[digest])!;
    }
}
