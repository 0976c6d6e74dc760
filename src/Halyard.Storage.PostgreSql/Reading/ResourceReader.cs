using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Reading;

/// <summary>Queries for the live state.</summary>
internal static class ResourceReader
{
    /// <summary>What <see cref="Resource"/> reads, of a row named r.</summary>
    public const string Columns = "r.kind, r.project, r.key, r.id, r.revision, r.document, r.sealed, r.created_at, r.updated_at";

    /// <summary>How many <see cref="Columns"/> are.</summary>
    public const int ColumnCount = 9;

    private const string FirstPage =
        $"SELECT {Columns} FROM resource r WHERE tenant = $1 AND kind = $2 AND project = $3 ORDER BY key LIMIT $4";

    private const string NextPage =
        $"SELECT {Columns} FROM resource r WHERE tenant = $1 AND kind = $2 AND project = $3 AND key > $5 ORDER BY key LIMIT $4";

    public static async ValueTask<IReadOnlyList<StoredResource>> ListAsync(
        NpgsqlConnection connection,
        int tenant,
        (ResourceKind Kind, string Project) where,
        string? afterKey,
        int limit,
        CancellationToken cancellationToken
    ) =>
        await (
            afterKey is null
                ? connection.Command(FirstPage, tenant, where.Kind.Name(), where.Project, limit)
                : connection.Command(NextPage, tenant, where.Kind.Name(), where.Project, limit, afterKey)
        ).ListAsync(Resource, cancellationToken);

    public static StoredResource Resource(NpgsqlDataReader row) =>
        new(
            new ResourceName(LogRows.Kind(row.Text(0)), row.Text(1), row.Text(2)),
            row.Text(3),
            row.GetInt64(4),
            row.Bytes(5),
            row.BytesOrNull(6),
            row.Time(7),
            row.Time(8)
        );
}
