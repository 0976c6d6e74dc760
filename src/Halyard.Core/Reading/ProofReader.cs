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
        var nodes = await NodesAsync(tenant, [index, at], cancellationToken);
        var root = at == head.Range.Size ? head.Range.Root : MerkleTree.Root(nodes, at);
        return new ProofFile(head.Origin, index, at, root, entry.Leaf, InclusionProof.Build(index, at, nodes), null);
    }

    /// <summary>
    /// Shows that the tree of <paramref name="from"/> entries is where that of <paramref name="to"/> begins (RFC 6962, 2.1.2);
    /// <see langword="null"/> where the log has no such sizes.
    /// </summary>
    public async ValueTask<LogConsistency?> ProveGrowthAsync(
        string tenant,
        long from,
        long to,
        CancellationToken cancellationToken
    )
    {
        var head = await store.HeadAsync(tenant, cancellationToken);
        if (head is null || from < 0 || from > to || to > head.Range.Size)
            return null;
        var nodes = await NodesAsync(tenant, [from, to], cancellationToken);
        var hashes = ConsistencyProof.Build(from, to, nodes);
        return new LogConsistency(head.Origin, from, MerkleTree.Root(nodes, from), to, MerkleTree.Root(nodes, to), hashes);
    }

    /// <summary>
    /// The subtrees of a log that the roots at these sizes are made of, with the leaves beside them. Every size must be one that the
    /// log has reached.
    /// </summary>
    public async ValueTask<INodeSource> NodesAsync(string tenant, IReadOnlyList<long> sizes, CancellationToken cancellationToken)
    {
        var groups = _groups.GetOrAdd(tenant, _ => new TenantGroups());
        var complete = sizes.Max() >> GroupLevel;
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
        foreach (var group in sizes.Select(size => size >> GroupLevel).Distinct())
            leaves[group] = await LeavesAsync(tenant, group, cancellationToken);
        return new NodeTable(groups.Roots, leaves);
    }

    private ValueTask<IReadOnlyList<Digest>> LeavesAsync(string tenant, long group, CancellationToken cancellationToken) =>
        store.LeafHashesAsync(tenant, group << GroupLevel, GroupSize, cancellationToken);

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

/// <summary>A log at two sizes, with the proof that one begins with the other.</summary>
/// <param name="Log">The log's origin.</param>
/// <param name="From">The earlier size.</param>
/// <param name="FromRoot">Its root.</param>
/// <param name="To">The later size.</param>
/// <param name="ToRoot">Its root.</param>
/// <param name="Hashes">The consistency proof.</param>
public sealed record LogConsistency(string Log, long From, Digest FromRoot, long To, Digest ToRoot, IReadOnlyList<Digest> Hashes);
