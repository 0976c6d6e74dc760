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
    internal const int GroupLevel = 8;
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
    /// Proofs for many entries of one tree, each at the cost of its own hashes; <see langword="null"/> where the log is smaller.
    /// </summary>
    public async ValueTask<TreeProofs?> OpenAsync(string tenant, long size, CancellationToken cancellationToken)
    {
        var head = await store.HeadAsync(tenant, cancellationToken);
        return head is null || size > head.Range.Size
            ? null
            : new TreeProofs(
                size,
                await TableAsync(tenant, [size], cancellationToken),
                (group, stop) => LeavesAsync(tenant, group, stop)
            );
    }

    /// <summary>
    /// The subtrees of a log that the roots at these sizes are made of, with the leaves beside them. Every size must be one that the
    /// log has reached.
    /// </summary>
    public async ValueTask<INodeSource> NodesAsync(
        string tenant,
        IReadOnlyList<long> sizes,
        CancellationToken cancellationToken
    ) => await TableAsync(tenant, sizes, cancellationToken);

    private async ValueTask<NodeTable> TableAsync(string tenant, IReadOnlyList<long> sizes, CancellationToken cancellationToken)
    {
        var groups = _groups.GetOrAdd(tenant, _ => new TenantGroups());
        var complete = (int)(sizes.Max() >> GroupLevel);
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
        var nodes = new NodeTable(new ArraySegment<Digest>(groups.Roots, 0, complete));
        foreach (var group in sizes.Select(size => size >> GroupLevel).Distinct())
            nodes.Add(group, await LeavesAsync(tenant, group, cancellationToken));
        return nodes;
    }

    private ValueTask<IReadOnlyList<Digest>> LeavesAsync(string tenant, long group, CancellationToken cancellationToken) =>
        store.LeafHashesAsync(tenant, group << GroupLevel, GroupSize, cancellationToken);

    private sealed class TenantGroups
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        /// <summary>Replaced, never changed: readers hold the one they got.</summary>
        public Digest[] Roots { get; set; } = [];
    }

    /// <summary>The hashes of one tree: above the groups all of them, below only in groups that were added.</summary>
    internal sealed class NodeTable(IReadOnlyList<Digest> groups) : INodeSource
    {
        private readonly LeafNodeSource _above = new(groups);
        private readonly Dictionary<long, LeafNodeSource> _within = [];

        public bool Holds(long group) => _within.ContainsKey(group);

        public void Add(long group, IReadOnlyList<Digest> leaves) => _within[group] = new LeafNodeSource(leaves);

        public void Remove(long group) => _within.Remove(group);

        public Digest Node(int level, long index)
        {
            if (level >= GroupLevel)
                return _above.Node(level - GroupLevel, index);
            var group = index << level >> GroupLevel;
            return _within[group].Node(level, index - (group << (GroupLevel - level)));
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

/// <summary>Inclusion proofs of the entries of one tree, cheapest in the order of the log: the leaves of one group of 256 are held at a time.</summary>
public sealed class TreeProofs
{
    private readonly ProofReader.NodeTable _nodes;
    private readonly Func<long, CancellationToken, ValueTask<IReadOnlyList<Digest>>> _leaves;
    private readonly long _last;
    private long _held = -1;

    internal TreeProofs(
        long size,
        ProofReader.NodeTable nodes,
        Func<long, CancellationToken, ValueTask<IReadOnlyList<Digest>>> leaves
    )
    {
        Size = size;
        _nodes = nodes;
        _leaves = leaves;
        _last = size >> ProofReader.GroupLevel;
    }

    /// <summary>The number of leaves of the tree.</summary>
    public long Size { get; }

    /// <summary>The proof of one entry, from the leaf up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tree does not hold the entry.</exception>
    public async ValueTask<IReadOnlyList<Digest>> ProveAsync(long index, CancellationToken cancellationToken)
    {
        var group = index >> ProofReader.GroupLevel;
        if (!_nodes.Holds(group) && index < Size)
        {
            if (_held >= 0 && _held != _last)
                _nodes.Remove(_held);
            _nodes.Add(group, await _leaves(group, cancellationToken));
            _held = group;
        }
        return InclusionProof.Build(index, Size, _nodes);
    }
}
