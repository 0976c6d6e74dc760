using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Schema;

/// <summary>The file itself.</summary>
internal static class DatabaseFile
{
    /// <summary>
    /// Makes sure that the file and its folder exist and returns its one true path, so that a second server is noticed when it
    /// comes by a symbolic link. A new file can be read by its owner alone: it holds personal values.
    /// </summary>
    public static string Prepare(string path)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        if (File.Exists(full))
            full = File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        if (!File.Exists(full))
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            new FileStream(full, options).Dispose();
        }
        return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
    }

    /// <summary>
    /// Leaves nothing in the file of what was deleted from it: writes it anew, and empties the log of recent commits.
    /// </summary>
    /// <exception cref="IOException">Somebody reads the file, so that the log cannot be emptied.</exception>
    public static void Compact(string path)
    {
        using var database = Database.Open(path);
        database.Execute("PRAGMA secure_delete = ON; VACUUM");
        using var rows = database["PRAGMA wal_checkpoint(TRUNCATE)"].Query();
        if (!rows.Next() || rows.Int64(0) != 0)
            throw new IOException($"The log of '{path}' cannot be emptied while somebody reads it.");
    }

    /// <summary>Every acknowledged commit survives a power cut: WAL with a flush at each commit.</summary>
    public static Database OpenForWriting(string path)
    {
        var database = Database.Open(path);
        try
        {
            // What is erased is overwritten, whichever way SQLite was built. Savepoints keep their undo in memory. The log is moved
            // by a thread of its own; a commit does it only should that one be far behind, at 256 MB.
            database.Execute(
                """
                PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 64000;
                PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA secure_delete = ON;
                """
            );
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }
}
