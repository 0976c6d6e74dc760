using System.Diagnostics;
using Halyard.Benchmarks.Auditing;
using Halyard.Benchmarks.Measuring;
using Halyard.Core;
using Halyard.Core.Audit.Retention;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Effects;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;
using Halyard.Server.Publishing;
using Halyard.Server.Publishing.Objects;
using Halyard.Server.Publishing.Signing;
using Halyard.Server.Retention;
using Halyard.Storage.Sqlite;
using Halyard.Storage.Sqlite.Privacy;

namespace Halyard.Benchmarks.Retaining;

/// <summary>A long log published to a folder, archived to another with everything read back, and purged from the store.</summary>
internal static class RetentionScenario
{
    public const int DefaultEntries = 200_000;

    private const int CommitEntries = 500;
    private const int BlobStep = TilePath.FullWidth;
    private const string Host = "flags.example.com";

    /// <summary>Prints entries a second for each of the three.</summary>
    /// <param name="entries">How many entries the log has; they are old.</param>
    public static async Task RunAsync(int entries)
    {
        Machine.Describe();
        using var folder = new ScratchFolder();
        var options = new SqliteStoreOptions { Path = folder.File("audit.db") };
        using var keys = SqliteSubjectKeys.Open(options, Entropy.System, TimeProvider.System);
        using var store = SqliteStore.Open(options);
        var vault = new PersonalVault(keys, Entropy.System);
        var log = await GeneratedLog.OpenAsync(store, vault);
        for (var at = 0; at < entries; at += CommitEntries)
            await store.CommitAsync(await log.NextAsync(Math.Min(CommitEntries, entries - at)), default);

        using var ring = KeyRing.Open(folder.File("key.pem"), Host, "", Entropy.System, TimeProvider.System);
        using var state = SignerState.Open(folder.File("state"), Entropy.System);
        using var signer = new Signer(ring, state);
        var proofs = new ProofReader(store);
        var published = new FolderObjects(folder.File("published"), Entropy.System);
        var archive = new LogArchive(
            store,
            proofs,
            vault,
            new PublishedObjects(published),
            new ArchiveObjects(new FolderObjects(folder.File("archive"), Entropy.System), "a folder")
        );
        var head = (await store.HeadAsync(Tenancy.Tenant, default))!;
        await TimeAsync(
            "published",
            entries,
            async () =>
            {
                var integrator = new Integrator(store, proofs, published, signer);
                await integrator.PublishAsync(PublishedLog.Nothing, head, () => ValueTask.FromResult(true), default);
            }
        );
        await TimeAsync("archived and read back", entries, () => ArchiveAsync(archive, head.Range.Size, store));
        var changes = new ChangeService(
            store,
            vault,
            RegoAuthorizer.On(store, TimeProvider.System),
            TimeProvider.System,
            Entropy.System,
            new LogOrigins(Host),
            new SystemTimeZones()
        );
        var setting = Change.Edit("", [new SetRetention(new RetentionPolicy(0, 1, []))], "", action: "retention.change");
        await ApplyAsync(changes, setting);
        var purged = entries - (entries % TilePath.FullWidth);
        await TimeAsync("compared with the archive and purged", purged, () => PurgeAsync(archive, changes, store));
    }

    /// <summary>As the job does it, without its marks.</summary>
    private static async Task ArchiveAsync(LogArchive archive, long size, SqliteStore store)
    {
        var done = new HashSet<Digest>();
        for (long at = 0; at < size; at += BlobStep)
            await archive.WriteBlobsAsync(Tenancy.Tenant, (at, Math.Min(at + BlobStep, size)), done, default);
        var head = (await store.HeadAsync(Tenancy.Tenant, default))!;
        await archive.WriteTreeAsync(head, 0, size, default);
        await archive.CompleteAsync(Tenancy.Tenant, await archive.WriteCheckpointAsync(Tenancy.Tenant, size, default), default);
        await ArchiveMark.SetAsync(store, Tenancy.Tenant, size, default);
    }

    private static async Task PurgeAsync(LogArchive archive, ChangeService changes, SqliteStore store)
    {
        var limits = new PurgeLimits(store, TimeProvider.System);
        while (await limits.FindAsync(Tenancy.Tenant, default) is var limit && limit.Below > limit.From)
        {
            await archive.CompareAsync(Tenancy.Tenant, (limit.From, limit.Below), default);
            await ApplyAsync(changes, Change.Purge(new EffectRequest.Purge(limit.Below), "a measurement"));
        }
    }

    private static async Task ApplyAsync(ChangeService changes, Change change)
    {
        var result = await changes.SubmitAsync(new Submission(Tenancy.Admin, Tenancy.Request(0), change), default);
        if (!result.TryGet(out var outcome, out var error) || outcome is not Outcome.Applied)
            throw new InvalidOperationException($"The change did not take effect: {error ?? (object?)outcome}");
    }

    private static async Task TimeAsync(string what, int entries, Func<Task> work)
    {
        var (clock, busy) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await work();
        Console.WriteLine(
            $"{entries:N0} entries {what}: {entries / clock.Elapsed.TotalSeconds:N0} a second, "
                + $"{(Environment.CpuUsage.TotalTime - busy).TotalMicroseconds / entries:N0} µs of processor time each; "
                + $"load average {Machine.Load}"
        );
    }
}
