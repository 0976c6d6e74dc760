using Halyard.Core;
using Halyard.Storage.PostgreSql.Native;

namespace Halyard.Storage.PostgreSql.Schema;

/// <summary>What is done before a database is used: it is migrated and rights are granted by its owner.</summary>
internal sealed class Opening(PostgreSqlStoreOptions options, TimeProvider time, Entropy entropy)
{
    /// <summary>Prepares the main tables.</summary>
    public async ValueTask PrepareAsync(Database database, CancellationToken cancellationToken)
    {
        var role = await CheckAsync(database, cancellationToken);
        await using var owner = Owner(options.ConnectionString, options.Schema);
        await owner.DoAsync(
            async (connection, cancellation) =>
            {
                var migrated = await new Migrator(options.Schema, Migration.Embedded).MigrateAsync(
                    connection,
                    time.GetUtcNow(),
                    cancellation
                );
                if (migrated || options.OwnerConnectionString is not null || options.ReportingRole is not null)
                    await Rights.GrantAsync(connection, options.Schema, role, options.ReportingRole, cancellation);
                return migrated;
            },
            cancellationToken
        );
    }

    /// <summary>Refuses what is still being copied to.</summary>
    /// <exception cref="IOException">The copy is not whole.</exception>
    public static async ValueTask RequireWholeAsync(Database database, string schema, CancellationToken cancellationToken)
    {
        var copies = await database.DoAsync(
            (connection, cancellation) =>
                connection.Command("SELECT name FROM copying").ListAsync(row => row.GetString(0), cancellation),
            cancellationToken
        );
        if (copies.Count > 0)
            throw new IOException(
                $"The schema '{schema}' is the target of a copy that is not whole. Let 'store copy' finish it first."
            );
    }

    /// <summary>Prepares the tables of keys.</summary>
    public async ValueTask PrepareKeysAsync(Database keys, CancellationToken cancellationToken)
    {
        var role = await keys.DoAsync(Rights.CurrentUserAsync, cancellationToken);
        await using var owner = Owner(options.KeysConnectionString ?? options.ConnectionString, options.KeysSchema);
        await owner.DoAsync(
            async (connection, cancellation) =>
            {
                var migrated = await new Migrator(options.KeysSchema, Migration.OfKeys).MigrateAsync(
                    connection,
                    time.GetUtcNow(),
                    cancellation
                );
                if (migrated)
                    await Rights.GrantKeysAsync(connection, options.KeysSchema, role, cancellation);
                return migrated;
            },
            cancellationToken
        );
    }

    // Answers are promised to be durable; a role or database may have been set to answer sooner.
    private static ValueTask<string> CheckAsync(Database database, CancellationToken cancellationToken) =>
        database.DoAsync(
            async (connection, cancellation) =>
            {
                var durability = await connection
                    .Command("SELECT current_setting('synchronous_commit')")
                    .ListAsync(reader => reader.GetString(0), cancellation);
                if (durability is ["off"])
                    throw new IOException(
                        "PostgreSQL: synchronous_commit is off for this role or database; answers would not be durable."
                    );
                return await Rights.CurrentUserAsync(connection, cancellation);
            },
            cancellationToken
        );

    /// <summary>The owner's connections to the same database.</summary>
    private Database Owner(string connectionString, string schema)
    {
        var settings = Connections.Settings(connectionString);
        if (options.OwnerConnectionString is { } owner)
        {
            var (database, host, port) = (settings.Database, settings.Host, settings.Port);
            settings = Connections.Settings(owner);
            (settings.Database, settings.Host, settings.Port) = (database ?? settings.Database, host, port);
        }
        // One or two of them for a moment, none of which is left over.
        settings.Pooling = false;
        return new Database(Connections.Source(settings.ConnectionString, schema, options), options.RetryFor, time, entropy);
    }
}
