using Halyard.Server.Disk;

namespace Halyard.Server.Delivery.Files;

/// <summary>
/// A file of one leaf a line, in index order. A line is the leaf's canonical bytes, so its leaf hash can be computed from the file
/// alone. A line that a crash cut off is removed before the next is written.
/// </summary>
internal static class JsonlFile
{
    /// <summary>How every leaf begins, for its members are in order.</summary>
    private static ReadOnlySpan<byte> Beginning => "{\"actions\":["u8;

    /// <summary>
    /// Appends the leaves whose index is larger than that of the last line; each of the others must be in the file already, byte by
    /// byte. Durable when it returns.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// The last line is no leaf: somebody else wrote it. Or the file does not have a leaf that it should: it tells another history, as
    /// after the store was put back from a backup. Nothing was written.
    /// </exception>
    public static async ValueTask AppendAsync(
        string path,
        IEnumerable<(long Index, ReadOnlyMemory<byte> Leaf)> leaves,
        CancellationToken cancellationToken
    )
    {
        await using var file = new FileStream(path, Options());
        var last = LastIndex(file);
        var (known, added) = (new List<(long, ReadOnlyMemory<byte>)>(), new List<ReadOnlyMemory<byte>>());
        foreach (var (index, leaf) in leaves)
        {
            if (index <= last)
                known.Add((index, leaf));
            else
                added.Add(leaf);
        }
        Compare(file, known);
        file.Seek(0, SeekOrigin.End);
        foreach (var leaf in added)
        {
            await file.WriteAsync(leaf, cancellationToken);
            file.WriteByte((byte)'\n');
        }
        await file.FlushAsync(cancellationToken);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        // Without a line it may have no name on the disk yet.
        if (last < 0)
            Durable.Flush(Path.GetDirectoryName(path)!);
    }

    private static void Compare(FileStream file, List<(long Index, ReadOnlyMemory<byte> Leaf)> known)
    {
        if (known.Count == 0)
            return;
        var lines = new JsonlLines(file.SafeFileHandle, file.Length);
        lines.Seek(known[0].Index);
        foreach (var (index, leaf) in known)
        {
            if (!lines.Has(index, leaf.Span))
                throw new InvalidDataException(
                    $"'{Path.GetFileName(file.Name)}' goes further than entry {index} and does not have it as the log has it; "
                        + "the file is left as it is. Move it away to begin another."
                );
        }
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    /// <summary>
    /// The index of the last whole line; -1 for a file without one. What a crash left of a line behind it is removed, once it is
    /// certain that the file is ours.
    /// </summary>
    private static long LastIndex(FileStream file)
    {
        var tail = new byte[(int)Math.Min(file.Length, 2 * JsonlLines.MaxLine)];
        file.Seek(-tail.Length, SeekOrigin.End);
        file.ReadExactly(tail);
        var end = tail.AsSpan().LastIndexOf((byte)'\n');
        var torn = tail.AsSpan(end + 1);
        var common = Math.Min(torn.Length, Beginning.Length);
        if (end < 0 && tail.Length < file.Length || !torn[..common].SequenceEqual(Beginning[..common]))
            throw Foreign(file);
        var last = end < 0 ? -1 : IndexIn(file, tail.AsSpan(0, end));
        file.SetLength(file.Length - torn.Length);
        return last;
    }

    private static long IndexIn(FileStream file, ReadOnlySpan<byte> lines) =>
        JsonlLines.IndexOf(lines[(lines.LastIndexOf((byte)'\n') + 1)..]) ?? throw Foreign(file);

    private static InvalidDataException Foreign(FileStream file) =>
        new($"The last line of '{Path.GetFileName(file.Name)}' is no leaf; the file is left as it is.");
}
