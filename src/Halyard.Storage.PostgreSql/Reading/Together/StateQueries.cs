using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Reading.Together;

/// <summary>One trip to the server for all that several callers want to see, each thing once.</summary>
internal static class StateQueries
{
    private const string Named = $"""
        SELECT {ResourceReader.Columns}, r.tenant
        FROM unnest($1::integer[], $2::text[], $3::text[], $4::text[]) AS n (tenant, kind, project, key)
        CROSS JOIN LATERAL (
          SELECT * FROM resource r
          WHERE r.tenant = n.tenant AND r.kind = n.kind AND r.project = n.project AND r.key = n.key OFFSET 0) r
        """;

    private const string Environments = $"""
        SELECT {ResourceReader.Columns}, r.tenant FROM unnest($1::integer[], $2::text[]) AS n (tenant, project)
        CROSS JOIN LATERAL (
          SELECT * FROM resource r WHERE r.tenant = n.tenant AND r.kind = $3 AND r.project = n.project ORDER BY r.key OFFSET 0) r
        """;

    private const string Fences = """
        SELECT f.name, f.value, f.tenant FROM unnest($1::integer[], $2::text[]) AS n (tenant, name)
        CROSS JOIN LATERAL (SELECT * FROM fence f WHERE f.tenant = n.tenant AND f.name = n.name OFFSET 0) f
        """;

    private const string Answers = """
        SELECT a.request, a.outcome, a.body, a.idx, a.root, a.at, a.credential, a.key, a.expires_at, h.origin, a.tenant
        FROM unnest($1::integer[], $2::text[], $3::text[]) AS n (tenant, credential, key)
        CROSS JOIN LATERAL (
          SELECT * FROM answer a WHERE a.tenant = n.tenant AND a.credential = n.credential AND a.key = n.key OFFSET 0) a
        CROSS JOIN LATERAL (SELECT origin FROM audit_head h WHERE h.tenant = a.tenant OFFSET 0) h
        """;

    /// <summary>Reads it all as of one moment.</summary>
    public static async ValueTask<StateView> ReadAsync(
        NpgsqlConnection connection,
        IReadOnlyList<StateRequest> requests,
        CancellationToken cancellationToken
    )
    {
        (int Tenant, ResourceName Name)[] names =
        [
            .. requests.SelectMany(request => request.Names.Select(name => (request.Tenant, name))).Distinct(),
        ];
        (int Tenant, string Project)[] projects =
        [
            .. requests
                .Where(request => request.EnvironmentsOf is not null)
                .Select(request => (request.Tenant, request.EnvironmentsOf!))
                .Distinct(),
        ];
        (int Tenant, string Name)[] fences =
        [
            .. requests.SelectMany(request => request.Fences.Select(fence => (request.Tenant, fence))).Distinct(),
        ];
        (int Tenant, string Credential, string Key)[] answers =
        [
            .. requests
                .Where(request => request.Answer is not null)
                .Select(request => (request.Tenant, request.Answer!.Value.Credential, request.Answer.Value.Key))
                .Distinct(),
        ];

        await using var batch = connection.CreateBatch().Add(Statements.BeginSnapshot);
        if (names.Length > 0)
            batch.Add(
                Named,
                Array.ConvertAll(names, name => name.Tenant),
                Array.ConvertAll(names, name => name.Name.Kind.Name()),
                Array.ConvertAll(names, name => name.Name.Project),
                Array.ConvertAll(names, name => name.Name.Key)
            );
        if (projects.Length > 0)
            batch.Add(
                Environments,
                Array.ConvertAll(projects, project => project.Tenant),
                Array.ConvertAll(projects, project => project.Project),
                ResourceKind.Environment.Name()
            );
        if (fences.Length > 0)
            batch.Add(Fences, Array.ConvertAll(fences, fence => fence.Tenant), Array.ConvertAll(fences, fence => fence.Name));
        if (answers.Length > 0)
            batch.Add(
                Answers,
                Array.ConvertAll(answers, answer => answer.Tenant),
                Array.ConvertAll(answers, answer => answer.Credential),
                Array.ConvertAll(answers, answer => answer.Key)
            );
        batch.Add(Statements.Commit);

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var view = new StateView();
        if (names.Length > 0)
            foreach (var (tenant, found) in await reader.ListAsync(Resource, cancellationToken))
                view.Resources[(tenant, found.Name)] = found;
        foreach (var project in projects)
            view.Environments[project] = [];
        if (projects.Length > 0)
            foreach (var (tenant, found) in await reader.ListAsync(Resource, cancellationToken))
                view.Environments[(tenant, found.Name.Project)].Add(found);
        if (fences.Length > 0)
            foreach (var (tenant, name, value) in await reader.ListAsync(Fence, cancellationToken))
                view.Fences[(tenant, name)] = value;
        if (answers.Length > 0)
            foreach (var (key, answer) in await reader.ListAsync(Answer, cancellationToken))
                view.Answers[key] = answer;
        return view;
    }

    private static (int Tenant, StoredResource Found) Resource(NpgsqlDataReader row) =>
        (row.GetInt32(ResourceReader.ColumnCount), ResourceReader.Resource(row));

    private static (int Tenant, string Name, long Value) Fence(NpgsqlDataReader row) =>
        (row.GetInt32(2), row.Text(0), row.GetInt64(1));

    private static (
        (int Tenant, string Credential, string Key) Key,
        (StoredAnswer Answer, DateTimeOffset ExpiresAt) Found
    ) Answer(NpgsqlDataReader row) =>
        ((row.GetInt32(10), row.Text(6), row.Text(7)), (LogRows.ReadAnswer(row, row.Text(9)), row.Time(8)));
}
