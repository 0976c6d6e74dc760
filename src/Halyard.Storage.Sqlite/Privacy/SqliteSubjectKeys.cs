using Halyard.Core;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Sqlite.Native;
using Halyard.Storage.Sqlite.Schema;

namespace Halyard.Storage.Sqlite.Privacy;

/// <summary>
/// Subjects' keys in a SQLite file of their own beside the database, each wrapped by the key in the key file. One connection,
/// used by one caller at a time: keys are asked for seldom, the vault remembers them.
/// </summary>
internal sealed partial class SqliteSubjectKeys : ISubjectKeys, IDisposable
{
    private const string Directory = "directory";

    private readonly WriterLock _lock;
    private readonly Database _database;
    private readonly SubjectKeyWrap _wrap;
    private readonly Entropy _entropy;
    private readonly byte[] _directoryKey;
    private readonly SemaphoreSlim _gate = new(1, 1);

    private SqliteSubjectKeys(WriterLock writerLock, Database database, byte[] wrappingKey, Entropy entropy)
    {
        _lock = writerLock;
        _database = database;
        _entropy = entropy;
        _wrap = new SubjectKeyWrap(wrappingKey);
        _directoryKey = Secret(Directory);
    }

    /// <summary>The file of keys that belongs to a database.</summary>
    public static string PathOf(string database) => database + ".keys";

