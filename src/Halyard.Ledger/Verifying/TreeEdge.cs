namespace Halyard.Ledger;

/// <summary>
/// The right edge of a tree that is read from the left, tile by tile: for each level of tiles the hashes of the last one. Enough
/// for the root at every size that is passed, and for every tile above.
/// </summary>
internal sealed class TreeEdge : INodeSource
{
    private readonly List<Digest>[] _levels =
    [
        .. Enumerable.Range(0, TilePath.MaxLevel + 1).Select(_ => new List<Digest>(TilePath.FullWidth)),
    ];

    /// <summary>The leaves so far.</summary>
    public long Size { get; private set; }

    /// <summary>The root over the leaves so far.</summary>
    public Digest Root => Size == 0 ? MerkleTree.EmptyRoot : this.Range(0, Size);

    /// <summary>The root over the leaves so far and some more of the next tile, fewer than fill it.</summary>
    public Digest RootWith(ReadOnlySpan<Digest> more)
    {
        _levels[0].AddRange(more);
        Size += more.Length;
        var root = Root;
        Size -= more.Length;
        _levels[0].Clear();
        return root;
    }

    /// <summary>Goes on by the last tile, which is partial.</summary>
    public void AddPartial(ReadOnlySpan<Digest> hashes)
    {
        _levels[0].AddRange(hashes);
        Size += hashes.Length;
    }

    /// <summary>Goes on by a full tile; the tiles above that are full with it are returned.</summary>
    /// <param name="above">The root over the tile.</param>
    public List<FilledTile> AddFull(Digest above)
    {
        Size += TilePath.FullWidth;
        var full = new List<FilledTile>();
        _levels[1].Add(above);
        for (var level = 1; _levels[level].Count == TilePath.FullWidth; level++)
        {
            var index = (Size >> (level * TilePath.Height)) / TilePath.FullWidth - 1;
            var tile = new FilledTile(TilePath.Hashes(level, index), [.. _levels[level]]);
            full.Add(tile);
            _levels[level].Clear();
            _levels[level + 1].Add(HashTile.Above(tile.Hashes));
        }
        return full;
    }

    /// <summary>The partial tiles above the lowest.</summary>
    public IEnumerable<FilledTile> Partial() =>
        TileLayout.Edge(Size).Where(path => path.Level > 0).Select(path => new FilledTile(path, [.. _levels[path.Level]]));

    /// <summary>Only of the last tile of each level.</summary>
    public Digest Node(int level, long index)
    {
        var first = (int)((index << (level % TilePath.Height)) % TilePath.FullWidth);
        var hashes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_levels[level / TilePath.Height]);
        return HashTile.Fold(hashes.Slice(first, 1 << (level % TilePath.Height)));
    }
}
