using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Installing;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Server.Tests.Hosting;
using Halyard.Server.Timers;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Bypasses.Matrix;

/// <summary>
/// A server with a project for each operation and environment that is tried, with policies that gate staging and production, an
/// incident of every sort, and everybody who might try.
/// </summary>
/// <param name="isGoverned">Whether the policies are in force; without them the same changes take effect at once.</param>
/// <param name="places">What each gets projects of its own for: an environment that is aimed at, or a door.</param>
internal sealed class MatrixWorld(bool isGoverned, params string[] places) : HalyardServer
{
    /// <summary>Two directors must agree, unless a flag that is tagged for it is made safer, as the sketches had it.</summary>
    private const string Policy = """
        apiVersion: featureflags/v1
        kind: ApprovalPolicy
        metadata:
          name: matrix
        spec:
          rules:
            - name: kill-switch
              conditions:
                - field: flag.tags
                  operator: contains
                  value: kill-switch
              approval:
                required: false
            - name: gated
              conditions:
                - field: environment.type
                  operator: in
                  value: [staging, production]
              approval:
                required: true
                minApprovers: 2
                approverRoles: [director-product]
        """;

    private const string Past = "past-";

    /// <summary>The project at which routes are aimed.</summary>
    public const string Web = "web";

    /// <summary>The one without flags, into which they import.</summary>
    public const string PastWeb = Past + Web;

    /// <summary>What routes could change.</summary>
    public static readonly string[] Routes = [Web, PastWeb];

    private readonly ConcurrentDictionary<(ResourceName, long), string> _parts = [];
    private IncidentStandIn _incidents = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Who tries: by each kind of credential, and of each sort of role.</summary>
    public IReadOnlyList<Somebody> People { get; private set; } = [];

    /// <summary>Somebody whom the policies ask, who has a hand in nothing else.</summary>
    public Somebody Approver { get; private set; } = null!;

    protected override IEnumerable<string> Settings =>
        [
            $"--Halyard:Bypass:Incidents:Url={_incidents.Url}",
            "--Halyard:Bypass:Incidents:AllowedHosts:0=127.0.0.1",
            "--Halyard:Bypass:MaxOpen=100",
        ];

    protected override async ValueTask StartNeighboursAsync()
    {
        _incidents = await IncidentStandIn.StartAsync();
        _incidents.Say("INC-1", "SEV1");
        _incidents.Say("INC-2", "SEV2");
        _incidents.Say("INC-3", "SEV3");
        _incidents.Say("INC-0", "SEV1", "resolved");
    }

