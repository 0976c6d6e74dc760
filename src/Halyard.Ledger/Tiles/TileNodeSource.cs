namespace Halyard.Ledger;

/// <summary>
/// Takes the hashes of proofs from tiles. A partial tile that is absent is looked for in the full one, which a log that grew on
/// may have kept alone. Keeps the last tile of each level. Not safe for use by several threads at once.
/// </summary>
/// <param name="size">The log's number of entries.</param>
/// <param name="tiles">A tile's bytes, or null where it is absent.</param>
public sealed class TileNodeSource(long size, Func<TilePath, byte[]?> tiles) : INodeSource
{
    private readonly (TilePath Path, Digest[] Hashes)[] _last = new (TilePath, Digest[])[TilePath.MaxLevel + 1];

    /// <inheritdoc/>
    /// <exception cref="TileException">The tile is absent or has not as many hashes as it must have.</exception>
    public Digest Node(int level, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (level >= 63 || index >= size >> level)
            throw new ArgumentOutOfRangeException(
                nameof(index),
                $"{size} leaves have no complete subtree {index} at level {level}."
            );
        var (tileLevel, height) = (level / TilePath.Height, level % TilePath.Height);
        var first = index << height;
        var hashes = Hashes(TileLayout.Holding(tileLevel, first, size));
        return HashTile.Fold(hashes.AsSpan((int)(first % TilePath.FullWidth), 1 << height));
    }

    /// <summary>The root of the tree of this size.</summary>
    /// <exception cref="TileException">A tile is absent or has not as many hashes as it must have.</exception>
    public Digest Root() => size == 0 ? MerkleTree.EmptyRoot : this.Range(0, size);

    private Digest[] Hashes(TilePath path)
    {
        if (_last[path.Level].Hashes is { } kept && _last[path.Level].Path == path)
            return kept;
        var hashes = Read(path) ?? (path.IsPartial ? Read(path.Full) : null) ?? throw new TileException(path, "is absent");
        _last[path.Level] = (path, hashes);
        return hashes;
    }

    private Digest[]? Read(TilePath path)
    {
        if (tiles(path) is not { } bytes)
            return null;
        return HashTile.TryRead(bytes, path.Width, out var hashes)
            ? hashes
            : throw new TileException(path, $"has {bytes.Length} bytes in place of {path.Width * Digest.Length}");
    }
}

/// <summary>A tile that a proof needs cannot be used.</summary>
/// <param name="path">Which.</param>
/// <param name="words">What is wrong with it.</param>
public sealed class TileException(TilePath path, string words) : Exception($"{path} {words}")
{
    /// <summary>Which tile.</summary>
    public TilePath Path { get; } = path;
}
