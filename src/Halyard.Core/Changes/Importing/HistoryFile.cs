using System.Security.Cryptography;

namespace Halyard.Core.Changes.Importing;

/// <summary>A file of past changes, read whole and found to be well-formed (docs/history-format.md).</summary>
public sealed class HistoryFile
{
    /// <summary>The largest file in bytes, 64 MiB.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>The longest line in bytes, without its end, 1 MiB.</summary>
    public const int MaxLineBytes = 1024 * 1024;

    /// <summary>The most problems that are reported; reading stops there.</summary>
    public const int MaxProblems = 1_000;

    private HistoryFile(string key, IReadOnlyList<HistoryLine> lines)
    {
        Key = key;
        Lines = lines;
    }

    /// <summary>SHA-256 of the file's bytes, 64 lower-case hexadecimal digits: the same file is the same import.</summary>
    public string Key { get; }

    /// <summary>Every line, in order; at least one.</summary>
    public IReadOnlyList<HistoryLine> Lines { get; }

    /// <summary>
    /// Reads a file. Every line is read, whatever is wrong with others; each problem has a pointer that begins with the 0-based
    /// line and words that name the 1-based one.
    /// </summary>
    /// <param name="file">The whole file: UTF-8, one JSON object a line.</param>
    /// <param name="now">Past changes are not after this.</param>
    public static Result<HistoryFile> Parse(ReadOnlySpan<byte> file, DateTimeOffset now)
    {
        if (file.Length > MaxBytes)
            return Error.Invalid.At("", $"has {file.Length} bytes; at most {MaxBytes} can be imported at once");
        var problems = new LineProblems();
        var lines = new HistoryReader(problems, now).Read(file);
        return problems.Any
            ? new Error.Invalid(problems.All)
            : new HistoryFile(Convert.ToHexStringLower(SHA256.HashData(file)), lines);
    }
}
