using Halyard.Ledger;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Schema;

/// <summary>
/// Brings a schema forward to the newest version, never back. Servers that start at once do it one after the other: the whole is one
/// transaction under an advisory lock.
/// </summary>
/// <param name="schema">The schema, made where it is missing.</param>
/// <param name="migrations">Its migrations.</param>
internal sealed class Migrator(string schema, IReadOnlyList<Migration> migrations)
{
    /// <summary>Checks what was applied and applies what is missing; tells whether anything was.</summary>
    /// <exception cref="IOException">
    /// The schema is not ours, is newer than this program, or had another migration applied.
    /// </exception>
    public async ValueTask<bool> MigrateAsync(
        NpgsqlConnection connection,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.Command(AdvisoryLocks.Take, AdvisoryLocks.Number(schema, "migrate")).RunAsync(cancellationToken);
        if (!await ExistsAsync(connection, cancellationToken))
            await connection.Command($"CREATE SCHEMA {schema}").RunAsync(cancellationToken);
        // What runs with its owner's rights finds nothing that somebody else put in its way.
        await connection.Command($"SET LOCAL search_path TO {schema}, pg_temp").RunAsync(cancellationToken);
        var applied = await AppliedAsync(connection, cancellationToken);
        Check(applied);
        foreach (var migration in migrations.Skip(applied.Count))
        {
            await connection.Command(migration.Script).RunAsync(cancellationToken);
            await connection
                .Command(
                    "INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
                    migration.Number,
                    migration.Name,
                    migration.Checksum,
                    now
                )
                .RunAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return applied.Count < migrations.Count;
    }

    private async ValueTask<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (
            await connection
                .Command("SELECT 1 FROM pg_namespace WHERE nspname = $1", schema)
                .ListAsync(reader => reader.GetInt32(0), cancellationToken)
        ).Count > 0;

    private async ValueTask<List<(int Number, string Name, Digest Checksum)>> AppliedAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var tables = await connection
            .Command("SELECT tablename::text FROM pg_tables WHERE schemaname = $1", schema)
            .ListAsync(reader => reader.GetString(0), cancellationToken);
        if (tables.Count == 0)
        {
            await connection
                .Command(
                    """
                    CREATE TABLE schema_migration (
                      number integer PRIMARY KEY, name text NOT NULL, checksum bytea NOT NULL, applied_at timestamptz NOT NULL)
                    """
                )
                .RunAsync(cancellationToken);
            return [];
        }
        if (!tables.Contains("schema_migration", StringComparer.Ordinal))
            throw new IOException($"The schema '{schema}' has tables of another program; Halyard does not touch it.");
        return await connection
            .Command("SELECT number, name, checksum FROM schema_migration ORDER BY number")
            .ListAsync(reader => (reader.GetInt32(0), reader.Text(1), reader.Digest(2)), cancellationToken);
    }

    private void Check(List<(int Number, string Name, Digest Checksum)> applied)
    {
        if (applied.Count > migrations.Count)
        {
            throw new IOException(
                $"The schema '{schema}' has version {applied[^1].Number}, this program knows {migrations.Count}: it was used by a newer "
                    + "Halyard, and there is no way back. Start that version, or restore a backup."
            );
        }
        foreach (var ((number, name, checksum), ours) in applied.Zip(migrations))
        {
            if (number != ours.Number || checksum != ours.Checksum)
            {
                throw new IOException(
                    $"The schema '{schema}' was made with another migration {number} ('{name}') than this program has "
                        + $"('{ours.Name}'): released migrations never change. Use the release that made it."
                );
            }
        }
    }
}
