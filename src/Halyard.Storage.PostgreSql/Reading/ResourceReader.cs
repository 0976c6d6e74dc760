using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Reading;

/// <summary>Queries for the live state.</summary>
internal static class ResourceReader
{
    private const string Columns = "r.kind, r.project, r.key, r.id, r.revision, r.document, r.sealed, r.created_at, r.updated_at";

    private const string Named = $"""
        SELECT {Columns} FROM unnest($2::text[], $3::text[], $4::text[]) AS n (kind, project, key)
        CROSS JOIN LATERAL (
          SELECT * FROM resource r WHERE r.tenant = $1 AND r.kind = n.kind AND r.project = n.project AND r.key = n.key OFFSET 0) r
        """;

    private const string Fences = "SELECT name, value FROM fence WHERE tenant = $1 AND name = ANY($2)";

    private const string FirstPage =
        $"SELECT {Columns} FROM resource r WHERE tenant = $1 AND kind = $2 AND project = $3 ORDER BY key LIMIT $4";

    private const string NextPage =
        $"SELECT {Columns} FROM resource r WHERE tenant = $1 AND kind = $2 AND project = $3 AND key > $5 ORDER BY key LIMIT $4";

    /// <summary>Named resources and fences, and every environment of a project where one is given, as of one moment.</summary>
    public static async ValueTask<StateSlice> LoadAsync(
        NpgsqlConnection connection,
        int tenant,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        string? environmentsOf,
        CancellationToken cancellationToken
    )
    {
        ResourceName[] wanted = [.. names.Distinct()];
        await using var batch = connection
            .CreateBatch()
            .Add(Statements.BeginSnapshot)
            .Add(
                Named,
                tenant,
                Array.ConvertAll(wanted, name => name.Kind.Name()),
                Array.ConvertAll(wanted, name => name.Project),
                Array.ConvertAll(wanted, name => name.Key)
            )
            .Add(Fences, tenant, fences.ToArray());
        if (environmentsOf is not null)
            batch.Add(FirstPage, tenant, ResourceKind.Environment.Name(), environmentsOf, int.MaxValue);
        batch.Add(Statements.Commit);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var resources = new Dictionary<ResourceName, StoredResource>();
        foreach (var resource in await reader.ListAsync(Resource, cancellationToken))
            resources[resource.Name] = resource;
        var values = fences.Distinct(StringComparer.Ordinal).ToDictionary(fence => fence, _ => 0L, StringComparer.Ordinal);
        foreach (var (name, value) in await reader.ListAsync(row => (row.Text(0), row.GetInt64(1)), cancellationToken))
            values[name] = value;
        if (environmentsOf is not null)
        {
            foreach (var environment in await reader.ListAsync(Resource, cancellationToken))
                resources.TryAdd(environment.Name, environment);
        }
        return new StateSlice(resources, values);
    }

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

    private static StoredResource Resource(NpgsqlDataReader row) =>
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
