using Halyard.Core;
using Halyard.Core.Storage.Copying;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Sqlite.Native;
using Halyard.Storage.Sqlite.Privacy;
using Halyard.Storage.Sqlite.Schema;

namespace Halyard.Storage.Sqlite.Copying;

/// <summary>Copies from and to a SQLite file. It has to itself what it opens: no server may have it open meanwhile.</summary>
internal sealed class SqliteCopies(SqliteStoreOptions options, TimeProvider time, Entropy entropy) : IStoreCopies
{
    /// <inheritdoc/>
    public ValueTask<IStoreSource> OpenSourceAsync(CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(options.Path);
        if (!File.Exists(path))
            throw new IOException($"There is no '{path}'.");
        return Open<IStoreSource>((writerLock, database, keys) => new SqliteSource(writerLock, database, keys));
    }

    /// <inheritdoc/>
    public ValueTask<IStoreTarget> OpenTargetAsync(string copy, CancellationToken cancellationToken) =>
        Open<IStoreTarget>(
            (writerLock, database, keys) =>
            {
                if (!SqliteTarget.Begin(database, keys, copy))
                    throw new IOException(
                        $"'{options.Path}' is not empty, and not the unfinished target of a copy of this source as it is now. "
                            + "Name another file, or remove it with its .keys."
                    );
                return new SqliteTarget(writerLock, database, keys);
            },
            isTarget: true
        );

#pragma warning disable CA2000 // The source or target disposes of all three; where none comes about this does.
    private ValueTask<T> Open<T>(Func<WriterLock, Database, SqliteSubjectKeys, T> open, bool isTarget = false)
    {
        var keys = SqliteSubjectKeys.Open(options, entropy, time);
        WriterLock? writerLock = null;
        Database? database = null;
        try
        {
            // Opened as a server does, which brings it to the form of this version.
            using (SqliteStore.Open(options, time, new PersonalVault(keys, entropy), isTarget)) { }
            var path = DatabaseFile.Prepare(options.Path);
            writerLock = WriterLock.Take(path);
            database = DatabaseFile.OpenForWriting(path);
            return ValueTask.FromResult(open(writerLock, database, keys));
        }
        catch
        {
            database?.Dispose();
            writerLock?.Dispose();
            keys.Dispose();
            throw;
        }
    }
#pragma warning restore CA2000
}
