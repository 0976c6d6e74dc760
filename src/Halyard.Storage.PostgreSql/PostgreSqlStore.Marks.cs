using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql;

internal sealed partial class PostgreSqlStore
{
    /// <inheritdoc/>
    public ValueTask<Mark?> MarkAsync(string tenant, string name, CancellationToken cancellationToken) =>
        ReadAsync(
            tenant,
            (connection, number, cancellation) => FindMarkAsync(connection, number, name, cancellation),
            null,
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Mark>> MarksAsync(string tenant, string prefix, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Mark>>(
            tenant,
            async (connection, number, cancellation) =>
                await connection
                    .Command(
                        // No name has a character this large, so that what begins with the prefix is one range of the table's key.
                        "SELECT name, version, value FROM mark WHERE tenant = $1 AND name >= $2 AND name < $3 ORDER BY name",
                        number,
                        prefix,
                        prefix + "\U0010FFFF"
                    )
                    .ListAsync(Mark, cancellation),
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public async ValueTask<bool> SetMarkAsync(
        string tenant,
        string name,
        long expectedVersion,
        ReadOnlyMemory<byte> value,
        CancellationToken cancellationToken
    )
    {
        Core.Storage.Mark.Validate(name, value);
        var content = value.ToArray();
        return await _database.DoAsync(
            async (connection, tries, cancellation) =>
            {
                var number = await _tenants.EnsureAsync(connection, tenant, cancellation);
                var command =
                    expectedVersion == 0
                        ? connection.Command(
                            "INSERT INTO mark (tenant, name, version, value) VALUES ($1, $2, 1, $3) ON CONFLICT DO NOTHING",
                            number,
                            name,
                            content
                        )
                        : connection.Command(
                            "UPDATE mark SET version = version + 1, value = $3 WHERE tenant = $1 AND name = $2 AND version = $4",
                            number,
                            name,
                            content,
                            expectedVersion
                        );
                if (await command.RunAsync(cancellation) == 1)
                    return true;
                // The try before this one may have won, and the answer been lost on its way.
                return tries > 0
                    && await FindMarkAsync(connection, number, name, cancellation) is { } mark
                    && mark.Version == expectedVersion + 1
                    && mark.Value.AsSpan().SequenceEqual(content);
            },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public ValueTask<bool> RemoveMarkAsync(
        string tenant,
        string name,
        long expectedVersion,
        CancellationToken cancellationToken
    ) =>
        _database.DoAsync(
            async (connection, tries, cancellation) =>
            {
                if (await _tenants.FindAsync(connection, tenant, cancellation) is not { } number)
                    return false;
                var removed = await connection
                    .Command("DELETE FROM mark WHERE tenant = $1 AND name = $2 AND version = $3", number, name, expectedVersion)
                    .RunAsync(cancellation);
                return removed == 1 || (tries > 0 && await FindMarkAsync(connection, number, name, cancellation) is null);
            },
            cancellationToken
        );

    private static async ValueTask<Mark?> FindMarkAsync(
        NpgsqlConnection connection,
        int tenant,
        string name,
        CancellationToken cancellationToken
    ) =>
        (
            await connection
                .Command("SELECT name, version, value FROM mark WHERE tenant = $1 AND name = $2", tenant, name)
                .ListAsync(Mark, cancellationToken)
        ).FirstOrDefault();

    private static Mark Mark(NpgsqlDataReader row) => new(row.Text(0), row.GetInt64(1), row.Bytes(2));
}
