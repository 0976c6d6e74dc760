using System.Collections.Concurrent;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Core.Reading;

/// <summary>
/// Builds proofs from the stored leaf hashes. Roots of complete groups of 256 leaves never change, so they are computed once and
/// kept in memory: 32 bytes for 256 entries.
/// </summary>
public sealed class ProofReader(IStore store)
{
    private const int GroupLevel = 8;
    private const int GroupSize = 1 << GroupLevel;

    private readonly ConcurrentDictionary<string, TenantGroups> _groups = new(StringComparer.Ordinal);

    /// <summary>The entry with its inclusion proof in a tree of <paramref name="size"/> entries (the current one where
    /// <see langword="null"/>); <see langword="null"/> where the tree does not hold it or is larger than the log.</summary>
    public async ValueTask<ProofFile?> ProveAsync(string tenant, long index, long? size, CancellationToken cancellationToken)
    {
        var head = await store.HeadAsync(tenant, cancellationToken);
        var entry = await store.EntryAsync(tenant, index, cancellationToken);
        if (head is null || entry is null)
            return null;
        var at = size ?? head.Range.Size;
        if (at <= index || at > head.Range.Size)
            return null;
        var nodes = await NodesAsync(tenant, at, index, cancellationToken);
        var root = at == head.Range.Size ? head.Range.Root : Root(nodes, at);
        return new ProofFile(head.Origin, index, at, root, entry.Leaf, InclusionProof.Build(index, at, nodes), null);
    }

    private async ValueTask<NodeTable> NodesAsync(string tenant, long size, long index, CancellationToken cancellationToken)
    {
        var groups = _groups.GetOrAdd(tenant, _ => new TenantGroups());
        var complete = size >> GroupLevel;
        await groups.Gate.WaitAsync(cancellationToken);
        try
        {
            var fresh = new List<Digest>();
            for (long group = groups.Roots.Length; group < complete; group++)
                fresh.Add(MerkleTree.Root(await LeavesAsync(tenant, group, cancellationToken)));
            if (fresh.Count > 0)
                groups.Roots = [.. groups.Roots, .. fresh];
        }
        finally
        {
            groups.Gate.Release();
        }
        var leaves = new Dictionary<long, IReadOnlyList<Digest>>();
        foreach (var group in new[] { index >> GroupLevel, complete }.Distinct())
            leaves[group] = await LeavesAsync(tenant, group, cancellationToken);
        return new NodeTable(groups.Roots, leaves);
    }

    private ValueTask<IReadOnlyList<Digest>> LeavesAsync(string tenant, long group, CancellationToken cancellationToken) =>
        store.LeafHashesAsync(tenant, group << GroupLevel, GroupSize, cancellationToken);

    /// <summary>The root at a size, from complete subtrees: RFC 6962, section 2.1.</summary>
    private static Digest Root(NodeTable nodes, long size)
    {
        Digest? root = null;
        long start = size;
        for (var level = 0; size >> level > 0; level++)
        {
            if ((size >> level & 1) == 0)
                continue;
            start -= 1L << level;
            var left = nodes.Node(level, start >> level);
            root = root is { } right ? MerkleTree.HashChildren(left, right) : left;
        }
        return root ?? MerkleTree.EmptyRoot;
    }

    private sealed class TenantGroups
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        /// <summary>Replaced, never changed: readers hold the one they got.</summary>
        public Digest[] Roots { get; set; } = [];
    }

    private sealed class NodeTable(Digest[] groups, Dictionary<long, IReadOnlyList<Digest>> leaves) : INodeSource
    {
        public Digest Node(int level, long index)
        {
            if (level == GroupLevel)
                return groups[index];
            if (level > GroupLevel)
                return MerkleTree.HashChildren(Node(level - 1, index * 2), Node(level - 1, index * 2 + 1));
            var first = index << level;
            var group = leaves[first >> GroupLevel];
            var offset = (int)(first & (GroupSize - 1));
            return MerkleTree.Root([.. group.Skip(offset).Take(1 << level)]);
        }
    }
}
