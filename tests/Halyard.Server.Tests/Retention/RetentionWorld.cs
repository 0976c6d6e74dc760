using System.Text.Json;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Retention;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Effects;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Server.Delivery;
using Halyard.Server.Jobs;
using Halyard.Server.Publishing;
using Halyard.Server.Retention;
using Halyard.Server.Tests.Publishing;
using Halyard.Storage.Conformance.Objects;
using Microsoft.Extensions.Logging.Abstractions;

namespace Halyard.Server.Tests.Retention;

/// <summary>A published log and its archive, with the jobs that keep both by the tenant's setting.</summary>
internal sealed class RetentionWorld : IDisposable
{
    public World Log { get; } = new();

    public InMemoryObjects Archive { get; } = new();

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A log of that many entries, a day apart, with a published checkpoint every now and then.</summary>
    public static async Task<RetentionWorld> StartAsync(long size, int entriesPerDay = 100)
    {
        var world = new RetentionWorld();
        for (long at = 1; at < size; at += entriesPerDay)
        {
            await world.GrowAsync(at);
            world.Log.Time.Now = world.Log.Time.Now.AddDays(1);
        }
        await world.GrowAsync(size);
        return world;
    }

    public async Task GrowAsync(long size)
    {
        await Log.GrowToAsync(size);
        (await Log.Publisher().PublishAsync(World.Tenant, Cancel)).ShouldBeTrue();
    }

    public Task SetAsync(int? archiveAfterDays, int? retentionDays = null, params MinimumAge[] minimums) =>
        SubmitAsync(
            Change.Edit(
                "",
                [new SetRetention(new RetentionPolicy(archiveAfterDays, retentionDays, [.. minimums]))],
                "",
                action: "retention.change"
            )
        );

    public async Task<Outcome.Applied> SubmitAsync(Change change) =>
        (await TryAsync(change)).Value.ShouldBeOfType<Outcome.Applied>();

    public ValueTask<Result<Outcome>> TryAsync(Change change) =>
        Log.Changes.SubmitAsync(new Submission(Actor.System(World.Tenant), RequestContext.Internal("q_1"), change), Cancel);

    /// <summary>Starts a job and carries it out, by servers of which all but the last are killed.</summary>
    public async Task<JobState> RunAsync(string kind, params IObjectStore?[] archives)
    {
        var id = Entropy.System.NewUlid(Log.Time.Now);
        await SubmitAsync(Change.Record("retention.run", "", JobStarter.Started(id, kind, "{}"u8, "a test began")));
        foreach (var archive in archives.DefaultIfEmpty())
            await PassAsync(archive);
        // Another of its kind may have stood before it.
        if ((await JobAsync(id)).Ended is null)
            await PassAsync(archives.LastOrDefault());
        return await JobAsync(id);
    }

    /// <summary>One server's life.</summary>
    public async Task PassAsync(IObjectStore? archive = null, IStore? store = null)
    {
        var runner = Runner(archive ?? Archive, store ?? Log.Store);
        try
        {
            await runner.PassAsync(Cancel);
        }
        catch (IOException)
        {
            // The process died while it looked for work.
        }
        await runner.IdleAsync();
        Log.Time.Now += Job.Lease;
    }

    public async Task<JobState> JobAsync(string id) =>
        (await new JobTable(Log.Store).FindAsync(World.Tenant, id, Cancel)).ShouldNotBeNull().State;

    public JobRunner Runner(IObjectStore archive, IStore store) =>
        new(
            new JobTable(store),
            store,
            Changes(store),
            Kinds(archive, store),
            Log.Time,
            Entropy.System,
            NullLogger<JobRunner>.Instance
        );

    /// <summary>What the log was told under a type, oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> ToldAsync(string type)
    {
        var query = new AuditQuery { Actions = [type], Limit = AuditQuery.MaxLimit };
        var entries = await Log.Store.QueryAsync(World.Tenant, query, Cancel);
        return
        [
            .. entries
                .Reverse()
                .Select(entry => JsonSerializer.Deserialize<JsonElement>(entry.Leaf).GetProperty("meta").GetProperty("details")),
        ];
    }

    /// <summary>What the real verifier says of a log's files, with the signer's keys.</summary>
    public async Task<ArchiveVerdict> VerifyAsync(InMemoryObjects objects, byte[]? since = null, int shard = 1)
    {
        var files = new Files(PublishedLog.FolderOf(World.Tenant, shard), objects);
        var log = new LogName(World.Origin, shard).ToString();
        var keys = (await Log.Signer.KeysAsync(Cancel)).Select(key => new LogKey(key.CreateVerifier()!, 0, null));
        return ArchiveVerifier.Run(files, new ArchiveQuestion(log, new LogKeys([.. keys])) { Since = since }, Cancel);
    }

    public void Dispose() => Log.Dispose();

    private ChangeService Changes(IStore store) =>
        new(
            store,
            Log.Vault,
            RegoAuthorizer.On(store, Log.Time),
            Log.Time,
            Entropy.System,
            new LogOrigins(World.Host),
            new SystemTimeZones()
        );

    private IJobKind[] Kinds(IObjectStore objects, IStore store)
    {
        var proofs = new ProofReader(store);
        var archive = new LogArchive(
            store,
            proofs,
            Log.Vault,
            new PublishedObjects(Log.Objects),
            new ArchiveObjects(objects, "memory")
        );
        return
        [
            new ArchiveJob(store, new ProjectReader(store, Log.Vault), archive, Log.Time, Entropy.System),
            new PurgeJob(store, new PurgeLimits(store, Log.Time), archive, new SinkMarks(store), Changes(store), Entropy.System),
        ];
    }

    /// <summary>The verifier reads files one by one, as from a folder.</summary>
    private sealed class Files(string folder, InMemoryObjects objects) : ILedgerFiles
    {
        public byte[]? Read(string path, int maxLength) =>
            objects.ReadAsync(folder + path, Cancel).AsTask().GetAwaiter().GetResult();

        public IReadOnlyList<string>? List(string under) =>
            [
                .. objects
                    .ListAsync($"{folder}{under}/", Cancel)
                    .ToBlockingEnumerable(Cancel)
                    .Select(path => path[(folder.Length + under.Length + 1)..]),
            ];
    }
}
