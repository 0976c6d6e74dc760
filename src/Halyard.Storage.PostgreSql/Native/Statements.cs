using Npgsql;

namespace Halyard.Storage.PostgreSql.Native;

/// <summary>Statements with positional parameters, several of them sent at once.</summary>
internal static class Statements
{
    /// <summary>Begins a transaction that reads as of one moment; <see cref="Commit"/> ends it.</summary>
    public const string BeginSnapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    /// <summary>Begins a transaction that writes, and whose statements each see what was committed before them.</summary>
    public const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";

    public const string Commit = "COMMIT";

    public const string Rollback = "ROLLBACK";

    public static NpgsqlBatch Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<SqlValue> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value.Parameter);
        batch.BatchCommands.Add(command);
        return batch;
    }

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<SqlValue> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(value.Parameter);
        return command;
    }

    public static async ValueTask<int> RunAsync(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
            return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async ValueTask RunAsync(this NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await using (batch)
            await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The rows of one query.</summary>
    public static async ValueTask<List<T>> ListAsync<T>(
        this NpgsqlCommand command,
        Func<NpgsqlDataReader, T> row,
        CancellationToken cancellationToken
    )
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ListAsync(row, cancellationToken);
        }
    }

    /// <summary>The rows of the result that the reader stands at; then it goes on to the next.</summary>
    public static async ValueTask<List<T>> ListAsync<T>(
        this NpgsqlDataReader reader,
        Func<NpgsqlDataReader, T> row,
        CancellationToken cancellationToken
    )
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(row(reader));
        await reader.NextResultAsync(cancellationToken);
        return rows;
    }
}
