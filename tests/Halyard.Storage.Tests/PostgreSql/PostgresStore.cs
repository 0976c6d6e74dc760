using Halyard.Core;
using Halyard.Storage.PostgreSql;
using Halyard.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Halyard.Storage.Tests.PostgreSql;

/// <summary>A PostgreSQL store in a schema of its own that goes away with it.</summary>
internal sealed class PostgresStore : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-keys-");
    private PostgreSqlStore? _store;

    private PostgresStore(PostgreSqlStoreOptions options) =>
        Options = options with { KeyFile = Path.Combine(_folder.FullName, "kek") };

    public PostgreSqlStoreOptions Options { get; }

    public PostgreSqlStore Store => _store ?? throw new InvalidOperationException("The store is closed.");

    public static async Task<PostgresStore> OpenAsync(Postgres postgres)
    {
        var opened = new PostgresStore(
            new PostgreSqlStoreOptions
            {
                ConnectionString = postgres.RequireConnectionString(),
                Schema = postgres.NewSchema(),
                KeyFile = "kek",
                RetryFor = TimeSpan.FromSeconds(30),
            }
        );
        await opened.ReopenAsync();
        return opened;
    }

    /// <summary>Another server on the same schema.</summary>
    public Task<PostgreSqlStore> OpenAnotherAsync(Entropy? entropy = null) =>
        PostgreSqlStore.OpenAsync(
            Options,
            TimeProvider.System,
            entropy ?? Entropy.System,
            NullLogger.Instance,
            CancellationToken.None
        );

    public async Task<PostgreSqlStore> ReopenAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        return _store = await OpenAnotherAsync();
    }

    /// <summary>Does something to the tables behind the store's back, as the role that owns them.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        await ExecuteAsync(
            $"DROP SCHEMA IF EXISTS {Options.Schema} CASCADE; DROP SCHEMA IF EXISTS {Options.Schema}_keys CASCADE"
        );
        _folder.Delete(recursive: true);
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(Options.ConnectionString)
        {
            SearchPath = Options.Schema,
            Pooling = false,
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
