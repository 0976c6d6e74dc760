using Npgsql;

namespace Halyard.Benchmarks.Postgres;

/// <summary>
/// The processor time of a PostgreSQL server on this machine (Linux): of every process that is there when it is read. Of a server
/// elsewhere nothing is known, and 0 is read.
/// </summary>
internal sealed class ServerProcessor : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly List<string> _files = [];

    private ServerProcessor(NpgsqlConnection connection) => _connection = connection;

    public static async Task<ServerProcessor> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return new ServerProcessor(connection);
    }

    public TimeSpan Read()
    {
        using var command = new NpgsqlCommand("SELECT pid FROM pg_stat_activity", _connection);
        using var reader = command.ExecuteReader();
        _files.Clear();
        while (reader.Read())
            _files.Add($"/proc/{reader.GetInt32(0)}/schedstat");
        return ReadAgain();
    }

    /// <summary>The same of those processes that were there when it was read last, without asking the server.</summary>
    public TimeSpan ReadAgain()
    {
        var nanoseconds = 0L;
        foreach (var file in _files.Where(File.Exists))
            nanoseconds += long.Parse(File.ReadAllText(file).Split(' ')[0]);
        return TimeSpan.FromMicroseconds(nanoseconds / 1_000.0);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
