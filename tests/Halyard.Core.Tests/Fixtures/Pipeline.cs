using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Holds;
using Halyard.Core.Audit.Retention;
using Halyard.Core.Audit.Sinks;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Fixtures;

/// <summary>The real pipeline over a store, with a fixed clock and fixed chance.</summary>
internal sealed class Pipeline(
    IStore store,
    IAuthorizer? authorizer = null,
    ISubjectKeys? keys = null,
    BypassSetting? bypassing = null
)
{
    public const string Tenant = "acme";
    public const string Project = "web";

    public static readonly Actor Admin = new(Tenant, "s_admin", ActorKind.User, "token", [BuiltInRoles.Admin], "tok_1");
    public static readonly Actor Client = new(Tenant, "s_client", ActorKind.Client, "sdk-key", [BuiltInRoles.Client], "key_1");
    public static readonly RequestContext Request = new(
        "req-1",
        "session-1",
        "192.0.2.7",
        "curl/8 (someone@example.com)",
        "trace-1"
    );

    public ManualTime Time { get; } = new();

    public IStore Store => store;

    public ChangeService Service =>
        field ??= new(
            store,
            Vault,
            authorizer ?? RegoAuthorizer.On(store, Time),
            Time,
            Entropy,
            new LogOrigins("flags.test"),
            new SystemTimeZones(),
            bypassing
        );

    public SeededEntropy Entropy { get; } = new();

    /// <summary>Its chance is its own, so that ids are the same whatever is encrypted.</summary>
    public PersonalVault Vault => field ??= new(keys ?? new InMemorySubjectKeys(), new SeededEntropy(2));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A tenant with one project and the environments dev and prod; then these operations, each its own change.</summary>
    public static async Task<Pipeline> StartAsync(IStore store, params IEnumerable<string> operations)
    {
        var pipeline = new Pipeline(store);
        await pipeline.StructureAsync();
        foreach (var operation in operations)
            await pipeline.AppliedAsync(operation);
        return pipeline;
    }

    public async Task StructureAsync()
    {
        await SubmitAsync(Submission([new CreateTenant(Tenant, "Acme")], project: ""));
        await SubmitAsync(Submission([new CreateProject(Project, "Web", "")], project: ""));
        await AppliedAsync(
            """{"op":"createEnvironment","environment":"dev","type":"development"}""",
            """{"op":"createEnvironment","environment":"prod","type":"production"}"""
        );
    }

    public static Submission Submission(
        IReadOnlyList<Operation> operations,
        Actor? actor = null,
        string reason = "because",
        string project = Project
    ) =>
        new(
            actor ?? (operations is [CreateTenant] ? Actor.System(Tenant) : Admin),
            Request,
            Change.Edit(project, operations, reason, action: ActionOf(operations))
        );

    public static Submission Submission(params IEnumerable<string> operations) => Submission(Ops.ReadAll(operations));

    /// <summary>A submission under a key; the fingerprint is that of the operations, as the server takes it of the request.</summary>
    public static Submission Keyed(string key, Actor actor, params IReadOnlyList<string> operations) =>
        Submission(Ops.ReadAll(operations), actor) with
        {
            IdempotencyKey = key,
            Fingerprint = Digest.Of(System.Text.Encoding.UTF8.GetBytes(string.Concat(operations))),
        };

    public async Task<Result<Outcome>> SubmitAsync(Submission submission) => await Service.SubmitAsync(submission, Cancellation);

    public async Task<T> OutcomeAsync<T>(Submission submission)
        where T : Outcome
    {
        var result = await SubmitAsync(submission);
        result.Error.ShouldBeNull();
        return result.Value.ShouldBeOfType<T>();
    }

    public async Task<T> ErrorAsync<T>(Submission submission)
        where T : Error => (await SubmitAsync(submission)).Error.ShouldBeOfType<T>();

    public Task<Outcome.Applied> AppliedAsync(params IEnumerable<string> operations) =>
        OutcomeAsync<Outcome.Applied>(Submission(operations));

    public async Task<long> SizeAsync() => (await store.HeadAsync(Tenant, Cancellation))?.Range.Size ?? 0;

    public async Task<StoredResource?> StoredAsync(ResourceName name) =>
        (await store.LoadAsync(Tenant, [name], [], Cancellation)).Resources.GetValueOrDefault(name);

    public async Task<Flag?> FlagAsync(string key) =>
        await StoredAsync(Flag.NameOf(Project, key)) is { } stored
            ? (Flag)FlagDocuments.Read(stored.Name, stored.Document)!
            : null;

    public async Task<IReadOnlyList<byte[]>> LeavesAsync()
    {
        var leaves = new List<byte[]>();
        while (await store.FeedAsync(Tenant, leaves.Count, 1_000, Cancellation) is { Count: > 0 } page)
            leaves.AddRange(page.Select(entry => entry.Leaf));
        return leaves;
    }

    public async Task<System.Text.Json.Nodes.JsonNode> LastLeafAsync() =>
        System.Text.Json.Nodes.JsonNode.Parse((await LeavesAsync())[^1])!;

    /// <summary>The log replayed, with the blobs it names.</summary>
    public async Task<LedgerFold> FoldAsync()
    {
        var leaves = await LeavesAsync();
        var blobs = new Dictionary<Digest, byte[]>();
        foreach (var leaf in leaves)
            await AddBlobsAsync(blobs, leaf);
        return LedgerFold.Of(leaves, blobs);
    }

    /// <summary>Every resource as the store has it now, sealed.</summary>
    public async Task<IReadOnlyDictionary<ResourceName, StoredResource>> AllAsync()
    {
        var all = new Dictionary<ResourceName, StoredResource>();
        foreach (var kind in Enum.GetValues<ResourceKind>())
        {
            foreach (
                var resource in await store.ListAsync(Tenant, kind, kind.IsInProject() ? Project : "", null, 1_000, Cancellation)
            )
                all.Add(resource.Name, resource);
        }
        return all;
    }

    /// <summary>What the endpoint of an operation asks about: those of a project go through one door, the tenant's have their own.</summary>
    private static string ActionOf(IReadOnlyList<Operation> operations) =>
        (operations is [var first, ..] ? first : null) switch
        {
            CreateTenant => "tenant.create",
            CreateToken => "token.create",
            RevokeToken => "token.revoke",
            CreateSdkKey => "sdk-key.create",
            RevokeSdkKey => "sdk-key.revoke",
            CreateRole => "role.create",
            UpdateRole => "role.update",
            DeleteRole => "role.delete",
            CreateAssignment => "assignment.create",
            DeleteAssignment => "assignment.delete",
            SetPolicy => "policy.change",
            PlaceHold => "hold.place",
            ReleaseHold => "hold.release",
            CreateSink => "sink.create",
            UpdateSink => "sink.update",
            DeleteSink => "sink.delete",
            SetRetention => "retention.change",
            _ => "change.submit",
        };

    private async Task AddBlobsAsync(Dictionary<Digest, byte[]> blobs, byte[] json)
    {
        foreach (var (digest, content) in await store.BlobsAsync(Tenant, LedgerFold.BlobsNamedIn(json), Cancellation))
        {
            blobs[digest] = content;
            if (System.Text.Encoding.UTF8.GetString(content).StartsWith("[{\"after\"", StringComparison.Ordinal))
                await AddBlobsAsync(blobs, content);
        }
    }
}
