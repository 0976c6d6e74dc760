namespace Halyard.Ledger;

/// <summary>The files of one published or archived log; a folder or a web address. Used by several threads at once.</summary>
public interface ILedgerFiles
{
    /// <summary>The bytes of a file, or <see langword="null"/> where there is none.</summary>
    /// <param name="path">Relative to the log, with forward slashes; see <see cref="LedgerPaths"/> and <see cref="TilePath"/>.</param>
    /// <param name="maxLength">The most bytes that it may have.</param>
    /// <exception cref="LedgerFileException">It cannot be read, or it has more bytes.</exception>
    byte[]? Read(string path, int maxLength);

    /// <summary>
    /// The names of the files in a folder in ordinal order, none where it is absent; <see langword="null"/> where files cannot be listed.
    /// </summary>
    /// <exception cref="LedgerFileException">The folder cannot be read.</exception>
    IReadOnlyList<string>? List(string folder);
}

/// <summary>A file of a log cannot be read.</summary>
/// <param name="path">Which, relative to the log.</param>
/// <param name="words">Why, in words that go on from the path.</param>
/// <param name="tooLong">True where it has more bytes than such a file can have: no log wrote it.</param>
public sealed class LedgerFileException(string path, string words, bool tooLong = false) : Exception($"{path} {words}")
{
    /// <summary>Which file.</summary>
    public string Path { get; } = path;

    /// <summary>Why, in words that go on from the path.</summary>
    public string Words { get; } = words;

    /// <summary>True where it has more bytes than such a file can have.</summary>
    public bool TooLong { get; } = tooLong;
}
