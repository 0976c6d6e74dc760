using System.Collections.Concurrent;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Reading;

/// <summary>Connections that may only read. They stay open, with their prepared statements.</summary>
internal sealed class ReaderPool(string path, int size) : IDisposable
{
    private readonly SemaphoreSlim _room = new(size, size);
    private readonly ConcurrentBag<Database> _idle = [];
    private volatile bool _closed;

    /// <summary>Reads in one snapshot: all that the function reads is as of one moment.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<Database, T> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        await _room.WaitAsync(cancellationToken);
        try
        {
#pragma warning disable CA2000 // Goes back to the pool, or is closed where reading failed.
            return ReadAndReturn(_idle.TryTake(out var idle) ? idle : OpenReader(), read);
#pragma warning restore CA2000
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var database))
            database.Dispose();
        _room.Dispose();
    }

    private T ReadAndReturn<T>(Database database, Func<Database, T> read)
    {
        var healthy = false;
        try
        {
            database["BEGIN"].Run();
            var result = read(database);
            database["COMMIT"].Run();
            healthy = true;
            return result;
        }
        finally
        {
            if (healthy && !_closed)
                _idle.Add(database);
            else
                database.Dispose();
        }
    }

    private Database OpenReader()
    {
        var database = Database.Open(path);
        database.Execute("PRAGMA query_only = ON");
        return database;
    }
}
