using System.Text.Json;

namespace Halyard.Server.Delivery.Files;

/// <summary>
/// A file of one leaf a line, in index order. A line is the leaf's canonical bytes, so its leaf hash can be computed from the file
/// alone. A line that a crash cut off is removed before the next is written.
/// </summary>
internal static class JsonlFile
{
    // What sealing adds to a leaf's largest draft is well below the rest.
    private const int MaxLine = 65_536;

    /// <summary>How every leaf begins, for its members are in order.</summary>
    private static ReadOnlySpan<byte> Beginning => "{\"actions\":["u8;

    /// <summary>Appends the leaves whose index is larger than that of the last line. Durable when it returns.</summary>
    /// <exception cref="InvalidDataException">The last line is no leaf: somebody else wrote it.</exception>
    public static async ValueTask AppendAsync(
        string path,
        IEnumerable<(long Index, ReadOnlyMemory<byte> Leaf)> leaves,
        CancellationToken cancellationToken
    )
    {
        await using var file = new FileStream(path, Options());
        var last = LastIndex(file);
        file.Seek(0, SeekOrigin.End);
        foreach (var (index, leaf) in leaves)
        {
            if (index <= last)
                continue;
            await file.WriteAsync(leaf, cancellationToken);
            file.WriteByte((byte)'\n');
        }
        await file.FlushAsync(cancellationToken);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
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
        var tail = new byte[(int)Math.Min(file.Length, 2 * MaxLine)];
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

    private static long IndexIn(FileStream file, ReadOnlySpan<byte> lines)
    {
        var line = lines[(lines.LastIndexOf((byte)'\n') + 1)..];
        try
        {
            var reader = new Utf8JsonReader(line);
            using var leaf = JsonDocument.ParseValue(ref reader);
            return leaf.RootElement.GetProperty("idx").GetInt64();
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Foreign(file);
        }
    }

    private static InvalidDataException Foreign(FileStream file) =>
        new($"The last line of '{Path.GetFileName(file.Name)}' is no leaf; the file is left as it is.");
}
