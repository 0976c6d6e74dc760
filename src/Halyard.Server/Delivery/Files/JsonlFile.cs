using System.Text.Json;
using Halyard.Core.Audit;

namespace Halyard.Server.Delivery.Files;

/// <summary>
/// A file of one leaf a line, in index order. A line is the leaf's canonical bytes, so its leaf hash can be computed from the file
/// alone. A line that a crash cut off is removed before the next is written.
/// </summary>
internal static class JsonlFile
{
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

    /// <summary>The index of the last whole line, after what follows it was removed; -1 for an empty file.</summary>
    private static long LastIndex(FileStream file)
    {
        // A line is never longer than a leaf; two of them hold the last whole one and a torn one behind it.
        var tail = new byte[(int)Math.Min(file.Length, 2 * (EntryBuilder.MaxLeafBytes + 1))];
        file.Seek(-tail.Length, SeekOrigin.End);
        file.ReadExactly(tail);
        var end = tail.AsSpan().LastIndexOf((byte)'\n');
        if (end < tail.Length - 1)
            file.SetLength(file.Length - (tail.Length - 1 - end));
        if (end < 0)
            return file.Length == 0 ? -1 : throw Foreign(file);
        var line = tail.AsSpan(0, end);
        line = line[(line.LastIndexOf((byte)'\n') + 1)..];
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
