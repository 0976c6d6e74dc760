using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Approvals;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Sinks;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Policies;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;
using Halyard.Server.Delivery;
using Halyard.Server.Delivery.Http;
using Halyard.Server.Hosting;
using Halyard.Storage.Conformance.InMemory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Delivery;

/// <summary>The real pipeline and the real delivery over a store in memory, with a clock that stands until it is moved.</summary>
internal sealed class DeliveryWorld : IDisposable
{
    public const string Tenant = "acme";
    public const string SigningSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    public const string OldSecret = "an older secret of enough bytes";
    public const string SearchSecret = "elastic:open-sesame-4711";
    private const string Project = "web";

    public static readonly Actor Admin = new(Tenant, "s_admin", ActorKind.User, "token", [BuiltInRoles.Admin], "tok_1");
    private static readonly Actor Client = new(Tenant, "s_client", ActorKind.Client, "token", [BuiltInRoles.Client], "tok_2");
    private static readonly RequestContext Request = new("req-1", null, "192.0.2.7", "curl/8 (someone@example.com)", null);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-sinks-");
    private readonly TargetHttp _http;

    public DeliveryWorld(string allowedHosts = "127.0.0.1")
    {
        Options.Sinks.AllowedHosts = allowedHosts;
        Options.Sinks.Folder = _folder.FullName;
        Configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
        Secret("hooks", SigningSecret);
        Secret("hooks-old", OldSecret);
        Secret("search", SearchSecret);
        _http = new TargetHttp(Options.Sinks, Time);
        Marks = new BreakableMarks(Store);
        SinkMarks = new SinkMarks(Marks);
        Changes = new ChangeService(
            Store,
            Vault,
            RegoAuthorizer.On(Store, Time),
            Time,
            Entropy.System,
            new LogOrigins("flags.test"),
            new SystemTimeZones()
        );
        Meter = new DeliveryMeter(_services.GetRequiredService<IMeterFactory>());
        Targets = new SinkTargets(_http, new Secrets(Configuration), Options, new LogOrigins("flags.test"), Time, Entropy.System);
        Letters = new DeadLetters(SinkMarks, Changes, Time, Entropy.System);
        Desk = new SinkDesk(Store, Targets, SinkMarks, Time);
    }

    public ManualTime Time { get; } = new();

    public InMemoryStore Store { get; } = new();

    public PersonalVault Vault { get; } = new(new InMemorySubjectKeys(), Entropy.System);

    public HalyardOptions Options { get; } = new();

    public IConfigurationRoot Configuration { get; }

    public BreakableMarks Marks { get; }

    public SinkMarks SinkMarks { get; }

    public SinkTargets Targets { get; }

    public DeadLetters Letters { get; }

    public DeliveryMeter Meter { get; }

    public SinkDesk Desk { get; }

