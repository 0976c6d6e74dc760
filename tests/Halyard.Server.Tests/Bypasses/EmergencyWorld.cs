using System.Text;
using System.Text.Json;
using Halyard.Core.Storage;
using Halyard.Server.Tests.Approvals;
using Halyard.Server.Tests.Hosting;
using Halyard.Server.Timers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Halyard.Server.Tests.Bypasses;

/// <summary>A server with the seed's policy in force, a flag that is on in production, a source of incidents and people on call.</summary>
internal sealed class EmergencyWorld(bool withSource = true) : HalyardServer
{
    private const string Production = "\"environment\":\"production\"";

    /// <summary>The source of incidents; there is none where the server has none.</summary>
    public IncidentStandIn Incidents { get; private set; } = null!;

    public string OnCall { get; private set; } = "";

    public string Sre { get; private set; } = "";

    public string Commander { get; private set; } = "";

    public string Manager { get; private set; } = "";

    public string Lead { get; private set; } = "";

    public string OtherLead { get; private set; } = "";

    public string Owner { get; private set; } = "";

    public string Developer { get; private set; } = "";

    protected override IEnumerable<string> Settings =>
        withSource
            ?
            [
                $"--Halyard:Bypass:Incidents:Url={Incidents.Url}",
                "--Halyard:Bypass:Incidents:AllowedHosts:0=127.0.0.1",
                "--Halyard:Bypass:Incidents:Secret=incidents",
                "--Halyard:Secrets:incidents=let me in",
                "--Halyard:Bypass:Incidents:TimeoutSeconds=1",
            ]
            : [];

    protected override async ValueTask StartNeighboursAsync() => Incidents = await IncidentStandIn.StartAsync();

    protected override ValueTask StopNeighboursAsync() => Incidents.DisposeAsync();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Incidents.Say("INC-1", "SEV1");
        Incidents.Say("INC-2", "SEV2");
        Incidents.Say("INC-3", "SEV3");
        OnCall = (await TokenAsync("on-call-engineer")).Secret;
        Sre = (await TokenAsync("sre")).Secret;
        Commander = (await TokenAsync("incident-commander")).Secret;
        Manager = (await TokenAsync("engineering-manager")).Secret;
        Lead = (await TokenAsync("tech-lead")).Secret;
        OtherLead = (await TokenAsync("tech-lead")).Secret;
        Owner = (await TokenAsync("product-owner")).Secret;
        Developer = (await TokenAsync("developer")).Secret;
        await ProjectAsync("shop");
        await FlagAsync("shop", "checkout");
        await FlagAsync("shop", "banner");
        await ChangeAsync($$"""{"op":"setEnabled","flag":"checkout",{{Production}},"enabled":true,"baseRevision":1}""");
        await ChangeAsync($$"""{"op":"setFallbackVariant","flag":"checkout",{{Production}},"variant":"on","baseRevision":2}""");
        var policies = JsonSerializer.SerializeToUtf8Bytes(
            new { policies = new[] { new { yaml = ApprovalWorld.Policy } }, reason = "govern production" }
        );
        (await SendAsync("PUT", "/api/v1/policies", policies, Admin)).Expect(200);
    }

    public async Task ChangeAsync(string operation) =>
        (await PostAsync("/api/v1/projects/shop/changes", $$"""{"operations":[{{operation}}],"reason":"test"}""")).Expect(200);

    /// <summary>What switches the flag off in production.</summary>
    public static string Off(string flag = "checkout") => Operation("setEnabled", "\"enabled\":false", flag);

    /// <summary>What switches the flag on in production.</summary>
    public static string On(string flag = "banner") => Operation("setEnabled", "\"enabled\":true", flag);

    public static string Operation(string op, string? member = null, string flag = "checkout") =>
        $$"""{"op":"{{op}}","project":"shop","flag":"{{flag}}",{{Production}}{{(member is null ? "" : "," + member)}}}""";

    public Task<Answer> BeginAsync(
        string credential,
        string operation,
        string incident = "INC-1",
        string severity = "SEV1",
        string justification = "checkout fails for everybody",
        string more = "",
        params (string Name, string Value)[] headers
    ) =>
        PostAsync(
            "/api/v1/bypasses",
            $$"""{"incident":"{{incident}}","severity":"{{severity}}","justification":"{{justification}}","operation":{{operation}}{{more}}}""",
            credential,
            headers
        );

    public Task<Answer> ActAsync(string bypass, string verb, string credential, string body = "{}") =>
        PostAsync($"/api/v1/bypasses/{bypass}/{verb}", body, credential);

    /// <summary>The id of a bypass that took effect.</summary>
    public async Task<string> BypassAsync(string operation, string? credential = null) =>
        (await BeginAsync(credential ?? OnCall, operation)).Expect(200).GetProperty("bypass").Text("id");

    public async Task<JsonElement> FindAsync(string bypass) => (await GetAsync($"/api/v1/bypasses/{bypass}")).Expect(200);

    public async Task<string> StateAsync(string bypass) => (await FindAsync(bypass)).Text("state");

    public async Task<JsonElement> ServedAsync(string flag = "checkout") =>
        (await GetAsync($"/api/v1/projects/shop/flags/{flag}"))
            .Expect(200)
            .GetProperty("environments")
            .TryGetProperty("production", out var production)
            ? production
            : default;

    public async Task<bool> IsOnAsync(string flag = "checkout") =>
        await ServedAsync(flag) is { ValueKind: JsonValueKind.Object } served && served.GetProperty("enabled").GetBoolean();

    /// <summary>Puts the clock forward and has done what is due by then.</summary>
    public async Task ElapseAsync(TimeSpan time)
    {
        Time.Advance(time);
        await Services
            .GetServices<IHostedService>()
            .OfType<TimerRunner>()
            .Single()
            .PassAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until a bypass is in a state: the server handles timers by itself as well, and may be at it.</summary>
    public async Task UntilAsync(string bypass, Func<JsonElement, bool> isSo)
    {
        var store = Services.GetRequiredService<IStore>();
        while (!isSo(await FindAsync(bypass)))
            await store.WaitForCommitsAsync(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
    }

    /// <summary>The newest entries with an action.</summary>
    public async Task<IReadOnlyList<JsonElement>> EntriesAsync(string action) =>
        (await GetAsync($"/api/v1/audit?action={action}&limit=10")).Expect(200).Items();

    public Task<Answer> VoteAsync(string request, string hash, string credential) =>
        SendAsync(
            "POST",
            $"/api/v1/change-requests/{request}/approve",
            Encoding.UTF8.GetBytes("{}"),
            credential,
            ("If-Match", $"\"{hash}\"")
        );
}
