using System.Globalization;
using Halyard.Core.Audit;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Server.Publishing;

/// <summary>How far a log is published.</summary>
/// <param name="Size">The size of the last checkpoint; 0 before the first.</param>
/// <param name="Root">The root it names.</param>
internal sealed record PublishedLog(long Size, Digest Root)
{
    /// <summary>Nothing yet.</summary>
    public static PublishedLog Nothing { get; } = new(0, MerkleTree.EmptyRoot);

    /// <summary>The folder of a shard of a tenant's log in what is published.</summary>
    public static string FolderOf(string tenant, int shard = 1) =>
        shard == 1 ? $"{tenant}/admin/" : string.Create(CultureInfo.InvariantCulture, $"{tenant}/admin/{shard}/");

    /// <summary>The folder of a log in what is published.</summary>
    public static string FolderOf(LogHead head) => FolderOf(head.Tenant, head.Shard);

    /// <summary>Reads the last checkpoint and holds it against the log as the store has it.</summary>
    /// <exception cref="LedgerAlarmException">The store's log is not the one that was published.</exception>
    public static async ValueTask<PublishedLog> LoadAsync(
        string tenant,
        IObjectStore objects,
        IStore store,
        ProofReader proofs,
        CancellationToken cancellationToken
    )
    {
        var shard = (await store.HeadAsync(tenant, cancellationToken))?.Shard ?? 1;
        if (await objects.ReadAsync(FolderOf(tenant, shard + 1) + CheckpointFile.Newest, cancellationToken) is { } later)
            throw new LedgerAlarmException(
                $"the log '{CheckpointFile.Read(later).Checkpoint.Origin}' was published and the store is of the shard before: "
                    + "an older copy of it was put back"
            );
        if (await objects.ReadAsync(FolderOf(tenant, shard) + CheckpointFile.Newest, cancellationToken) is not { } bytes)
            return Nothing;
        var (_, checkpoint) = CheckpointFile.Read(bytes);
        await CheckAsync(tenant, checkpoint, "published", store, proofs, cancellationToken);
        return new PublishedLog(checkpoint.Size, checkpoint.Root);
    }

    /// <summary>Holds a checkpoint against the log as the store has it now.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="checkpoint">A checkpoint that was given out.</param>
    /// <param name="done">What happened to it, in a word: published, signed, anchored.</param>
    /// <param name="store">Read after the checkpoint: its log only grows, so that what it lacks now it lost.</param>
    /// <param name="proofs">Gives the root at a size.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LedgerAlarmException">The log in the store does not begin with it.</exception>
    public static async ValueTask CheckAsync(
        string tenant,
        Checkpoint checkpoint,
        string done,
        IStore store,
        ProofReader proofs,
        CancellationToken cancellationToken
    )
    {
        var head = await store.HeadAsync(tenant, cancellationToken);
        var size = head?.Range.Size ?? 0;
        if (head is not null && checkpoint.Origin != head.Origin)
            throw new LedgerAlarmException($"the log '{checkpoint.Origin}' was {done}; the store has '{head.Origin}'");
        if (checkpoint.Size > size)
            throw new LedgerAlarmException(
                $"{checkpoint.Size} entries were {done} and the store has {size}: an older copy of it was put back, "
                    + $"and the entries {size} to {checkpoint.Size - 1} are lost"
            );
        var nodes = await proofs.NodesAsync(tenant, [checkpoint.Size], cancellationToken);
        if (MerkleTree.Root(nodes, checkpoint.Size) != checkpoint.Root)
            throw new LedgerAlarmException(
                $"the first {checkpoint.Size} entries in the store are not those that were {done}: the log was rewritten"
            );
    }
}

/// <summary>Checkpoints as files.</summary>
internal static class CheckpointFile
{
    /// <summary>The newest one of a log.</summary>
    public const string Newest = "checkpoint";

    /// <summary>The folder of all of them.</summary>
    public const string Folder = "checkpoints/";

    /// <summary>The one of a size, in twenty digits so that the order of names is that of sizes.</summary>
    public static string PathOf(long size) => $"{Folder}{size:D20}";

    /// <summary>The size in a path; <see langword="null"/> where it is no checkpoint's.</summary>
    public static long? SizeOf(string path) =>
        path.LastIndexOf('/') is var slash and > 0
        && long.TryParse(path.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out var size)
        && path.EndsWith(PathOf(size), StringComparison.Ordinal)
            ? size
            : null;

    /// <summary>Reads a file; its signatures are not checked.</summary>
    /// <exception cref="LedgerAlarmException">It is no checkpoint.</exception>
    public static (Note Note, Checkpoint Checkpoint) Read(byte[] bytes) =>
        Note.TryParse(bytes, out var note, out var problem) && Checkpoint.TryParse(note.Text, out var checkpoint, out problem)
            ? (note, checkpoint)
            : throw new LedgerAlarmException($"a published checkpoint cannot be read: {problem}");

    /// <summary>
    /// Writes a checkpoint that must be the only one of its size. The same text under another signature is the same checkpoint: a
    /// signer that lost its state signs anew, and what was there first stays.
    /// </summary>
    /// <exception cref="LedgerAlarmException">Another one is there: the log forked.</exception>
    public static async ValueTask CreateAsync(IObjectStore objects, string path, Note note, CancellationToken cancellationToken)
    {
        if (await objects.CreateAsync(path, note.ToBytes(), cancellationToken) != Creation.Different)
            return;
        var before = await objects.ReadAsync(path, cancellationToken);
        if (before is null || Read(before).Note.Text != note.Text)
            throw new LedgerAlarmException($"'{path}' is there with another root: the log forked, or was put back and went on");
    }
}
