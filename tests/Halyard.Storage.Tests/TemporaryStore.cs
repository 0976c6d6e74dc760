using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Sqlite;

namespace Halyard.Storage.Tests;

/// <summary>A SQLite store in a folder of its own that goes away with it.</summary>
internal sealed class TemporaryStore : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-store-");
    private readonly int _checkpointPages;
    private SqliteStore? _store;

    public TemporaryStore(int checkpointPages = SqliteStoreOptions.DefaultCheckpointPages)
    {
        _checkpointPages = checkpointPages;
        _store = SqliteStore.Open(Options);
    }

    public string Path => System.IO.Path.Combine(_folder.FullName, "halyard.db");

    public SqliteStoreOptions Options => new() { Path = Path, CheckpointPages = _checkpointPages };

    public SqliteStore Store => _store ?? throw new InvalidOperationException("The store is closed.");

    public void Close()
    {
        _store?.Dispose();
        _store = null;
    }

    public SqliteStore Reopen(PersonalVault? vault = null)
    {
        Close();
        return _store = SqliteStore.Open(Options, vault: vault);
    }

    public void Dispose()
    {
        Close();
        _folder.Delete(recursive: true);
    }
}
