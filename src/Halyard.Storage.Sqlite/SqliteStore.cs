using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Sqlite.Native;
using Halyard.Storage.Sqlite.Privacy;
using Halyard.Storage.Sqlite.Reading;
using Halyard.Storage.Sqlite.Schema;
using Halyard.Storage.Sqlite.Writing;

namespace Halyard.Storage.Sqlite;

/// <summary>The store on one SQLite file: WAL, every commit flushed to disk, one writer, many readers.</summary>
internal sealed partial class SqliteStore : IStore, IDisposable
{
    private readonly WriterLock _lock;
    private readonly Writer _writer;
    private readonly ReaderPool _readers;
    private readonly CommitSignal _signal;
    private readonly Tenants _tenants = new();

    private SqliteStore(WriterLock writerLock, Database database, string path, SqliteStoreOptions options, TimeProvider time)
    {
        _lock = writerLock;
        _signal = new CommitSignal(time);
        _writer = new Writer(database, new Checkpointer(path, options.CheckpointPages), _signal, options);
        _readers = new ReaderPool(path, options.MaxReaders);
    }

    /// <summary>Opens the file, creating and migrating it as needed.</summary>
    /// <exception cref="IOException">
    /// The file is in use by another server, is not ours, is newer, or cannot be opened; or it holds values in clear and there is no
    /// vault to encrypt them; or it is the target of a copy that is not whole.
    /// </exception>
    /// <exception cref="DllNotFoundException">SQLite is not installed.</exception>
    public static SqliteStore Open(
        SqliteStoreOptions options,
        TimeProvider? time = null,
        PersonalVault? vault = null,
        bool isTargetOfCopy = false
    )
    {
        options.Validate();
        time ??= TimeProvider.System;
        var path = DatabaseFile.Prepare(options.Path);
        var writerLock = WriterLock.Take(path);
        Database? database = null;
        try
        {
            database = DatabaseFile.OpenForWriting(path);
            Migrator.Migrate(database, path, Migration.Embedded, time.GetUtcNow());
            if (!isTargetOfCopy && database["SELECT count(*) FROM copying"].Number() > 0)
                throw new IOException($"'{path}' is the target of a copy that is not whole. Let 'store copy' finish it first.");
            // Words first: they are read from reasons that are in clear, which the sealer then takes away.
            new OlderWords(database).Index();
            new PlaintextSealer(database, vault).Run(path);
            return new SqliteStore(writerLock, database, path, options, time);
        }
        catch
        {
            database?.Dispose();
            writerLock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken) =>
        new(_writer.DoAsync(session => session.Commit(commit), commit.Entries.Count, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, string>> SubjectsAsync(
        string tenant,
        IReadOnlyCollection<string> names,
        Func<string> newId,
        CancellationToken cancellationToken
    )
    {
        var known = await KnownSubjectsAsync(tenant, names, cancellationToken);
        return names.All(known.ContainsKey)
            ? known
            : await _writer.DoAsync(session => session.Subjects(tenant, names, newId), names.Count, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask AddEvaluationsAsync(
        string tenant,
        IReadOnlyCollection<EvaluationDelta> deltas,
        CancellationToken cancellationToken
    ) =>
        await _writer.DoAsync(
            session =>
            {
                session.AddEvaluations(tenant, deltas);
                return true;
            },
            deltas.Sum(delta => delta.Counts.Count),
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask WaitForCommitsAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        _signal.WaitAsync(patience, cancellationToken);

    /// <summary>Finishes the commits that are queued and closes the file.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _readers.Dispose();
        _lock.Dispose();
    }

    private ValueTask<T> ReadAsync<T>(
        string tenant,
        Func<Database, long, T> read,
        T whereUnknown,
        CancellationToken cancellationToken
    ) =>
        _readers.ReadAsync(
            database => _tenants.Find(database, tenant) is { } number ? read(database, number) : whereUnknown,
            cancellationToken
        );
}
