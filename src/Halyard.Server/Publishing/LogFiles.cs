using Halyard.Core.Audit;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Server.Publishing;

/// <summary>
/// Writes the entries of a log and the tree above them as files. What is written follows from the store's log alone, and is held
/// against the root that the store has.
/// </summary>
internal sealed class LogFiles(IStore store, ProofReader proofs, IObjectStore objects)
{
    /// <summary>Writes the bundles and tiles by which a log grew, and gives the root at its new size.</summary>
    /// <param name="head">A head of the log.</param>
    /// <param name="from">The size up to which they are there.</param>
    /// <param name="size">The new size, at most the head's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LedgerAlarmException">Entries are missing, are not those of the root, or other files are there.</exception>
    public async ValueTask<Digest> WriteAsync(LogHead head, long from, long size, CancellationToken cancellationToken)
    {
        var folder = PublishedLog.FolderOf(head);
        var added = new List<Digest>((int)(size - from));
        foreach (var bundle in TileLayout.Bundles(from, size))
        {
            var first = bundle.Index * TilePath.FullWidth;
            if (first < head.Minimum)
            {
                // A new shard of a log that was purged: the hashes stayed, and minimum_index says that the bundles are not there.
                var hashes = await store.LeafHashesAsync(head.Tenant, first, bundle.Width, cancellationToken);
                added.AddRange(hashes.Skip((int)Math.Max(0, from - first)));
                continue;
            }
            var entries = await store.FeedAsync(head.Tenant, first, bundle.Width, cancellationToken);
            if (entries.Count != bundle.Width || entries[0].Index != first)
                throw new LedgerAlarmException($"the store does not have the entries {first} to {first + bundle.Width - 1}");
            await CreateAsync(folder + bundle, EntryBundle.Write([.. entries.Select(entry => (ReadOnlyMemory<byte>)entry.Leaf)]));
            added.AddRange(entries.SkipWhile(entry => entry.Index < from).Select(entry => MerkleTree.HashLeaf(entry.Leaf)));
        }

        var nodes = await proofs.NodesAsync(head.Tenant, [from, size], cancellationToken);
        var range = added.Aggregate(CompactRange.Of(nodes, from), (range, hash) => range.Append(hash));
        var root = size == head.Range.Size ? head.Range.Root : MerkleTree.Root(nodes, size);
        if (range.Root != root)
            throw new LedgerAlarmException($"the entries {from} to {size - 1} in the store are not those that its root names");
        foreach (var tile in TileGrowth.Grow(from, added, path => Edge(nodes, path)))
            await CreateAsync(folder + tile.Path, tile.ToBytes());
        return root;

        async ValueTask CreateAsync(string path, byte[] content)
        {
            if (await objects.CreateAsync(path, content, cancellationToken) == Creation.Different)
                throw new LedgerAlarmException($"'{path}' is there with other bytes than the log has");
        }
    }

    /// <summary>The hashes of a partial tile, from the store and not from what is published: damage there is noticed, not carried on.</summary>
    private static Digest[] Edge(INodeSource nodes, TilePath path)
    {
        var first = path.Index * TilePath.FullWidth;
        return [.. Enumerable.Range(0, path.Width).Select(i => nodes.Node(path.Level * TilePath.Height, first + i))];
    }
}
