using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Server.Disk;

namespace Halyard.Server.Publishing.Objects;

/// <summary>
/// Objects as files below a folder. An object appears whole or not at all: it is written and flushed under a name that no object
/// can have, then linked to its place, and the folder is flushed too. Links below the folder are never followed.
/// </summary>
internal sealed class FolderObjects(string folder, Entropy entropy) : IObjectStore
{
    // Not a character of paths, so that nothing unfinished is ever listed or read.
    private const string Unfinished = "~unfinished";

    private static readonly EnumerationOptions Every = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var file = Locate(path);
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > IObjectStore.MaxBytes)
                throw new InvalidDataException($"'{path}' has more than {IObjectStore.MaxBytes} bytes.");
            var content = new byte[stream.Length];
            await stream.ReadExactlyAsync(content, cancellationToken);
            return content;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Creation> CreateAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var file = Locate(path);
        if (await ReadAsync(path, cancellationToken) is { } before)
            return Compare(file, before, content);
        var unfinished = await WriteAsync(file, content, cancellationToken);
        if (!Durable.MoveWhereNothingIs(unfinished, file))
        {
            File.Delete(unfinished);
            return Compare(file, await ReadAsync(path, cancellationToken) ?? [], content);
        }
        Durable.Flush(Path.GetDirectoryName(file)!);
        return Creation.Created;
    }

    /// <inheritdoc/>
    public async ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var file = Locate(path);
        var unfinished = await WriteAsync(file, content, cancellationToken);
        File.Move(unfinished, file, overwrite: true);
        Durable.Flush(Path.GetDirectoryName(file)!);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = Locate(path);
        if (File.Exists(file))
        {
            File.Delete(file);
            Durable.Flush(Path.GetDirectoryName(file)!);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListAsync(
        string prefix,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // Only the folder that the prefix ends in is walked.
        var within = ObjectPath.CheckedPrefix(prefix)[..(prefix.LastIndexOf('/') + 1)];
        var start = within.Length == 0 ? _root : Locate(within[..^1]);
        if (!Directory.Exists(start))
            yield break;
        var paths = Directory
            .EnumerateFiles(start, "*", Every)
            .Select(file => Path.GetRelativePath(_root, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(path => path.StartsWith(prefix, StringComparison.Ordinal) && ObjectPath.IsValid(path))
            .Order(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return path;
        }
        await Task.CompletedTask;
    }

    private static Creation Compare(string file, ReadOnlySpan<byte> before, ReadOnlyMemory<byte> content)
    {
        if (!before.SequenceEqual(content.Span))
            return Creation.Different;
        // Whoever linked it may not have got as far as the flush.
        Durable.Flush(Path.GetDirectoryName(file)!);
        return Creation.Same;
    }

    private async ValueTask<string> WriteAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ObjectPath.CheckContent(content);
        Durable.CreateDirectory(Path.GetDirectoryName(file)!);
        var beside = Path.Combine(_root, Unfinished);
        Durable.CreateDirectory(beside);
        var unfinished = Path.Combine(beside, entropy.NewId("o"));
        try
        {
            await using var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await stream.WriteAsync(content, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            RandomAccess.FlushToDisk(stream.SafeFileHandle);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
        return unfinished;
    }

    /// <summary>The file of a path, unless something on the way to it is a link: what is below the folder is ours alone.</summary>
    private string Locate(string path)
    {
        var file = _root;
        foreach (var part in ObjectPath.Checked(path).Split('/'))
        {
            file = Path.Combine(file, part);
            if (new FileInfo(file).LinkTarget is not null)
                throw new IOException($"'{path}' is reached by a link, and links are not followed.");
        }
        return file;
    }
}
