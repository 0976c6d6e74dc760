using System.Text.Json;
using Halyard.Server.Tests.Hosting;
using Halyard.Testing;

namespace Halyard.Server.Tests.Reports;

/// <summary>"When was gate X on in environment Y, by whom, why", asked of the imported history of OpenShift's feature gates.</summary>
public sealed class GateReportTests(GateReportTests.ImportedGates gates) : IClassFixture<GateReportTests.ImportedGates>
{
    /// <summary>A server with the sample imported.</summary>
    public sealed class ImportedGates : IAsyncLifetime
    {
        public HalyardServer Server { get; } = new();

        public static string File => Path.Combine(Suites.RepositoryRoot, "samples/openshift/history.jsonl");

        public async ValueTask InitializeAsync()
        {
            await Server.InitializeAsync();
            (await Server.PostAsync("/api/v1/projects", """{"key":"openshift","name":"OpenShift"}""")).Expect(200);
            var file = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);
            var answer = await Server.SendAsync("POST", "/api/v1/projects/openshift/imports?reason=past", file, Server.Admin);
            answer.Words.ShouldContain("\"finished\"");
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    public static TheoryData<string, string> Asked =>
        new()
        {
            { "GatewayAPI", "SelfManagedHA.Default" },
            { "GatewayAPI", "Hypershift.TechPreviewNoUpgrade" },
            { "MetricsServer", "SelfManagedHA.Default" },
            { "NewOLM", "Hypershift.DevPreviewNoUpgrade" },
            { "VSphereControlPlaneMachineSet", "All.Default" },
            { "ExternalCloudProvider", "SelfManagedHA.Default" },
        };

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task WhenAGateWasOn_ByWhomAndWhy_IsWhatTheHistoryFileSays(string gate, string environment) =>
        (await TurnsAsync(gate, environment)).ShouldBe(GateFold.OfHistory(ImportedGates.File, gate, environment));

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task WhenAGateWasOn_ByWhomAndWhy_IsWhatTheEventFileSays(string gate, string environment)
    {
        var events = Suites.Require("real-flags/openshift-feature-gates-events.jsonl");
        (await TurnsAsync(gate, environment)).ShouldBe(GateFold.OfEvents(events, gate, environment));
    }

    [Fact]
    public async Task RolloutHistory_OfAGate_TurnsWhereTheReportDoes()
    {
        var history = await GetAsync("GatewayAPI", "rollout-history?environment=SelfManagedHA.Default");
        var turns = await TurnsAsync("GatewayAPI", "SelfManagedHA.Default");

        var periods = history.GetProperty("periods").EnumerateArray().ToList();
        periods.Select(period => period.GetProperty("from").GetDateTimeOffset()).ShouldBe(turns.Select(turn => turn.At));
        periods
            .Select(period => period.TryGetProperty("off", out var off) ? off.GetString() : "on")
            .ShouldBe(turns.Select(turn => turn.State == "off" ? "flagOff" : turn.State));
        periods
            .Where(period => !period.TryGetProperty("off", out _))
            .ShouldAllBe(period => period.GetProperty("shares")[0].GetProperty("share").GetInt32() == 100_000);
    }

    /// <summary>The report's periods, each checked to be imported and to name an entry that says so itself.</summary>
    private async Task<IReadOnlyList<GateFold.Turn>> TurnsAsync(string gate, string environment)
    {
        var report = await GetAsync(gate, $"compliance?environment={environment}");
        var turns = new List<GateFold.Turn>();
        foreach (var period in report.GetProperty("periods").EnumerateArray())
        {
            var started = period.GetProperty("started");
            started.Text("authorisedBy").ShouldBe("imported, not witnessed");
            var entry = (await gates.Server.GetAsync($"/api/v1/audit/{started.GetProperty("index").GetInt64()}")).Expect(200);
            entry.Text("id").ShouldBe(started.Text("entryId"));
            entry.GetProperty("effectiveAt").GetDateTimeOffset().ShouldBe(started.GetProperty("at").GetDateTimeOffset());
            var state = period.Text("state");
            turns.Add(
                new GateFold.Turn(
                    state == "absent" ? period.GetProperty("outcomes")[0].Text("by") : state,
                    period.GetProperty("from").GetDateTimeOffset(),
                    started.GetProperty("actor").Text("name"),
                    started.Text("reason"),
                    started.Text("reference")
                )
            );
        }
        turns.ShouldNotBeEmpty();
        return turns;
    }

    private async Task<JsonElement> GetAsync(string gate, string report) =>
        (await gates.Server.GetAsync($"/api/v1/projects/openshift/flags/{gate}/{report}")).Expect(200);
}
