using Halyard.Core.Storage.Copying;
using Halyard.Storage.Sqlite.Native;
using Halyard.Storage.Sqlite.Privacy;
using Halyard.Storage.Sqlite.Schema;

namespace Halyard.Storage.Sqlite.Copying;

/// <summary>Writes a file anew under another name while somebody else may write to it.</summary>
internal sealed class SqliteBackup(SqliteStoreOptions options) : IOnlineBackup
{
    /// <inheritdoc/>
    public void BackUp(string file)
    {
        var path = Path.GetFullPath(options.Path);
        var copy = Path.GetFullPath(file);
        foreach (var target in new[] { copy, SqliteSubjectKeys.PathOf(copy) })
        {
            if (File.Exists(target))
                throw new IOException($"'{target}' exists; a backup replaces nothing.");
        }
        // The keys last: those of the values that are in the first file are in the second.
        Write(path, copy);
        Write(SqliteSubjectKeys.PathOf(path), SqliteSubjectKeys.PathOf(copy));
    }

    private static void Write(string path, string copy)
    {
        if (!File.Exists(path))
            throw new IOException($"There is no '{path}'.");
        // Empty, and its owner's alone, before anything is in it.
        var file = DatabaseFile.Prepare(copy);
        using (var database = Database.Open(path))
            database["VACUUM INTO ?"].Run(file);
        using var written = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        written.Flush(flushToDisk: true);
    }
}
