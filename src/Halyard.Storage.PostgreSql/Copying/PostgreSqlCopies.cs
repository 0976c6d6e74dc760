using Halyard.Core;
using Halyard.Core.Storage.Copying;
using Halyard.Storage.PostgreSql.Native;
using Halyard.Storage.PostgreSql.Privacy;
using Halyard.Storage.PostgreSql.Schema;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Copying;

/// <summary>Copies from and to a PostgreSQL schema.</summary>
internal sealed class PostgreSqlCopies(PostgreSqlStoreOptions options, TimeProvider time, Entropy entropy) : IStoreCopies
{
    /// <inheritdoc/>
    public async ValueTask<IStoreSource> OpenSourceAsync(CancellationToken cancellationToken)
    {
        var (database, keys) = await OpenAsync(cancellationToken);
        try
        {
            await Opening.RequireWholeAsync(database, options.Schema, cancellationToken);
            var snapshot = await database.OpenAsync(cancellationToken);
            await snapshot.Command(Statements.BeginSnapshot).RunAsync(cancellationToken);
            return new PostgreSqlSource(database, snapshot, keys, options.Schema);
        }
        catch (Exception broken)
        {
            await CloseAsync(database, keys);
            if (broken is NpgsqlException)
                throw new IOException($"PostgreSQL: {broken.Message}", broken);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IStoreTarget> OpenTargetAsync(string copy, CancellationToken cancellationToken)
    {
        var (database, keys) = await OpenAsync(cancellationToken);
        try
        {
            var isOurs =
                await database.DoAsync(
                    (connection, cancellation) => BeginAsync(connection, copy, cancellation),
                    cancellationToken
                ) && (await keys.IsEmptyAsync(cancellationToken) || await IsBegunAsync(database, copy, cancellationToken));
            if (!isOurs)
                throw new IOException(
                    $"The schema '{options.Schema}' is not empty, and not the unfinished target of a copy of this source as it is now. "
                        + $"Name another, or drop it with '{options.KeysSchema}'."
                );
            await database.DoAsync((connection, cancellation) => MarkAsync(connection, copy, cancellation), cancellationToken);
            return new PostgreSqlTarget(database, keys, new AdvisoryLockNumbers(options.Schema));
        }
        catch
        {
            await CloseAsync(database, keys);
            throw;
        }
    }

    private static async ValueTask CloseAsync(Database database, PostgreSqlSubjectKeys keys)
    {
        await keys.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>Whether the tables are empty, or those of this copy.</summary>
    private static async ValueTask<bool> BeginAsync(NpgsqlConnection connection, string copy, CancellationToken cancellationToken)
    {
        var names = await connection.Command("SELECT name FROM copying").ListAsync(row => row.GetString(0), cancellationToken);
        var tenants = await connection
            .Command("SELECT count(*) FROM tenant")
            .ListAsync(row => row.GetInt64(0), cancellationToken);
        return names is [var name] ? name == copy : tenants[0] == 0;
    }

    private static async ValueTask<bool> IsBegunAsync(Database database, string copy, CancellationToken cancellationToken) =>
        await database.DoAsync(
            async (connection, cancellation) =>
                await connection
                    .Command("SELECT 1 FROM copying WHERE name = $1", copy)
                    .ListAsync(row => row.GetInt32(0), cancellation)
                    is [_],
            cancellationToken
        );

    private static async ValueTask<bool> MarkAsync(
        NpgsqlConnection connection,
        string copy,
        CancellationToken cancellationToken
    ) =>
        await connection
            .Command("INSERT INTO copying (name) SELECT $1 WHERE NOT EXISTS (SELECT FROM copying)", copy)
            .RunAsync(cancellationToken) > 0;

    private async ValueTask<(Database Database, PostgreSqlSubjectKeys Keys)> OpenAsync(CancellationToken cancellationToken)
    {
        options.Validate();
        var keys = await PostgreSqlSubjectKeys.OpenAsync(options, time, entropy, cancellationToken);
        var source = Connections.Source(options.ConnectionString, options.Schema, options);
        var database = new Database(source, options.RetryFor, time, entropy);
        try
        {
            await new Opening(options, time, entropy).PrepareAsync(database, cancellationToken);
            return (database, keys);
        }
        catch
        {
            await CloseAsync(database, keys);
            throw;
        }
    }
}
