namespace Halyard.Storage.Sqlite.Schema;

/// <summary>
/// Keeps a second server off the file: heads and terms are cached by the one writer. The operating system frees it when the
/// process ends, however it ends. Tools that only read need no lock.
/// </summary>
internal sealed class WriterLock : IDisposable
{
    private readonly FileStream _file;

    private WriterLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a database.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    public static WriterLock Take(string databasePath)
    {
        var path = databasePath + ".lock";
        try
        {
            return new WriterLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException problem) when (problem is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new IOException(
                $"The database '{databasePath}' is in use by another Halyard server (its lock is '{path}'). "
                    + "One SQLite file has one server; stop the other first.",
                problem
            );
        }
    }

    public void Dispose() => _file.Dispose();
}