    public ChangeService Changes { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Configures a secret of a tenant's, for any host or for some.</summary>
    public void Secret(string name, string value, string tenants = Tenant, string hosts = "")
    {
        Configuration[$"Halyard:Secrets:{name}"] = value;
        Configuration[$"Halyard:Secrets:{name}:Tenants"] = tenants;
        Configuration[$"Halyard:Secrets:{name}:Hosts"] = hosts;
    }

    public static async Task<DeliveryWorld> StartAsync()
    {
        var world = new DeliveryWorld();
        await world.AppliedAsync("", new CreateTenant(Tenant, "Acme"));
        await world.AppliedAsync("", new CreateProject(Project, "Web", ""));
        await world.DoAsync(
            """{"op":"createEnvironment","environment":"dev","type":"development"}""",
            """{"op":"createEnvironment","environment":"prod","type":"production"}"""
        );
        return world;
    }

    /// <summary>One change of these operations; the index of its entry.</summary>
    public Task<long> DoAsync(params IEnumerable<string> operations) => AppliedAsync(Project, [.. operations.Select(Read)]);

    /// <summary>Entries that touch nothing, each its own; the index of the first.</summary>
    public async Task<long> ViewAsync(int count = 1)
    {
        var first = await SizeAsync();
        for (var i = 0; i < count; i++)
            await RecordAsync(new ChangeEvent("flag.viewed", "flag 'f' looked at"));
        return first;
    }

    /// <summary>Many such entries in few commits, for the store in memory compares each commit with all before it.</summary>
    public async Task<long> FillAsync(int count)
    {
        var first = await SizeAsync();
        foreach (var part in Enumerable.Range(0, count).Chunk(1_000))
        {
            var drafts = part.Select(_ => EntryBuilder.Build(Draft("flag.viewed"), Entropy.System).Draft).ToList();
            var result = await Store.CommitAsync(new Commit(Tenant, "", [], [], drafts, null), Cancellation);
            result.ShouldBeOfType<CommitResult.Committed>();
        }
        return first;
    }

    /// <summary>An entry about a change request; its index.</summary>
    public async Task<long> ToldAsync(string type, string words, bool failed = false)
    {
        var about = new TouchedResource(ChangeRequest.NameOf(Project, "cr_1"), "cr_1", 1, 1, null);
        var draft = Draft(type) with
        {
            Changes = [new SemanticChange(type, null, words)],
            Resources = [new ResourceChange(about, null, "[]"u8.ToArray(), null, [])],
            FailureCode = failed ? "denied" : null,
        };
        var entries = new List<EntryDraft> { EntryBuilder.Build(draft, Entropy.System).Draft };
        var result = await Store.CommitAsync(new Commit(Tenant, "", [], [], entries, null), Cancellation);
        return result.ShouldBeOfType<CommitResult.Committed>().Receipts[0].Index;
    }

    /// <summary>What the endpoint of an operation asks about.</summary>
    private static string ActionOf(Operation operation) =>
        operation switch
        {
            CreateTenant => "tenant.create",
            CreateToken => "token.create",
            RevokeToken => "token.revoke",
            CreateSink => "sink.create",
            UpdateSink => "sink.update",
            DeleteSink => "sink.delete",
            _ => "change.submit",
        };

    public async Task RecordAsync(ChangeEvent happened)
    {
        var result = await Changes.SubmitAsync(
            new Submission(Admin, Request, Change.Record("flag.read", Project, happened)),
            Cancellation
        );
        result.Value.ShouldBeOfType<Outcome.Applied>();
    }

    public async Task DeniedAsync(string operation)
    {
        var change = Change.Edit(Project, [Read(operation)], "because");
        (await Changes.SubmitAsync(new Submission(Client, Request, change), Cancellation)).Value.ShouldBeOfType<Outcome.Denied>();
    }

    /// <summary>A sink as the endpoints make it of a body.</summary>
    public async Task<Sink> SinkAsync(string key, string body, long? from = null)
    {
        await AppliedAsync("", new CreateSink(key, Settings(body), from));
        return await FindAsync(key);
    }

    public async Task<Sink> UpdateAsync(string key, string body)
    {
        await AppliedAsync("", new UpdateSink(key, Settings(body)));
        return await FindAsync(key);
    }

    public Task<Sink> WebhookAsync(StandIn target, string key = "hook", string more = "", long? from = null) =>
        SinkAsync(key, $$"""{"kind":"webhook","target":"{{target.Address}}/in","secret":"hooks"{{more}}}""", from);

    public SinkWorker Worker(Sink sink, string node = "node-1") =>
        new(Tenant, sink, node, Targets.Open(Tenant, sink), Store, SinkMarks, Letters, Meter, Time, Entropy.System);

    /// <summary>Lets a worker do all that there is to do now; how long it wants to wait.</summary>
    public static async Task<TimeSpan> RunAsync(SinkWorker worker)
    {
        for (var steps = 0; steps < 10_000; steps++)
        {
            if (await worker.StepAsync(Cancellation) is var wait && wait > TimeSpan.Zero)
                return wait;
        }
        throw new InvalidOperationException("The worker never rests.");
    }

    /// <summary>Lets a worker go on, the clock moved to whenever it wants, until it is up to the log.</summary>
    public async Task CatchUpAsync(SinkWorker worker)
    {
        for (var rests = 0; rests < 2_000; rests++)
        {
            var wait = await RunAsync(worker);
            if (wait == SinkWorker.Poll && worker.Next == await SizeAsync())
                return;
            Time.Now += wait;
        }
        throw new InvalidOperationException("The worker never catches up.");
    }

    public async Task<long> SizeAsync() => (await Store.HeadAsync(Tenant, Cancellation))!.Range.Size;

    public async Task<SinkState> StateAsync(Sink sink) =>
        (await SinkMarks.FindAsync(Tenant, sink, Cancellation)).State.ShouldNotBeNull();

    public ValueTask<SinkReport> ReportAsync(Sink sink) => Desk.ReportAsync(Tenant, sink, Cancellation);

    public async Task<IReadOnlyList<string>> LeavesAsync() =>
        [.. (await Store.FeedAsync(Tenant, 0, 100_000, Cancellation)).Select(entry => Encoding.UTF8.GetString(entry.Leaf))];

    public string FileOf(Sink sink) => Path.Combine(_folder.FullName, Tenant, sink.Key, sink.Settings.Target);

    public void Dispose()
    {
        _http.Dispose();
        Meter.Dispose();
        _services.Dispose();
        _folder.Delete(recursive: true);
    }

    private EntryContent Draft(string type) =>
        new()
        {
            Id = Entropy.System.NewUlid(Time.Now),
            Time = Time.Now,
            Type = type,
            Actor = Admin,
            Request = Request,
            Project = Project,
            Environments = [],
            Changes = [],
            Resources = [],
            Reason = "",
            Decision = new Decision.Allow("built-in@1", ""),
            DecisionInput = Blob.Of("""{"environments":[],"resources":[]}"""u8.ToArray()),
        };

    private async Task<Sink> FindAsync(string key)
    {
        var slice = await Store.LoadAsync(Tenant, [Sink.NameOf(key)], [], Cancellation);
        var stored = slice.Resources.Values.Single();
        return (Sink)ResourceDocuments.Read(stored.Name, stored.Document);
    }

    private async Task<long> AppliedAsync(string project, params Operation[] operations)
    {
        var change = Change.Edit(project, operations, "because someone@example.com asked", action: ActionOf(operations[0]));
        var actor = operations[0] is CreateTenant ? Actor.System(Tenant) : Admin;
        var result = await Changes.SubmitAsync(new Submission(actor, Request, change), Cancellation);
        result.Error.ShouldBeNull();
        return result.Value.ShouldBeOfType<Outcome.Applied>().Receipt.Index;
    }

    private static SinkSettings Settings(string body)
    {
        var problems = new List<DefinitionProblem>();
        using var parsed = JsonDocument.Parse(body);
        var settings = SinkJson.ReadSettings(JsonCursor.Root(parsed.RootElement, problems));
        problems.ShouldBeEmpty(body);
        return settings;
    }

    private static Operation Read(string json)
    {
        var problems = new List<DefinitionProblem>();
        using var parsed = JsonDocument.Parse(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json)));
        var operation = OperationJson.Read(JsonCursor.Root(parsed.RootElement.Clone(), problems));
        problems.ShouldBeEmpty(json);
        return operation!;
    }
}

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class ManualTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 2, 10, 11, 12, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>Marks that can break as a process that is killed does: what was to be written is not.</summary>
internal sealed class BreakableMarks(IMarks marks) : IMarks
{
    public bool IsBroken { get; set; }

    public ValueTask<Mark?> MarkAsync(string tenant, string name, CancellationToken cancellationToken) =>
        marks.MarkAsync(tenant, name, cancellationToken);

    public ValueTask<IReadOnlyList<Mark>> MarksAsync(string tenant, string prefix, CancellationToken cancellationToken) =>
        marks.MarksAsync(tenant, prefix, cancellationToken);

    public ValueTask<bool> SetMarkAsync(
        string tenant,
        string name,
        long expectedVersion,
        ReadOnlyMemory<byte> value,
        CancellationToken cancellationToken
    ) => IsBroken ? throw new IOException("killed") : marks.SetMarkAsync(tenant, name, expectedVersion, value, cancellationToken);

    public ValueTask<bool> RemoveMarkAsync(
        string tenant,
        string name,
        long expectedVersion,
        CancellationToken cancellationToken
    ) => IsBroken ? throw new IOException("killed") : marks.RemoveMarkAsync(tenant, name, expectedVersion, cancellationToken);
}
