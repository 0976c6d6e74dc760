using Npgsql;

namespace Halyard.Benchmarks.Postgres;

/// <summary>
/// The floor: each client has a connection and a row of 1 KB of its own, and replaces it if its version is still the one that it knows,
/// durably. Nothing is shared but the server and its disk.
/// </summary>
internal sealed class CompareAndSet : IAsyncDisposable
{
    private const int RowBytes = 1_024;

    private readonly NpgsqlDataSource _source;
    private readonly List<(NpgsqlConnection Connection, NpgsqlCommand Command)> _clients = [];
    private readonly Random _random = new(1);

    private CompareAndSet(NpgsqlDataSource source) => _source = source;

    public static async Task<CompareAndSet> OpenAsync(string connectionString, int clients)
    {
        var bare = new CompareAndSet(NpgsqlDataSource.Create(connectionString));
        await using (
            var create = bare._source.CreateCommand(
                "DROP TABLE IF EXISTS bare; CREATE TABLE bare (id integer PRIMARY KEY, version bigint NOT NULL, content bytea NOT NULL)"
            )
        )
            await create.ExecuteNonQueryAsync();
        for (var client = 0; client < clients; client++)
        {
            await using (var insert = bare._source.CreateCommand($"INSERT INTO bare VALUES ({client}, 0, '')"))
                await insert.ExecuteNonQueryAsync();
            var connection = await bare._source.OpenConnectionAsync();
            var command = new NpgsqlCommand(
                "UPDATE bare SET version = version + 1, content = $3 WHERE id = $1 AND version = $2",
                connection
            );
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = client });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = 0 });
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = new byte[RowBytes] });
            await command.PrepareAsync();
            bare._clients.Add((connection, command));
        }
        return bare;
    }

    public async Task UpdateAsync(int client)
    {
        var command = _clients[client].Command;
        lock (_random)
            _random.NextBytes(((NpgsqlParameter<byte[]>)command.Parameters[2]).TypedValue!);
        if (await command.ExecuteNonQueryAsync() != 1)
            throw new InvalidOperationException("A row was not as it was left.");
        ((NpgsqlParameter<long>)command.Parameters[1]).TypedValue++;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (connection, command) in _clients)
        {
            await command.DisposeAsync();
            await connection.DisposeAsync();
        }
        await _source.DisposeAsync();
    }
}
