using Npgsql;

namespace Halyard.Benchmarks.Postgres;

/// <summary>
/// The floors. Each client has a connection and a row of 1 KB of its own, and replaces it if its version is still the one that it knows,
/// durably: nothing is shared but the server and its disk. Or it also takes the next number of one more row, without a gap, as
/// any log without gaps must.
/// </summary>
internal sealed class CompareAndSet : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly List<Client> _clients = [];

    private CompareAndSet(NpgsqlDataSource source) => _source = source;

    public static async Task<CompareAndSet> OpenAsync(string connectionString, int clients)
    {
        var bare = new CompareAndSet(NpgsqlDataSource.Create(connectionString));
        await using (
            var create = bare._source.CreateCommand(
                """
                DROP TABLE IF EXISTS bare, bare_head;
                CREATE TABLE bare (id integer PRIMARY KEY, version bigint NOT NULL, content bytea NOT NULL);
                CREATE TABLE bare_head (size bigint NOT NULL);
                INSERT INTO bare_head VALUES (0);
                """
            )
        )
            await create.ExecuteNonQueryAsync();
        for (var client = 0; client < clients; client++)
        {
            await using (var insert = bare._source.CreateCommand($"INSERT INTO bare VALUES ({client}, 0, '')"))
                await insert.ExecuteNonQueryAsync();
            bare._clients.Add(await Client.OpenAsync(bare._source, client));
        }
        return bare;
    }

    /// <summary>Replaces the client's row.</summary>
    public Task UpdateAsync(int client) => _clients[client].UpdateAsync();

    /// <summary>Replaces the client's row and takes the next number of all, in one transaction and one trip.</summary>
    public Task NumberAsync(int client) => _clients[client].NumberAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            await client.DisposeAsync();
        await _source.DisposeAsync();
    }

    private sealed class Client : IAsyncDisposable
    {
        private const int RowBytes = 1_024;
        private const string Update = "UPDATE bare SET version = version + 1, content = $3 WHERE id = $1 AND version = $2";
        private const string Number =
            $"WITH updated AS ({Update} RETURNING 1) UPDATE bare_head SET size = size + 1 WHERE EXISTS (SELECT FROM updated)";

        private readonly NpgsqlConnection _connection;
        private readonly NpgsqlCommand _update;
        private readonly NpgsqlCommand _number;
        private readonly Random _random;
        private long _version;

        private Client(NpgsqlConnection connection, int id)
        {
            _connection = connection;
            _random = new Random(id);
            _update = new NpgsqlCommand(Update, connection);
            _number = new NpgsqlCommand(Number, connection);
            foreach (var command in new[] { _update, _number })
            {
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = id });
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = 0 });
                command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = new byte[RowBytes] });
            }
        }

        public static async Task<Client> OpenAsync(NpgsqlDataSource source, int id)
        {
            var client = new Client(await source.OpenConnectionAsync(), id);
            await client._update.PrepareAsync();
            await client._number.PrepareAsync();
            return client;
        }

        public Task UpdateAsync() => RunAsync(_update);

        public Task NumberAsync() => RunAsync(_number);

        public async ValueTask DisposeAsync()
        {
            await _update.DisposeAsync();
            await _number.DisposeAsync();
            await _connection.DisposeAsync();
        }

        private async Task RunAsync(NpgsqlCommand command)
        {
            ((NpgsqlParameter<long>)command.Parameters[1]).TypedValue = _version++;
            _random.NextBytes(((NpgsqlParameter<byte[]>)command.Parameters[2]).TypedValue!);
            if (await command.ExecuteNonQueryAsync() != 1)
                throw new InvalidOperationException("A row was not as it was left.");
        }
    }
}
