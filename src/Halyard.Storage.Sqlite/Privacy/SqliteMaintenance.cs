using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Schema;

namespace Halyard.Storage.Sqlite.Privacy;

/// <summary>Rewrites the files so that nothing of what was deleted is left in them.</summary>
internal sealed class SqliteMaintenance(SqliteStoreOptions options) : IMaintenance
{
    /// <inheritdoc/>
    public void Compact()
    {
        var path = DatabaseFile.Prepare(options.Path);
        foreach (var file in new[] { path, SqliteSubjectKeys.PathOf(path) })
        {
            using var writerLock = WriterLock.Take(file);
            DatabaseFile.Compact(file);
        }
    }
}