    /// <summary>Opens the file of keys, creating it and the key file as needed.</summary>
    /// <exception cref="IOException">
    /// A file cannot be opened or is in use, or the key file is missing or is not the one that the keys are wrapped with.
    /// </exception>
    public static SqliteSubjectKeys Open(SqliteStoreOptions options, Entropy entropy, TimeProvider time)
    {
        options.Validate();
        var main = DatabaseFile.Prepare(options.Path);
        var path = DatabaseFile.Prepare(PathOf(main));
        var writerLock = WriterLock.Take(path);
        Database? database = null;
        try
        {
            database = DatabaseFile.OpenForWriting(path);
            Migrator.Migrate(database, path, Migration.OfKeys, time.GetUtcNow());
            var keyFile = options.KeyFile is { } given ? Path.GetFullPath(given) : main + ".kek";
            return new SqliteSubjectKeys(writerLock, database, WrappingKey(database, keyFile, entropy), entropy);
        }
        catch
        {
            database?.Dispose();
            writerLock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> DirectoryKeyAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_directoryKey);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SubjectKey>> EnsureAsync(
        string tenant,
        IReadOnlyList<SubjectRequest> requests,
        CancellationToken cancellationToken
    ) => WriteAsync<IReadOnlyList<SubjectKey>>(() => [.. requests.Select(request => Ensure(tenant, request))], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, byte[]>> FindAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    ) =>
        DoAsync<IReadOnlyDictionary<string, byte[]>>(
            () =>
            {
                var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
                foreach (var subject in subjects)
                {
                    if (Find(tenant, subject) is { } key)
                        found[subject] = key;
                }
                return found;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> NamedAsync(
        string tenant,
        IReadOnlyCollection<string> pseudonyms,
        CancellationToken cancellationToken
    ) =>
        DoAsync<IReadOnlyList<string>>(
            () =>
            {
                var named = new SortedSet<string>(StringComparer.Ordinal);
                foreach (var pseudonym in pseudonyms)
                {
                    using var rows = _database["SELECT sid FROM subject_name WHERE tenant = ? AND pseudonym = ?"]
                        .Query(tenant, pseudonym);
                    while (rows.Next())
                        named.Add(rows.Text(0));
                }
                return [.. named];
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public async ValueTask EraseAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        long index,
        CancellationToken cancellationToken
    ) =>
        await WriteAsync(
            () =>
            {
                foreach (var subject in subjects)
                {
                    _database["DELETE FROM subject_key WHERE tenant = ? AND sid = ?"].Run(tenant, subject);
                    _database["DELETE FROM subject_name WHERE tenant = ? AND sid = ?"].Run(tenant, subject);
                    _database[
                        "INSERT INTO erased (tenant, sid, idx) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET idx = excluded.idx"
                    ]
                        .Run(tenant, subject, index);
                }
                return true;
            },
            cancellationToken,
            // A key that was removed is in no file any more: not in the log of recent commits either.
            after: "PRAGMA wal_checkpoint(TRUNCATE)"
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ErasedSubject>> ErasedAsync(string tenant, CancellationToken cancellationToken) =>
        DoAsync<IReadOnlyList<ErasedSubject>>(
            () =>
            {
                var erased = new List<ErasedSubject>();
                using var rows = _database["SELECT sid, idx FROM erased WHERE tenant = ? ORDER BY idx, sid"].Query(tenant);
                while (rows.Next())
                    erased.Add(new ErasedSubject(rows.Text(0), rows.Int64(1)));
                return erased;
            },
            cancellationToken
        );

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _database.Dispose();
        _wrap.Dispose();
        _gate.Dispose();
        _lock.Dispose();
    }

    private static byte[] WrappingKey(Database database, string keyFile, Entropy entropy) =>
        WrappingKeyFile.ReadOrCreate(keyFile, database["SELECT count(*) FROM secret"].Number() > 0, entropy);

    private SubjectKey Ensure(string tenant, SubjectRequest request)
    {
        var subject = request.Subject ?? Own(tenant, request.Pseudonym!);
        if (subject is not null && IsErased(tenant, subject))
            return new SubjectKey(subject, null);
        var isNew = subject is null;
        subject ??= _entropy.NewId("p");
        if (request.Pseudonym is { } pseudonym)
        {
            _database["INSERT OR IGNORE INTO subject_name (tenant, pseudonym, sid, own) VALUES (?, ?, ?, ?)"]
                .Run(tenant, pseudonym, subject, isNew ? 1 : 0);
        }
        if (!isNew && Find(tenant, subject) is { } known)
            return new SubjectKey(subject, known);
        var key = _entropy.Bytes(ValueCipher.KeyLength);
        _database["INSERT INTO subject_key (tenant, sid, wrapped) VALUES (?, ?, ?)"]
            .Run(tenant, subject, _wrap.Seal(tenant, subject, key, _entropy));
        return new SubjectKey(subject, key);
    }

    private string? Own(string tenant, string pseudonym)
    {
        using var rows = _database["SELECT sid FROM subject_name WHERE tenant = ? AND pseudonym = ? AND own = 1"]
            .Query(tenant, pseudonym);
        return rows.Next() ? rows.Text(0) : null;
    }

    private bool IsErased(string tenant, string subject) =>
        _database["SELECT 1 FROM erased WHERE tenant = ? AND sid = ?"].Number(tenant, subject) is not null;

    private byte[]? Find(string tenant, string subject)
    {
        using var rows = _database["SELECT wrapped FROM subject_key WHERE tenant = ? AND sid = ?"].Query(tenant, subject);
        return rows.Next() ? _wrap.Open(tenant, subject, rows.Bytes(0)) : null;
    }

    private byte[] Secret(string name)
    {
        using (var rows = _database["SELECT wrapped FROM secret WHERE name = ?"].Query(name))
        {
            if (rows.Next())
                return _wrap.Open("", name, rows.Bytes(0));
        }
        var secret = _entropy.Bytes(ValueCipher.KeyLength);
        _database["INSERT INTO secret (name, wrapped) VALUES (?, ?)"].Run(name, _wrap.Seal("", name, secret, _entropy));
        return secret;
    }

    private ValueTask<T> WriteAsync<T>(Func<T> write, CancellationToken cancellationToken, string? after = null) =>
        DoAsync(
            () =>
            {
                _database.Execute("BEGIN IMMEDIATE");
                try
                {
                    var result = write();
                    _database.Execute("COMMIT");
                    if (after is not null)
                        _database.Execute(after);
                    return result;
                }
                catch
                {
                    if (_database.InTransaction)
                        _database.Execute("ROLLBACK");
                    throw;
                }
            },
            cancellationToken
        );

    private async ValueTask<T> DoAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return work();
        }
        finally
        {
            _gate.Release();
        }
    }
}
