using System.Collections.Concurrent;
using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Following;
using Halyard.Storage.PostgreSql.Native;
using Halyard.Storage.PostgreSql.Reading;
using Halyard.Storage.PostgreSql.Reading.Together;
using Halyard.Storage.PostgreSql.Schema;
using Halyard.Storage.PostgreSql.Writing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Halyard.Storage.PostgreSql;

/// <summary>The store on a PostgreSQL database, shared with any number of other servers.</summary>
internal sealed partial class PostgreSqlStore : IStore, IAsyncDisposable, IDisposable
{
    private readonly PostgreSqlStoreOptions _options;
    private readonly Database _database;
    private readonly Database _lookups;
    private readonly ILogger _logger;
    private readonly CommitSignal _signal;
    private readonly CommitListener _listener;
    private readonly StateReader _states;
    private readonly Tenants _tenants = new();
    private readonly AdvisoryLockNumbers _locks;
    private readonly Folding _folding;
    private readonly string _channel;
    private readonly ConcurrentDictionary<string, Lazy<TenantWriter>> _writers = new(StringComparer.Ordinal);
    private bool _closed;

    private PostgreSqlStore(
        Database database,
        Database lookups,
        PostgreSqlStoreOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        (_database, _lookups, _options, _logger) = (database, lookups, options, logger);
        _states = new StateReader(lookups);
        _signal = new CommitSignal(time);
        _locks = new AdvisoryLockNumbers(options.Schema);
        _folding = new Folding(database, _tenants, _locks);
        _channel = $"{options.Schema}_commits";
        _listener = new CommitListener(database, _channel, _signal, time, logger);
    }

    /// <summary>Opens the database, making and migrating the schema as needed.</summary>
    /// <exception cref="IOException">
    /// The database cannot be reached, does not keep what it answers, is newer, or has a schema that is not ours or the target of a
    /// copy that is not whole.
    /// </exception>
    public static async Task<PostgreSqlStore> OpenAsync(
        PostgreSqlStoreOptions options,
        TimeProvider time,
        Entropy entropy,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        options.Validate();
        var source = Connections.Source(options.ConnectionString, options.Schema, options);
        var database = new Database(source, options.RetryFor, time, entropy);
        try
        {
            await new Opening(options, time, entropy).PrepareAsync(database, cancellationToken);
            await Opening.RequireWholeAsync(database, options.Schema, cancellationToken);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
        var lookups = Connections.ForLookups(options.ConnectionString, options.Schema, options);
        var store = new PostgreSqlStore(database, new Database(lookups, options.RetryFor, time, entropy), options, time, logger);
        await store._listener.HasBegun;
        return store;
    }

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return _writers.GetOrAdd(commit.Tenant, tenant => new(() => Writer(tenant))).Value.CommitAsync(commit, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, string>> SubjectsAsync(
        string tenant,
        IReadOnlyCollection<string> names,
        Func<string> newId,
        CancellationToken cancellationToken
    )
    {
        var known = await KnownSubjectsAsync(tenant, names, cancellationToken);
        string[] missing = [.. names.Where(name => !known.ContainsKey(name)).Distinct(StringComparer.Ordinal)];
        if (missing.Length == 0)
            return known;
        var ids = Array.ConvertAll(missing, _ => newId());
        return await _database.DoAsync(
            async (connection, cancellation) =>
            {
                var number = await _tenants.EnsureAsync(connection, tenant, cancellation);
                await connection
                    .Command(
                        """
                        INSERT INTO subject (tenant, name, sid) SELECT $1, * FROM unnest($2::text[], $3::text[])
                        ON CONFLICT (tenant, name) DO NOTHING
                        """,
                        number,
                        missing,
                        ids
                    )
                    .RunAsync(cancellation);
                return await PrivateReader.KnownAsync(connection, number, names, cancellation);
            },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public async ValueTask AddEvaluationsAsync(
        string tenant,
        IReadOnlyCollection<EvaluationDelta> deltas,
        CancellationToken cancellationToken
    ) =>
        await _database.DoOnceAsync(
            async (connection, cancellation) =>
            {
                var number = await _tenants.EnsureAsync(connection, tenant, cancellation);
                await Counters.AddAsync(connection, number, deltas, cancellation);
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask WaitForCommitsAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        _signal.WaitAsync(patience, cancellationToken);

    /// <summary>Folds whole blocks now rather than behind the next commit.</summary>
    internal ValueTask<long> FoldAsync(string tenant, CancellationToken cancellationToken) =>
        _folding.FoldAsync(tenant, cancellationToken);

    /// <summary>Finishes the commits that are queued and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed)
            return;
        _closed = true;
        foreach (var writer in _writers.Values)
            await writer.Value.DisposeAsync();
        await _states.DisposeAsync();
        await _listener.DisposeAsync();
        await _lookups.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private TenantWriter Writer(string tenant) =>
        new(
            new BatchTransaction(_database, _lookups, _tenants, _locks, _channel),
            () => _folding.FoldAsync(tenant, CancellationToken.None),
            _signal,
            _options,
            _logger
        );

    private ValueTask<T> ReadAsync<T>(
        string tenant,
        Func<NpgsqlConnection, int, CancellationToken, ValueTask<T>> read,
        T whereUnknown,
        CancellationToken cancellationToken
    ) =>
        _database.DoAsync(
            async (connection, cancellation) =>
                await _tenants.FindAsync(connection, tenant, cancellation) is { } number
                    ? await read(connection, number, cancellation)
                    : whereUnknown,
            cancellationToken
        );
}
