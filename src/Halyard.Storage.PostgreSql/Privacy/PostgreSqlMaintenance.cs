using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Privacy;

/// <summary>Rewrites the tables so that nothing of what was deleted is left in them. What was logged for recovery goes in its own time.</summary>
internal sealed class PostgreSqlMaintenance(PostgreSqlStoreOptions options) : IMaintenance
{
    /// <inheritdoc/>
    public void Compact() => CompactAsync().GetAwaiter().GetResult();

    private async Task CompactAsync()
    {
        try
        {
            await CompactAsync(options.OwnerConnectionString ?? options.ConnectionString, options.Schema);
            await CompactAsync(options.KeysConnectionString ?? options.ConnectionString, options.KeysSchema);
        }
        catch (NpgsqlException broken)
        {
            throw new IOException($"PostgreSQL: {broken.Message}", broken);
        }
    }

    private async Task CompactAsync(string connectionString, string schema)
    {
        await using var source = Connections.Source(connectionString, schema, options);
        await using var connection = await source.OpenConnectionAsync();
        var tables = await connection
            .Command("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = $1 ORDER BY 1", schema)
            .ListAsync(row => row.GetString(0), default);
        foreach (var table in tables)
        {
            await using var vacuum = connection.Command($"VACUUM (FULL) {table}");
            vacuum.CommandTimeout = 0;
            await vacuum.ExecuteNonQueryAsync();
        }
    }
}
