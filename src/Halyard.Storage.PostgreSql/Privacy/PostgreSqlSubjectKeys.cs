using Halyard.Core;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.PostgreSql.Native;
using Halyard.Storage.PostgreSql.Schema;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Privacy;

/// <summary>
/// Subjects' keys in a schema of their own, best in a database of its own, each wrapped by the key in the key file. What makes or
/// removes keys of a tenant does so one after the other; keys are asked for seldom, the vault remembers them.
/// </summary>
internal sealed partial class PostgreSqlSubjectKeys : ISubjectKeys, IAsyncDisposable, IDisposable
{
    private const string Directory = "directory";

    private readonly Database _database;
    private readonly string _schema;
    private readonly SubjectKeyWrap _wrap;
    private readonly byte[] _directoryKey;
    private readonly Entropy _entropy;

    private PostgreSqlSubjectKeys(Database database, string schema, SubjectKeyWrap wrap, byte[] directoryKey, Entropy entropy) =>
        (_database, _schema, _wrap, _directoryKey, _entropy) = (database, schema, wrap, directoryKey, entropy);

    /// <summary>Opens the keys, making schema and key file as needed.</summary>
    /// <exception cref="IOException">
    /// The database cannot be reached, or the key file is missing or is not the one that the keys are wrapped with.
    /// </exception>
    public static async Task<PostgreSqlSubjectKeys> OpenAsync(
        PostgreSqlStoreOptions options,
        TimeProvider time,
        Entropy entropy,
        CancellationToken cancellationToken
    )
    {
        options.Validate();
        var source = Connections.Source(options.KeysConnectionString ?? options.ConnectionString, options.KeysSchema, options);
        var database = new Database(source, options.RetryFor, time, entropy);
        try
        {
            await new Opening(options, time, entropy).PrepareKeysAsync(database, cancellationToken);
            var (wrap, directoryKey) = await database.DoAsync(
                (connection, cancellation) => SecretsAsync(connection, options, entropy, cancellation),
                cancellationToken
            );
            return new PostgreSqlSubjectKeys(database, options.KeysSchema, wrap, directoryKey, entropy);
        }
        catch
        {
            await database.DisposeAsync();
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
    ) =>
        _database.DoAsync<IReadOnlyList<SubjectKey>>(
            async (connection, cancellation) =>
            {
                await connection
                    .CreateBatch()
                    .Add(Statements.Begin)
                    .Add(AdvisoryLocks.Take, TenantLock(tenant))
                    .RunAsync(cancellation);
                var ring = await SubjectRing.LoadAsync(connection, tenant, requests, _wrap, cancellation);
                var keys = requests.Select(request => ring.Ensure(request, _entropy)).ToList();
                await ring.SaveAsync(connection, _entropy, cancellation);
                await connection.Command(Statements.Commit).RunAsync(cancellation);
                return keys;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, byte[]>> FindAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    ) =>
        _database.DoAsync<IReadOnlyDictionary<string, byte[]>>(
            async (connection, cancellation) =>
                (
                    await connection
                        .Command(
                            "SELECT sid, wrapped FROM subject_key WHERE tenant = $1 AND sid = ANY($2)",
                            tenant,
                            subjects.ToArray()
                        )
                        .ListAsync(row => (Subject: row.Text(0), Wrapped: row.Bytes(1)), cancellation)
                ).ToDictionary(row => row.Subject, row => _wrap.Open(tenant, row.Subject, row.Wrapped), StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> NamedAsync(
        string tenant,
        IReadOnlyCollection<string> pseudonyms,
        CancellationToken cancellationToken
    ) =>
        _database.DoAsync<IReadOnlyList<string>>(
            async (connection, cancellation) =>
            {
                var named = await connection
                    .Command(
                        "SELECT DISTINCT sid FROM subject_name WHERE tenant = $1 AND pseudonym = ANY($2)",
                        tenant,
                        pseudonyms.ToArray()
                    )
                    .ListAsync(row => row.Text(0), cancellation);
                named.Sort(StringComparer.Ordinal);
                return named;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public async ValueTask EraseAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        long index,
        CancellationToken cancellationToken
    )
    {
        string[] gone = [.. subjects.Distinct(StringComparer.Ordinal)];
        await _database.DoAsync(
            async (connection, cancellation) =>
            {
                await connection
                    .CreateBatch()
                    .Add(Statements.Begin)
                    .Add(AdvisoryLocks.Take, TenantLock(tenant))
                    .Add("DELETE FROM subject_key WHERE tenant = $1 AND sid = ANY($2)", tenant, gone)
                    .Add("DELETE FROM subject_name WHERE tenant = $1 AND sid = ANY($2)", tenant, gone)
                    .Add(
                        """
                        INSERT INTO erased (tenant, sid, idx) SELECT $1, s, $3 FROM unnest($2::text[]) AS s
                        ON CONFLICT (tenant, sid) DO UPDATE SET idx = excluded.idx
                        """,
                        tenant,
                        gone,
                        index
                    )
                    .Add(Statements.Commit)
                    .RunAsync(cancellation);
                return true;
            },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ErasedSubject>> ErasedAsync(string tenant, CancellationToken cancellationToken) =>
        _database.DoAsync<IReadOnlyList<ErasedSubject>>(
            async (connection, cancellation) =>
                await connection
                    .Command("SELECT sid, idx FROM erased WHERE tenant = $1 ORDER BY idx, sid", tenant)
                    .ListAsync(row => new ErasedSubject(row.Text(0), row.GetInt64(1)), cancellation),
            cancellationToken
        );

    public async ValueTask DisposeAsync()
    {
        _wrap.Dispose();
        await _database.DisposeAsync();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private long TenantLock(string tenant) => AdvisoryLocks.Number(_schema, $"keys of {tenant}");

    /// <summary>
    /// The wrapping key and the key that it unwraps first. Under a lock, so that of servers that start at once one makes them.
    /// </summary>
    private static async ValueTask<(SubjectKeyWrap Wrap, byte[] DirectoryKey)> SecretsAsync(
        NpgsqlConnection connection,
        PostgreSqlStoreOptions options,
        Entropy entropy,
        CancellationToken cancellationToken
    )
    {
        await connection
            .CreateBatch()
            .Add(Statements.Begin)
            .Add(AdvisoryLocks.Take, AdvisoryLocks.Number(options.KeysSchema, "secrets"))
            .RunAsync(cancellationToken);
        var known = await connection
            .Command("SELECT wrapped FROM secret WHERE name = $1", Directory)
            .ListAsync(row => row.Bytes(0), cancellationToken);
        var wrap = new SubjectKeyWrap(WrappingKeyFile.ReadOrCreate(options.KeyFile, known.Count > 0, entropy));
        try
        {
            var directoryKey = known.Count > 0 ? wrap.Open("", Directory, known[0]) : entropy.Bytes(ValueCipher.KeyLength);
            if (known.Count == 0)
                await connection
                    .Command(
                        "INSERT INTO secret (name, wrapped) VALUES ($1, $2)",
                        Directory,
                        wrap.Seal("", Directory, directoryKey, entropy)
                    )
                    .RunAsync(cancellationToken);
            await connection.Command(Statements.Commit).RunAsync(cancellationToken);
            return (wrap, directoryKey);
        }
        catch
        {
            wrap.Dispose();
            throw;
        }
    }
}
