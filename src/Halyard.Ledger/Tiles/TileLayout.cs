namespace Halyard.Ledger;

/// <summary>Which tiles a log of a size has.</summary>
public static class TileLayout
{
    /// <summary>How many hashes stand in the tiles of a level: complete subtrees only.</summary>
    /// <param name="level">The level of tiles, from 0.</param>
    /// <param name="size">The log's number of entries.</param>
    public static long HashesAt(int level, long size) => size >> (level * TilePath.Height);

    /// <summary>The tile in which a level's hash stands, as wide as a log of this size has it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The log has no such hash.</exception>
    public static TilePath Holding(int level, long hash, long size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(hash, HashesAt(level, size));
        var index = hash / TilePath.FullWidth;
        return TilePath.Hashes(level, index, WidthAt(index, HashesAt(level, size)));
    }

    /// <summary>The bundle in which an entry stands, as wide as a log of this size has it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The log has no such entry.</exception>
    public static TilePath BundleHolding(long entry, long size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(entry, size);
        var index = entry / TilePath.FullWidth;
        return TilePath.Entries(index, WidthAt(index, size));
    }

    /// <summary>
    /// The hash tiles of the later log that the earlier one does not have, level by level, each level from the left; from 0 these
    /// are all. Made as they are asked for.
    /// </summary>
    public static IEnumerable<TilePath> HashTiles(long from, long to)
    {
        for (var level = 0; HashesAt(level, to) > 0; level++)
        {
            var (had, has) = (HashesAt(level, from), HashesAt(level, to));
            foreach (var (index, width) in Grown(had, has))
                yield return TilePath.Hashes(level, index, width);
        }
    }

    /// <summary>The bundles of the later log that the earlier one does not have, from the left; from 0 these are all.</summary>
    public static IEnumerable<TilePath> Bundles(long from, long to) =>
        Grown(from, to).Select(tile => TilePath.Entries(tile.Index, tile.Width));

    /// <summary>The partial hash tiles of a log, lowest level first: all that must be read to let it grow.</summary>
    public static IEnumerable<TilePath> Edge(long size)
    {
        for (var level = 0; HashesAt(level, size) is var count and > 0; level++)
        {
            if (count % TilePath.FullWidth is var width and > 0)
                yield return TilePath.Hashes(level, count / TilePath.FullWidth, (int)width);
        }
    }

    private static IEnumerable<(long Index, int Width)> Grown(long had, long has)
    {
        for (var index = had / TilePath.FullWidth; had < has && index * TilePath.FullWidth < has; index++)
            yield return (index, WidthAt(index, has));
    }

    private static int WidthAt(long index, long count) => (int)Math.Min(TilePath.FullWidth, count - (index * TilePath.FullWidth));
}