    protected override ValueTask StopNeighboursAsync() => _incidents.DisposeAsync();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Parallel.ForEachAsync(
            from place in places
            from name in MatrixOperations.Names
            select (place, name),
            Cancel,
            async (wanted, _) =>
            {
                await MakeAsync(ProjectOf(wanted.place, wanted.name), isPast: false);
                await MakeAsync(PastOf(wanted.place, wanted.name), isPast: true);
            }
        );
        await MakeAsync(Web, isPast: false);
        await MakeAsync(PastWeb, isPast: true);
        const string Switched =
            """{"op":"createFlag","flag":"switched","environments":{"staging":{"enabled":false},"production":{"enabled":false}}}""";
        (await PostAsync($"/api/v1/projects/{Web}/changes", Change([Switched]))).Expect(200);
        People = [.. await EverybodyAsync()];
        Approver = await HolderAsync("director-product");
        if (!isGoverned)
            return;
        var policies = JsonSerializer.SerializeToUtf8Bytes(new { policies = new[] { new { yaml = Policy } }, reason = "govern" });
        (await SendAsync("PUT", "/api/v1/policies", policies, Admin)).Expect(200);
        // However slow the machine, whoever is logged in has just done so.
        Time.Stop();
    }

    /// <summary>The project in which an operation is tried.</summary>
    public static string ProjectOf(string place, string operation) => $"{place}-{operation.ToLowerInvariant()}";

    /// <summary>The one without flags, for what is imported.</summary>
    public static string PastOf(string place, string operation) => $"{Past}{ProjectOf(place, operation)}";

    /// <summary>The revision that whoever looks now sees; 0 where there is nothing.</summary>
    public async Task<long> RevisionAsync(ResourceName name)
    {
        var slice = await Services.GetRequiredService<IStore>().LoadAsync("default", [name], [], Cancel);
        return slice.Resources.TryGetValue(name, out var stored) ? stored.Revision : 0;
    }

    /// <summary>What the gated environments of some projects serve, and the policies that gate them, as one text.</summary>
    public async Task<string> GatedAsync(params string[] projects)
    {
        var store = Services.GetRequiredService<IStore>();
        var parts = new List<string> { $"{InstalledPolicies.Place} {await RevisionAsync(InstalledPolicies.Place)}" };
        foreach (var project in projects)
        {
            foreach (var kind in new[] { ResourceKind.Environment, ResourceKind.Flag, ResourceKind.Segment })
            {
                var found = await store.ListAsync("default", kind, project, null, 1_000, Cancel);
                parts.AddRange(
                    found
                        .Select(stored => _parts.GetOrAdd((stored.Name, stored.Revision), _ => PartOf(stored)))
                        .Where(part => part.Length > 0)
                );
            }
        }
        parts.Sort(StringComparer.Ordinal);
        return string.Join('\n', parts);
    }

    /// <summary>Puts the clock forward, and does what is due until nothing is.</summary>
    public async Task ElapseAsync(TimeSpan time)
    {
        Time.Advance(time);
        var (store, runner) = (Services.GetRequiredService<IStore>(), Services.GetRequiredService<TimerRunner>());
        await runner.PassAsync(Cancel);
        // The server's own runner may hold one for a moment.
        while (await store.NextTimerAsync(Cancel) <= Time.GetUtcNow())
        {
            await store.WaitForCommitsAsync(TimeSpan.FromMilliseconds(20), Cancel);
            await runner.PassAsync(Cancel);
        }
    }

    private async Task MakeAsync(string project, bool isPast)
    {
        (await PostAsync("/api/v1/projects", $$"""{"key":"{{project}}","name":"Project"}""")).Expect(200);
        var changes = $"/api/v1/projects/{project}/changes";
        IEnumerable<string> given = isPast ? [] : MatrixOperations.Given([.. MatrixOperations.Environments]);
        (await PostAsync(changes, Change([.. MatrixOperations.GivenEnvironments, .. given]))).Expect(200);
        if (!isPast)
            (await PostAsync(changes, Change([.. MatrixOperations.Later]))).Expect(200);
    }

    /// <summary>The body of a change.</summary>
    public static string Change(IEnumerable<string> operations, string more = "") =>
        $$"""{"operations":[{{string.Join(',', operations)}}],"reason":"try","ticket":"T-1"{{more}}}""";

    private async Task<IEnumerable<Somebody>> EverybodyAsync()
    {
        var person = await BrowserAsync(subject: "s_owner");
        var everybody = new List<Somebody>
        {
            Somebody.In(await BrowserAsync(), "an administrator in a browser"),
            Somebody.With(this, "an administrator's token", await MintAsync(person, "\"role\":\"ADMIN\"")),
            Somebody.With(this, "a service account", await AccountAsync()),
            Somebody.With(this, "nobody", ""),
            Somebody.With(this, "another tenant's administrator", Other) with
            {
                IsOther = true,
            },
            Somebody.With(this, "an SDK key", (await SdkKeyAsync(Web, "production")).Secret),
        };
        foreach (var role in (string[])["developer", "tech-lead", "director-product", .. BypassTerms.Default.Roles])
            everybody.Add(await HolderAsync(role));
        return everybody;
    }

    private async Task<Somebody> HolderAsync(string role) =>
        Somebody.With(this, role, (await TokenAsync(role)).Secret) with
        {
            MayBypass = BypassTerms.Default.Roles.Contains(role),
        };

    private static async Task<string> MintAsync(Browser person, string member) =>
        (await person.SendAsync("POST", "/api/v1/tokens", $$"""{"name":"theirs",{{member}}}""")).Expect(200).Text("secret");

    private async Task<string> AccountAsync()
    {
        var owner = await BrowserAsync(subject: "s_bot_owner");
        var account = (await owner.SendAsync("POST", "/api/v1/service-accounts", """{"name":"bot"}""")).Expect(200).Text("id");
        (await PostAsync("/api/v1/assignments", $$"""{"subject":"{{account}}","role":"ADMIN"}""")).Expect(200);
        return await MintAsync(owner, $"\"serviceAccount\":\"{account}\"");
    }

    /// <summary>What of a resource reaches a gated environment; empty where nothing does.</summary>
    private static string PartOf(StoredResource stored)
    {
        var json = JsonNode.Parse(stored.Document)!.AsObject();
        switch (ResourceDocuments.Read(stored.Name, stored.Document))
        {
            case ProjectEnvironment { Type: EnvironmentType.Development }:
                return "";
            // Nothing gated uses any other segment, nor one of a past but together with a flag.
            case Segment segment
                when segment.Definition.Key != "beta" || stored.Name.Project.StartsWith(Past, StringComparison.Ordinal):
                return "";
            case Flag:
                var configured = json["environments"]!.AsObject();
                foreach (
                    var key in configured.Select(item => item.Key).Where(key => key is not ("staging" or "production")).ToList()
                )
                    configured.Remove(key);
                // It is off where it is not configured, as a flag that is not there.
                if (configured.Count == 0)
                    return "";
                break;
        }
        return $"{stored.Name} {json.ToJsonString()}";
    }
}
