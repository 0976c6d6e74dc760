using System.Text.Json;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Reports;

/// <summary>An explanation names the change that made a flag what it is in that environment, whatever the log says of the flag since.</summary>
public sealed class ExplainedChangeTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Body = """{"flag":"f","context":{"targetingKey":"u"}}""";

    [Fact]
    public async Task Change_IsNoRead()
    {
        var made = await EnabledAsync("read", "staging");
        (await server.GetAsync($"/api/v1/projects/read/flags/f?at={LastTime()}&reveal=true")).Expect(200);
        (await server.PostAsync($"{Evaluate("read")}&at={LastTime()}&reveal=true", Body)).Expect(200);
        (await NewestTypeAsync("read")).ShouldBe("audit.revealed");

        (await ChangeAsync("read")).ShouldBe(made);
        (await ChangeAsync("read", $"&at={LastTime()}")).ShouldBe(made);
    }

    [Fact]
    public async Task Change_IsNoneOfAnotherEnvironment()
    {
        var made = await EnabledAsync("other", "staging");
        var elsewhere = await EnableAsync("other", "production");

        (await ChangeAsync("other")).ShouldBe(made);
        (await ChangeAsync("other", $"&at={LastTime()}")).ShouldBe(made);
        (await ChangeAsync("other", environment: "production")).ShouldBe(elsewhere);
    }

    [Fact]
    public async Task Change_OfTheFlagItself_CountsInEveryEnvironment()
    {
        var enabled = await EnabledAsync("own", "staging");
        var between = LastTime();
        const string Variant =
            """{"operations":[{"op":"updateVariant","flag":"f","variant":"on","description":"It is on","baseRevision":2}],"reason":"x"}""";
        var made = Index((await server.PostAsync("/api/v1/projects/own/changes", Variant)).Expect(200));

        (await ChangeAsync("own")).ShouldBe(made);
        (await ChangeAsync("own", environment: "production")).ShouldBe(made);
        (await ChangeAsync("own", $"&at={between}")).ShouldBe(enabled);
    }

    private static string Evaluate(string project, string environment = "staging") =>
        $"/api/v1/projects/{project}/evaluate?environment={environment}";

    private string LastTime() => Uri.EscapeDataString(server.Time.GetUtcNow().ToString("O"));

    private async Task<long> EnabledAsync(string project, string environment)
    {
        await server.ProjectAsync(project);
        await server.FlagAsync(project, "f");
        return await EnableAsync(project, environment);
    }

    private async Task<long> EnableAsync(string project, string environment) =>
        Index(
            (
                await server.PostAsync(
                    $"/api/v1/projects/{project}/flags/f/environments/{environment}/enable",
                    """{"reason":"x"}"""
                )
            ).Expect(200)
        );

    private async Task<long> ChangeAsync(string project, string more = "", string environment = "staging") =>
        (await server.PostAsync($"{Evaluate(project, environment)}{more}", Body))
            .Expect(200)
            .GetProperty("flags")[0]
            .GetProperty("change")
            .GetProperty("index")
            .GetInt64();

    private async Task<string> NewestTypeAsync(string project) =>
        (await server.GetAsync($"/api/v1/audit?project={project}&kind=flag&key=f&limit=1")).Expect(200).Items()[0].Text("type");

    private static long Index(JsonElement applied) => applied.GetProperty("ledger").GetProperty("index").GetInt64();
}
