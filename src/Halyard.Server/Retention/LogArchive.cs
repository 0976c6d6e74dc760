using System.Globalization;
using System.Text;
using Halyard.Core.Audit;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;
using Halyard.Server.Publishing;

namespace Halyard.Server.Retention;

/// <summary>
/// The archive of logs: the files of a published log, the content that its entries name, and who was erased. Everything is made from
/// the store and read back; nothing is taken from what is published but signed checkpoints and keys.
/// </summary>
internal sealed class LogArchive(
    IStore store,
    ProofReader proofs,
    PersonalVault vault,
    PublishedObjects published,
    ArchiveObjects archive
)
{
    // Bounds the memory; what is forgotten is compared again.
    private const int MaxRemembered = 100_000;

    private readonly ReadBackObjects? _objects = archive.Objects is { } objects ? new(objects) : null;

    /// <summary>Whether there is one.</summary>
    public bool Exists => _objects is not null;

    private ReadBackObjects Objects => _objects ?? throw new InvalidOperationException("There is no archive.");

    /// <summary>How many entries of a log are in the archive, by its newest checkpoint.</summary>
    /// <exception cref="LedgerAlarmException">It is the archive of another log.</exception>
    public async ValueTask<long> SizeAsync(string tenant, CancellationToken cancellationToken) =>
        (await PublishedLog.LoadAsync(tenant, Objects, store, proofs, cancellationToken)).Size;

    /// <summary>The sizes of published checkpoints above one size and up to another, ascending.</summary>
    public async ValueTask<List<long>> CheckpointsAsync(string tenant, long above, long to, CancellationToken cancellationToken)
    {
        var sizes = new List<long>();
        await foreach (
            var path in published.Objects.ListAsync(
                await FolderAsync(tenant, cancellationToken) + CheckpointFile.Folder,
                cancellationToken
            )
        )
        {
            if (CheckpointFile.SizeOf(path) is { } size && size > above && size <= to)
                sizes.Add(size);
        }
        return sizes;
    }

    /// <summary>Copies the content that some entries name; <paramref name="done"/> remembers what was.</summary>
    /// <exception cref="LedgerAlarmException">The store lacks entries, or content.</exception>
    public async ValueTask WriteBlobsAsync(
        string tenant,
        (long From, long To) entries,
        HashSet<Digest> done,
        CancellationToken cancellationToken
    )
    {
        var feed = await store.FeedAsync(tenant, entries.From, (int)(entries.To - entries.From), cancellationToken);
        var named = feed.SelectMany(entry => LeafContent.NamedIn(entry.Leaf)).Distinct().ToList();
        while (named.Count > 0)
        {
            var wanted = named.Where(each => !done.Contains(each.Digest)).Select(each => each.Digest).Distinct().ToList();
            var found = await store.BlobsAsync(tenant, wanted, cancellationToken);
            var further = new List<(Digest Digest, bool IsList)>();
            foreach (var digest in wanted)
            {
                if (!found.TryGetValue(digest, out var content) || Digest.Of(content) != digest)
                    throw new LedgerAlarmException($"the store does not have the content {digest}, which an entry names");
                await CreateAsync(tenant, LedgerPaths.Blob(digest), content, cancellationToken);
                if (named.Contains((digest, true)))
                    further.AddRange(LeafContent.NamedInList(content));
            }
            if (done.Count > MaxRemembered)
                done.Clear();
            done.UnionWith(wanted);
            named = further;
        }
    }

    /// <summary>Copies entries and the tree above them.</summary>
    /// <exception cref="LedgerAlarmException">The store's log is not what its root says, or the archive has another.</exception>
    public async ValueTask WriteTreeAsync(LogHead head, long from, long size, CancellationToken cancellationToken) =>
        await new LogFiles(store, proofs, Objects).WriteAsync(head, from, size, cancellationToken);

    /// <summary>Copies one published checkpoint, and gives it.</summary>
    /// <exception cref="LedgerAlarmException">It is not one of the store's log, or the archive has another of that size.</exception>
    public async ValueTask<Note> WriteCheckpointAsync(string tenant, long size, CancellationToken cancellationToken)
    {
        var path = await FolderAsync(tenant, cancellationToken) + CheckpointFile.PathOf(size);
        var bytes =
            await published.Objects.ReadAsync(path, cancellationToken)
            ?? throw new LedgerAlarmException($"'{path}' is not published any more");
        var (note, checkpoint) = CheckpointFile.Read(bytes);
        if (checkpoint.Size != size)
            throw new LedgerAlarmException($"'{path}' is of {checkpoint.Size} entries");
        await PublishedLog.CheckAsync(tenant, checkpoint, "published", store, proofs, cancellationToken);
        await CheckpointFile.CreateAsync(Objects, path, note, cancellationToken);
        return note;
    }

    /// <summary>Reads entries of whole bundles from the archive and holds them against the hashes in the store.</summary>
    /// <exception cref="LedgerAlarmException">The archive does not have them.</exception>
    public async ValueTask CompareAsync(string tenant, (long From, long To) entries, CancellationToken cancellationToken)
    {
        if (await SizeAsync(tenant, cancellationToken) is var size && size < entries.To)
            throw new LedgerAlarmException($"the archive has {size} entries in place of {entries.To}");
        var folder = await FolderAsync(tenant, cancellationToken);
        for (var first = entries.From; first < entries.To; first += TilePath.FullWidth)
        {
            var path = folder + TilePath.Entries(first / TilePath.FullWidth);
            var hashes = await store.LeafHashesAsync(tenant, first, TilePath.FullWidth, cancellationToken);
            var bytes = await Objects.ReadAsync(path, cancellationToken);
            if (
                bytes is null
                || !EntryBundle.TryRead(bytes, TilePath.FullWidth, out var leaves, out _)
                || !leaves.Select(leaf => MerkleTree.HashLeaf(leaf.Span)).SequenceEqual(hashes)
            )
                throw new LedgerAlarmException($"'{path}' in the archive is not what the store has");
        }
    }

    /// <summary>
    /// Begins the archive of a shard whose log was purged before it was opened: what is not there any more is in the archive of the
    /// shard before.
    /// </summary>
    public ValueTask BeginAsync(LogHead head, CancellationToken cancellationToken)
    {
        var content = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head.Minimum}\n"));
        return Objects.ReplaceAsync(PublishedLog.FolderOf(head) + LedgerPaths.MinimumIndex, content, cancellationToken);
    }

    /// <summary>Makes a checkpoint, of which everything is there, the archive's newest; with the keys, and who was erased.</summary>
    public async ValueTask CompleteAsync(string tenant, Note newest, CancellationToken cancellationToken)
    {
        var folder = await FolderAsync(tenant, cancellationToken);
        if (await published.Objects.ReadAsync(folder + KeyFile.Name, cancellationToken) is { } keys)
            await Objects.ReplaceAsync(folder + KeyFile.Name, keys, cancellationToken);
        await WriteErasedAsync(tenant, cancellationToken);
        await Objects.ReplaceAsync(folder + CheckpointFile.Newest, newest.ToBytes(), cancellationToken);
    }

    /// <summary>Writes who was erased: whoever reads the archive must forget them too.</summary>
    public async ValueTask WriteErasedAsync(string tenant, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        foreach (var erased in await vault.ErasedAsync(tenant, cancellationToken))
        {
            var line = new CanonicalWriter(128).StartObject();
            line.Name("index").Number(erased.Index);
            line.Name("sid").String(erased.Subject);
            lines.Append(Encoding.UTF8.GetString(line.EndObject().ToArray())).Append('\n');
        }
        var path = await FolderAsync(tenant, cancellationToken) + LedgerPaths.Erased;
        await Objects.ReplaceAsync(path, Encoding.UTF8.GetBytes(lines.ToString()), cancellationToken);
    }

    private async ValueTask<string> FolderAsync(string tenant, CancellationToken cancellationToken) =>
        PublishedLog.FolderOf(tenant, (await store.HeadAsync(tenant, cancellationToken))?.Shard ?? 1);

    private async ValueTask CreateAsync(string tenant, string path, byte[] content, CancellationToken cancellationToken)
    {
        path = await FolderAsync(tenant, cancellationToken) + path;
        if (await Objects.CreateAsync(path, content, cancellationToken) == Creation.Different)
            throw new LedgerAlarmException($"'{path}' is archived with other bytes than the store has");
    }
}

/// <summary>Where logs are archived.</summary>
/// <param name="Objects">Its files, a folder a log; <see langword="null"/> where none is configured.</param>
/// <param name="Place">Where that is, in words.</param>
internal sealed record ArchiveObjects(IObjectStore? Objects, string? Place);
