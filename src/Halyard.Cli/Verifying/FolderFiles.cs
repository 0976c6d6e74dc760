using Halyard.Ledger;

namespace Halyard.Cli.Verifying;

/// <summary>A log in a folder. Paths come from the ledger library and so stay below it.</summary>
internal sealed class FolderFiles(string folder) : ILedgerFiles
{
    public byte[]? Read(string path, int maxLength)
    {
        try
        {
            using var file = File.OpenHandle(Path.Combine(folder, path), options: FileOptions.SequentialScan);
            var length = RandomAccess.GetLength(file);
            if (length > maxLength)
                throw new LedgerFileException(path, $"has {length} bytes; at most {maxLength} can be right", tooLong: true);
            var bytes = new byte[length];
            var read = 0;
            while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is var more and > 0)
                read += more;
            return bytes[..read];
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new LedgerFileException(path, $"cannot be read: {problem.Message}");
        }
    }

    public IReadOnlyList<string>? List(string folderName)
    {
        var path = Path.Combine(folder, folderName);
        try
        {
            return Directory.Exists(path)
                ? [.. Directory.EnumerateFiles(path).Select(name => Path.GetFileName(name)).Order(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new LedgerFileException(folderName, $"cannot be read: {problem.Message}");
        }
    }
}
