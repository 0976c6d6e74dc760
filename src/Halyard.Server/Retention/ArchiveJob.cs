using System.Text.Json;
using System.Text.Json.Serialization;
using Halyard.Core;
using Halyard.Core.Audit.Retention;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Server.Jobs;
using Halyard.Server.Publishing;

namespace Halyard.Server.Retention;

/// <summary>
/// Copies what is old enough, up to a published checkpoint, to the archive. What it writes follows from the log, and its newest
/// checkpoint is the last thing, so that the archive verifies at every moment and any run carries on any other.
/// </summary>
internal sealed class ArchiveJob(IStore store, ProjectReader reader, LogArchive archive, TimeProvider time, Entropy entropy)
    : IJobKind
{
    /// <summary>The kind's name.</summary>
    public const string Name = "archive";

    /// <summary>The type of the entry that says what was archived.</summary>
    public const string ArchivedType = "log.archived";

    // What is done again after a crash at most; a fraction of a job's lease even on a slow archive.
    private const int BlobStep = TilePath.FullWidth;
    private const int TreeStep = 32 * TilePath.FullWidth;
    private const int CheckpointStep = 256;

    /// <inheritdoc/>
    public string Kind => Name;

    /// <inheritdoc/>
    public async ValueTask<JobEnd> RunAsync(Job job, CancellationToken cancellationToken)
    {
        if (!archive.Exists)
            return JobEnd.Failed("archive.unconfigured", "there is no archive: Halyard:Archive says where");
        try
        {
            var cursor = job.Cursor is { } saved
                ? saved.Deserialize(ArchiveJson.Default.ArchiveCursor)!
                : await PlanAsync(job.Tenant, cancellationToken);
            return cursor.Size > cursor.From
                ? await ArchiveAsync(job, cursor, cancellationToken)
                : await RefreshAsync(job, cancellationToken);
        }
        catch (LedgerAlarmException alarm)
        {
            return JobEnd.Failed("archive.contradiction", alarm.Message);
        }
    }

    /// <summary>Nothing: what is archived stays, and the next run goes on from it.</summary>
    public void Abandon(Job job) { }

    /// <summary>From what is archived up to the last published checkpoint whose entries are all old enough.</summary>
    private async ValueTask<ArchiveCursor> PlanAsync(string tenant, CancellationToken cancellationToken)
    {
        var head = await store.HeadAsync(tenant, cancellationToken);
        var from = await archive.SizeAsync(tenant, cancellationToken);
        await ArchiveMark.SetAsync(store, tenant, from, cancellationToken);
        var begins = head is { Shard: > 1, Minimum: > 0 } && from == 0;
        if (from < head?.Minimum && !begins)
            throw new LedgerAlarmException($"the archive has {from} entries and those below {head.Minimum} were purged");
        if (head is null || (await PolicyAsync(tenant, cancellationToken))?.ArchiveAfterDays is not { } days)
            return new ArchiveCursor(from, from, from, from);
        var sizes = await archive.CheckpointsAsync(tenant, from, head.Range.Size, cancellationToken);
        var oldEnough = time.GetUtcNow().AddDays(-days);
        // A log's time never goes back, so that a checkpoint is old enough where all before it are.
        var (low, high) = (0, sizes.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (await store.EntryAsync(tenant, sizes[middle] - 1, cancellationToken) is { } last && last.At <= oldEnough)
                low = middle + 1;
            else
                high = middle;
        }
        var size = low == 0 ? from : sizes[low - 1];
        if (!begins || size <= head.Minimum)
            return new ArchiveCursor(from, size, from, from);
        await archive.BeginAsync(head, cancellationToken);
        return new ArchiveCursor(from, size, head.Minimum, from);
    }

    private async ValueTask<JobEnd> ArchiveAsync(Job job, ArchiveCursor cursor, CancellationToken cancellationToken)
    {
        var head = (await store.HeadAsync(job.Tenant, cancellationToken))!;
        await SaveAsync(job, cursor, cancellationToken);
        var done = new HashSet<Digest>();
        while (cursor.Blobs < cursor.Size)
        {
            var to = Math.Min(cursor.Blobs + BlobStep, cursor.Size);
            await archive.WriteBlobsAsync(job.Tenant, (cursor.Blobs, to), done, cancellationToken);
            cursor = cursor with { Blobs = to };
            await SaveAsync(job, cursor, cancellationToken);
        }
        while (cursor.Tree < cursor.Size)
        {
            var to = Math.Min(((cursor.Tree / TreeStep) + 1) * TreeStep, cursor.Size);
            await archive.WriteTreeAsync(head, cursor.Tree, to, cancellationToken);
            cursor = cursor with { Tree = to };
            await SaveAsync(job, cursor, cancellationToken);
        }
        var sizes = await archive.CheckpointsAsync(job.Tenant, cursor.From, cursor.Size, cancellationToken);
        for (var i = 0; i < sizes.Count - 1; i++)
        {
            await archive.WriteCheckpointAsync(job.Tenant, sizes[i], cancellationToken);
            if (i % CheckpointStep == 0)
                await SaveAsync(job, cursor, cancellationToken);
        }
        var newest = await archive.WriteCheckpointAsync(job.Tenant, cursor.Size, cancellationToken);
        await archive.CompleteAsync(job.Tenant, newest, cancellationToken);
        await ArchiveMark.SetAsync(store, job.Tenant, cursor.Size, cancellationToken);
        var root = CheckpointFile.Read(newest.ToBytes()).Checkpoint.Root;
        return Finished(cursor, root, await PurgeAsync(job.Tenant, cancellationToken));
    }

    /// <summary>There is nothing new; whoever was erased since must be known to the archive all the same.</summary>
    private async ValueTask<JobEnd> RefreshAsync(Job job, CancellationToken cancellationToken)
    {
        await archive.WriteErasedAsync(job.Tenant, cancellationToken);
        return new JobEnd(JobStatus.Finished, "nothing to archive", Events: await PurgeAsync(job.Tenant, cancellationToken));
    }

    /// <summary>The start of the job that purges, where something is to be purged: jobs follow from the log.</summary>
    private async ValueTask<JobEvent[]> PurgeAsync(string tenant, CancellationToken cancellationToken)
    {
        if (await PolicyAsync(tenant, cancellationToken) is not { RetentionDays: not null })
            return [];
        var started = JobStarter.Started(
            entropy.NewUlid(time.GetUtcNow()),
            PurgeJob.Name,
            "{}"u8,
            "purge of what is archived and old enough"
        );
        return [new JobEvent(started.Type, started.Words, Parse(started.Details!.Value))];
    }

    private async ValueTask<RetentionPolicy?> PolicyAsync(string tenant, CancellationToken cancellationToken) =>
        ((await reader.FindAsync(tenant, LogRetention.Place, cancellationToken))?.Resource as LogRetention)?.Policy;

    private static JobEnd Finished(ArchiveCursor cursor, Digest root, IEnumerable<JobEvent> further)
    {
        var details = new CanonicalWriter().StartObject();
        details.Name("from").Number(cursor.From);
        details.Name("root").String(root.ToString());
        details.Name("size").Number(cursor.Size);
        details.Name("to").Number(cursor.Size);
        var told = Parse(details.EndObject().ToArray());
        var words = $"entries {cursor.From} to before {cursor.Size} archived";
        return new JobEnd(JobStatus.Finished, words, Result: told, Events: [new JobEvent(ArchivedType, words, told), .. further]);
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var parsed = JsonDocument.Parse(json);
        return parsed.RootElement.Clone();
    }

    private static ValueTask SaveAsync(Job job, ArchiveCursor cursor, CancellationToken cancellationToken) =>
        // Entries count twice: once for the content that they name, once for themselves.
        job.SaveAsync(
            cursor.Blobs - cursor.From + cursor.Tree - cursor.From,
            2 * (cursor.Size - cursor.From),
            JsonSerializer.SerializeToElement(cursor, ArchiveJson.Default.ArchiveCursor),
            cancellationToken
        );
}

/// <summary>Where archiving goes on.</summary>
/// <param name="From">How many entries were archived before.</param>
/// <param name="Size">The size of the checkpoint that it goes up to.</param>
/// <param name="Blobs">The next entry whose content is to be copied.</param>
/// <param name="Tree">The next entry that is to be copied itself, with the tree above it.</param>
internal sealed record ArchiveCursor(long From, long Size, long Blobs, long Tree);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ArchiveCursor))]
[JsonSerializable(typeof(long))]
internal sealed partial class ArchiveJson : JsonSerializerContext;
