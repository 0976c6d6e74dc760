using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Ofrep;

/// <summary>A flag that came from another platform, from its creation to its answers.</summary>
public sealed class MovedFlagTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Flags = "/api/v1/projects/moved/flags";

    [Fact]
    public async Task Flag_WithUnleashsHash_AnswersAsUnleashDid()
    {
        await server.ProjectAsync("moved");
        var key = (await server.SdkKeyAsync("moved", "staging")).Secret;
        (await server.PostAsync(Flags, Gated("open", 73_000))).Expect(200);
        (await server.PostAsync(Flags, Gated("shut", 72_000))).Expect(200);
        (await server.GetAsync($"{Flags}/open")).Expect(200).Text("hash").ShouldBe("unleash");

        // In every client of Unleash's the user 123 of the group gr1 is the seventy-third of a hundred.
        (await VariantAsync("open", key)).ShouldBe(("on", "SPLIT"));
        (await VariantAsync("shut", key)).ShouldBe(("off", "DEFAULT"));
    }

    [Fact]
    public async Task Flag_WithAGateButNotUnleashsHash_IsRefused()
    {
        await server.ProjectAsync("unmoved");
        var flag = Gated("open", 73_000).Replace("unleash", "flagd", StringComparison.Ordinal);

        var invalid = (await server.PostAsync("/api/v1/projects/unmoved/flags", flag)).ExpectInvalid();

        invalid.ShouldBe(["/environments/staging/fallthrough/rollout/gate"]);
    }

    private static string Gated(string key, int share) =>
        $$"""
            {"key":"{{key}}","hash":"unleash","environments":{"staging":{"enabled":true,"offVariant":"off","fallthrough":{"rollout":
             {"weights":[{"variant":"on","weight":1}],"gate":{"share":{{share}},"salt":"gr1"} } } } } }
            """;

    private async Task<(string Variant, string Reason)> VariantAsync(string flag, string key)
    {
        var answer = await server.PostAsync($"/ofrep/v1/evaluate/flags/{flag}", """{"context":{"targetingKey":"123"}}""", key);
        return (answer.Expect(200).Text("variant"), answer.Json.Text("reason"));
    }
}
