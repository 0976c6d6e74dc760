using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Copying;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Sqlite;
using Halyard.Storage.Sqlite.Copying;
using Halyard.Storage.Sqlite.Privacy;

namespace Halyard.Storage.Tests.Copying;

/// <summary>Somewhere that a store can be, that is copied from and to, and opened in between; empty at first.</summary>
public abstract class CopyPlace : IAsyncDisposable
{
    /// <summary>Copies from and to it.</summary>
    public abstract IStoreCopies Copies { get; }

    /// <summary>Opens the store, which who asks closes.</summary>
    public abstract Task<IStore> OpenAsync();

    /// <summary>Opens the keys, which who asks closes.</summary>
    public abstract Task<ISubjectKeys> OpenKeysAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Does something with the open store.</summary>
    public async Task UseAsync(Func<IStore, Task> use)
    {
        var store = await OpenAsync();
        try
        {
            await use(store);
        }
        finally
        {
            ((IDisposable)store).Dispose();
        }
    }

    /// <summary>Does something with the open keys.</summary>
    public async Task UseKeysAsync(Func<ISubjectKeys, Task> use)
    {
        var keys = await OpenKeysAsync();
        try
        {
            await use(keys);
        }
        finally
        {
            ((IDisposable)keys).Dispose();
        }
    }
}

/// <summary>A SQLite file in a folder that goes away with it.</summary>
internal sealed class SqlitePlace : CopyPlace
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-copy-");

    public SqliteStoreOptions Options => new() { Path = Path.Combine(_folder.FullName, "halyard.db") };

    public override IStoreCopies Copies => new SqliteCopies(Options, TimeProvider.System, Entropy.System);

    public override Task<IStore> OpenAsync() => Task.FromResult<IStore>(SqliteStore.Open(Options));

    public override Task<ISubjectKeys> OpenKeysAsync() =>
        Task.FromResult<ISubjectKeys>(SqliteSubjectKeys.Open(Options, Entropy.System, TimeProvider.System));

    public override ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
