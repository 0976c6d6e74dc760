using System.Globalization;
using System.Text;

namespace Halyard.Ledger;

/// <summary>A contradiction that ends a check.</summary>
internal sealed record ArchiveFault(long? Index, string? Path, string Words);

/// <summary>Reads the tiles, bundles and numbers of an archive whose log has a size.</summary>
internal sealed class ArchiveFiles(ILedgerFiles files, long size)
{
    private const int MaxNumberLength = 20;

    /// <summary>The hashes of a tile; a fault names the first entry under it.</summary>
    public (Digest[]? Hashes, ArchiveFault? Fault) Tile(TilePath path)
    {
        var first = path.Index * TilePath.FullWidth << (path.Level * TilePath.Height);
        var (bytes, found, fault) = Read(path, first, path.Width * Digest.Length, TilePath.FullWidth * Digest.Length);
        if (bytes is null)
            return (null, fault);
        if (!HashTile.TryRead(bytes, found.Width, out var hashes))
            return (
                null,
                new ArchiveFault(first, found.ToString(), $"has {bytes.Length} bytes in place of {found.Width * Digest.Length}")
            );
        return (hashes.Length == path.Width ? hashes : hashes[..path.Width], null);
    }

    /// <summary>The entries of a bundle.</summary>
    public (ReadOnlyMemory<byte>[]? Entries, ArchiveFault? Fault) Bundle(long index)
    {
        var first = index * TilePath.FullWidth;
        var path = TileLayout.BundleHolding(first, size);
        var (bytes, found, fault) = Read(path, first, EntryBundle.MaxLength, EntryBundle.MaxLength);
        if (bytes is null)
            return (null, fault);
        if (!EntryBundle.TryRead(bytes, found.Width, out var entries, out var problem))
            return (null, new ArchiveFault(Math.Min(first + problem.Entry, size - 1), found.ToString(), problem.Words));
        return (entries.Length == path.Width ? entries : entries[..path.Width], null);
    }

    /// <summary>The first entry that was not purged.</summary>
    public (long Index, ArchiveFault? Fault) MinimumIndex()
    {
        if (files.Read(LedgerPaths.MinimumIndex, MaxNumberLength) is not { } bytes)
            return (0, null);
        var text = Encoding.Latin1.GetString(bytes).TrimEnd('\n');
        return
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index <= size
            && index % TilePath.FullWidth == 0
            ? (index, null)
            : (0, new ArchiveFault(null, LedgerPaths.MinimumIndex, $"is not a multiple of {TilePath.FullWidth} up to {size}"));
    }

    // A log that grew on may have kept the full tile alone.
    private (byte[]? Bytes, TilePath Path, ArchiveFault? Fault) Read(TilePath path, long first, int maxLength, int maxFullLength)
    {
        try
        {
            if (files.Read(path.ToString(), maxLength) is { } bytes)
                return (bytes, path, null);
            if (path.IsPartial && files.Read(path.Full.ToString(), maxFullLength) is { } full)
                return (full, path.Full, null);
            return (null, path, new ArchiveFault(first, path.ToString(), "is absent"));
        }
        catch (LedgerFileException tooLong) when (tooLong.TooLong)
        {
            return (null, path, new ArchiveFault(first, tooLong.Path, tooLong.Words));
        }
    }
}
