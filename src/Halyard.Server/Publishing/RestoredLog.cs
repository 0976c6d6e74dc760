using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Server.Publishing;

/// <summary>A log whose store was put back from a backup: nothing that was given out may be missing from it.</summary>
internal sealed class RestoredLog(string tenant, IStore store, ProofReader proofs, ChangeService changes, Entropy entropy)
{
    /// <summary>Holds the newest checkpoint of each place against the log. Gives the newest of all, or <see langword="null"/>.</summary>
    /// <param name="places">Where checkpoints are, each with what happened to them there in a word.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LedgerAlarmException">The log lacks entries that were given out.</exception>
    public async ValueTask<Checkpoint?> CheckAsync(
        IEnumerable<(string Done, IObjectStore Objects)> places,
        CancellationToken cancellationToken
    )
    {
        var found = new List<Checkpoint>();
        foreach (var (done, objects) in places)
        {
            if (await NewestAsync(objects, cancellationToken) is not { } newest)
                continue;
            await PublishedLog.CheckAsync(tenant, newest, done, store, proofs, cancellationToken);
            found.Add(newest);
        }
        return found.MaxBy(checkpoint => checkpoint.Size);
    }

    /// <summary>Records the restore; gives the entry's index.</summary>
    public async ValueTask<long> RecordAsync(string backup, Checkpoint? last, CancellationToken cancellationToken)
    {
        var details = new CanonicalWriter(512).StartObject();
        details.Name("from_backup").String(backup);
        details.Name("last_anchored");
        if (last is null)
            details.Null();
        else
            details.StartObject().Name("root").String(last.Root.ToString()).Name("size").Number(last.Size).EndObject();
        var happened = new ChangeEvent("log.restored", "the store was put back from a backup")
        {
            Details = details.EndObject().ToArray(),
        };
        var submission = new Submission(
            Actor.System(tenant),
            RequestContext.Internal(entropy.NewId("q")),
            Change.Record("store.restore", "", happened)
        );
        var result = await changes.SubmitAsync(submission, cancellationToken);
        return result.Error is null && result.Value is Outcome.Applied applied
            ? applied.Receipt.Index
            : throw new InvalidOperationException($"The restore cannot be recorded: {result.Error}");
    }

    private async ValueTask<Checkpoint?> NewestAsync(IObjectStore objects, CancellationToken cancellationToken)
    {
        string? newest = null;
        await foreach (var path in objects.ListAsync(PublishedLog.FolderOf(tenant) + CheckpointFile.Folder, cancellationToken))
            newest = CheckpointFile.SizeOf(path) is null ? newest : path;
        return newest is not null && await objects.ReadAsync(newest, cancellationToken) is { } bytes
            ? CheckpointFile.Read(bytes).Checkpoint
            : null;
    }
}
