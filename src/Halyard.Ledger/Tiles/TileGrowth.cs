namespace Halyard.Ledger;

/// <summary>A hash tile with its content.</summary>
/// <param name="Path">Which.</param>
/// <param name="Hashes">As many as the path's width.</param>
public sealed record FilledTile(TilePath Path, Digest[] Hashes)
{
    /// <summary>The bytes to store.</summary>
    public byte[] ToBytes() => HashTile.Write(Hashes);
}

/// <summary>Computes the tiles that appear when a log grows; from size 0 all tiles of a log.</summary>
public static class TileGrowth
{
    /// <summary>
    /// The hash tiles of a log that grew by these leaves, those of <see cref="TileLayout.HashTiles"/> in the same order. Each
    /// level follows from the one below it. Equal input gives equal bytes.
    /// </summary>
    /// <param name="from">The size before.</param>
    /// <param name="leafHashes">The hashes of the entries from there on.</param>
    /// <param name="edge">The hashes of each partial tile before, see <see cref="TileLayout.Edge"/>; not verified here.</param>
    /// <exception cref="ArgumentException">A partial tile before has not as many hashes as its path says.</exception>
    public static IEnumerable<FilledTile> Grow(long from, IReadOnlyList<Digest> leafHashes, Func<TilePath, Digest[]> edge)
    {
        var added = leafHashes;
        for (var (level, had) = (0, from); added.Count > 0; level++, had /= TilePath.FullWidth)
        {
            var above = new List<Digest>();
            foreach (var tile in GrowLevel(level, had, added, edge))
            {
                if (!tile.Path.IsPartial)
                    above.Add(HashTile.Above(tile.Hashes));
                yield return tile;
            }
            added = above;
        }
    }

    private static IEnumerable<FilledTile> GrowLevel(
        int level,
        long had,
        IReadOnlyList<Digest> added,
        Func<TilePath, Digest[]> edge
    )
    {
        var index = had / TilePath.FullWidth;
        var hashes = new List<Digest>(TilePath.FullWidth);
        if (had % TilePath.FullWidth is var width and > 0)
        {
            var before = TilePath.Hashes(level, index, (int)width);
            hashes.AddRange(edge(before));
            if (hashes.Count != width)
                throw new ArgumentException($"{before} does not have {width} hashes.", nameof(edge));
        }
        for (var next = 0; next < added.Count; index++, hashes.Clear())
        {
            var count = Math.Min(TilePath.FullWidth - hashes.Count, added.Count - next);
            for (var end = next + count; next < end; next++)
                hashes.Add(added[next]);
            yield return new FilledTile(TilePath.Hashes(level, index, hashes.Count), [.. hashes]);
        }
    }
}
