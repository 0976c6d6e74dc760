using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Reading;

/// <summary>Queries for versions.</summary>
internal static class VersionReader
{
    public const string Columns = "v.kind, v.project, v.key, v.resource_id, v.revision, v.idx, v.effective_at, v.digest";

    /// <summary>How many <see cref="Columns"/> are.</summary>
    public const int Count = 8;

    // Steps from key to key in the index and takes for each the newest version in force, so that the cost follows the number of keys
    // and not the length of the history.
    private const string At = $"""
        WITH RECURSIVE keys (key) AS (
          (SELECT v.key FROM resource_version v WHERE v.tenant = $1 AND v.kind = $2 AND v.project = $3 ORDER BY v.key LIMIT 1)
          UNION ALL
          SELECT (
            SELECT v.key FROM resource_version v
            WHERE v.tenant = $1 AND v.kind = $2 AND v.project = $3 AND v.key > keys.key ORDER BY v.key LIMIT 1)
          FROM keys WHERE keys.key IS NOT NULL)
        SELECT {Columns} FROM keys
        CROSS JOIN LATERAL (
          SELECT * FROM resource_version v
          WHERE v.tenant = $1 AND v.kind = $2 AND v.project = $3 AND v.key = keys.key AND v.effective_at <= $4
          ORDER BY v.idx DESC, v.place DESC LIMIT 1) v
        WHERE v.digest IS NOT NULL ORDER BY v.key
        """;

    private const string Below = $"""
        SELECT {Columns} FROM (
          SELECT DISTINCT ON (kind, project, key) * FROM resource_version
          WHERE tenant = $1 AND idx < $2 ORDER BY kind, project, key, idx DESC, place DESC) v
        ORDER BY v.idx, v.place
        """;

    public static ValueTask<List<ResourceVersion>> AtAsync(
        NpgsqlConnection connection,
        int tenant,
        (ResourceKind Kind, string Project) where,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) => connection.Command(At, tenant, where.Kind.Name(), where.Project, at).ListAsync(Version, cancellationToken);

    public static ValueTask<List<ResourceVersion>> BelowAsync(
        NpgsqlConnection connection,
        int tenant,
        long index,
        CancellationToken cancellationToken
    ) => connection.Command(Below, tenant, index).ListAsync(Version, cancellationToken);

    public static ValueTask<List<ResourceVersion>> OfAsync(
        NpgsqlConnection connection,
        int tenant,
        ResourceName name,
        int limit,
        CancellationToken cancellationToken
    ) =>
        connection
            .Command(
                $"""
                SELECT {Columns} FROM resource_version v
                WHERE tenant = $1 AND kind = $2 AND project = $3 AND key = $4 ORDER BY idx, place LIMIT $5
                """,
                tenant,
                name.Kind.Name(),
                name.Project,
                name.Key,
                limit
            )
            .ListAsync(Version, cancellationToken);

    public static async ValueTask<ResourceVersion?> OneAsync(
        NpgsqlConnection connection,
        int tenant,
        (string Id, long Revision) which,
        CancellationToken cancellationToken
    ) =>
        (
            await connection
                .Command(
                    $"SELECT {Columns} FROM resource_version v WHERE tenant = $1 AND resource_id = $2 AND revision = $3",
                    tenant,
                    which.Id,
                    which.Revision
                )
                .ListAsync(Version, cancellationToken)
        ).FirstOrDefault();

    /// <summary>The version in a row of <see cref="Columns"/>.</summary>
    public static ResourceVersion Version(NpgsqlDataReader row) =>
        new(
            new ResourceName(LogRows.Kind(row.Text(0)), row.Text(1), row.Text(2)),
            row.Text(3),
            row.GetInt64(4),
            row.GetInt64(5),
            row.Time(6),
            row.DigestOrNull(7)
        );
}
