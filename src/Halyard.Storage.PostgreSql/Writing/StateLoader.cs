using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>
/// Begins the transaction of a batch: locks the head of the log, the only row that is locked, and reads what the batch looks at. One
/// trip to the server. Whoever writes to the tenant has this lock, so nothing of what was read changes before the end.
/// </summary>
internal sealed class StateLoader(AdvisoryLockNumbers locks)
{
    private const string Resources = """
        SELECT r.kind, r.project, r.key, r.revision, r.id, r.created_at
        FROM unnest($2::text[], $3::text[], $4::text[]) AS n (kind, project, key)
        CROSS JOIN LATERAL (
          SELECT * FROM resource r WHERE r.tenant = $1 AND r.kind = n.kind AND r.project = n.project AND r.key = n.key OFFSET 0) r
        """;

    private const string Fences = "SELECT name, value FROM fence WHERE tenant = $1 AND name = ANY($2)";

    private const string Answers = """
        SELECT a.request, a.outcome, a.body, a.idx, a.root, a.at, a.credential, a.key, a.expires_at
        FROM unnest($2::text[], $3::text[]) AS n (credential, key)
        CROSS JOIN LATERAL (
          SELECT * FROM answer a WHERE a.tenant = $1 AND a.credential = n.credential AND a.key = n.key OFFSET 0) a
        """;

    private const string Erased = "SELECT sid FROM erased_subject WHERE tenant = $1 AND sid = ANY($2)";

    private const string LastWritten = """
        SELECT s.sid, greatest(
          (SELECT max(idx) FROM entry_private p WHERE p.tenant = $1 AND p.subject = s.sid),
          (SELECT max(idx) FROM document_private p WHERE p.tenant = $1 AND p.subject = s.sid), -1)
        FROM unnest($2::text[]) AS s (sid)
        """;

    private const string LoggedIds = "SELECT id FROM audit_leaf_hash WHERE tenant = $1 AND id = ANY($2)";

    /// <summary>Begins the transaction.</summary>
    /// <param name="connection">A connection without a transaction.</param>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="commits">The batch, of one tenant.</param>
    /// <param name="isRepeated">Whether an earlier try may have taken effect.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<LogState> BeginAsync(
        NpgsqlConnection connection,
        int tenant,
        IReadOnlyList<Commit> commits,
        bool isRepeated,
        CancellationToken cancellationToken
    )
    {
        var looked = Looked.At(commits);
        await using var batch = connection.CreateBatch().Add(Statements.Begin);
        // Erasing and purging rewrite what folding reads; the lock before the head's, so that the head's is the last.
        if (commits.Any(commit => commit.Effect is not null))
            batch.Add(AdvisoryLocks.Take, locks.Folding(tenant));
        batch.Add(LogRows.Head + " FOR UPDATE", tenant);
        if (looked.Names.Length > 0)
            batch.Add(
                Resources,
                tenant,
                Array.ConvertAll(looked.Names, name => name.Kind.Name()),
                Array.ConvertAll(looked.Names, name => name.Project),
                Array.ConvertAll(looked.Names, name => name.Key)
            );
        if (looked.Fences.Length > 0)
            batch.Add(Fences, tenant, looked.Fences);
        if (looked.Answers.Length > 0)
            batch.Add(
                Answers,
                tenant,
                Array.ConvertAll(looked.Answers, answer => answer.Credential),
                Array.ConvertAll(looked.Answers, answer => answer.Key)
            );
        if (looked.Subjects.Length > 0)
            batch.Add(Erased, tenant, looked.Subjects);
        if (looked.Erasing.Length > 0)
            batch.Add(LastWritten, tenant, looked.Erasing);
        if (isRepeated)
            batch.Add(LoggedIds, tenant, looked.EntryIds);

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (commits.Any(commit => commit.Effect is not null))
            await reader.NextResultAsync(cancellationToken);
        var head = (await reader.ListAsync(row => LogRows.ReadHead(row, commits[0].Tenant), cancellationToken))[0];
        var state = new LogState(tenant, head);
        if (looked.Names.Length > 0)
            await ReadAsync(reader, row => state.Resources[Name(row)] = Resource(row), cancellationToken);
        if (looked.Fences.Length > 0)
            await ReadAsync(reader, row => state.Fences[row.Text(0)] = row.GetInt64(1), cancellationToken);
        if (looked.Answers.Length > 0)
            await ReadAsync(
                reader,
                row => state.Answers[(row.Text(6), row.Text(7))] = (LogRows.ReadAnswer(row, head?.Origin ?? ""), row.Time(8)),
                cancellationToken
            );
        if (looked.Subjects.Length > 0)
            await ReadAsync(reader, row => state.Erased.Add(row.Text(0)), cancellationToken);
        if (looked.Erasing.Length > 0)
            await ReadAsync(reader, row => state.LastWritten[row.Text(0)] = row.GetInt64(1), cancellationToken);
        if (isRepeated)
            await ReadAsync(reader, row => state.LoggedIds.Add(row.Text(0)), cancellationToken);
        return state;
    }

    private static async ValueTask ReadAsync<T>(
        NpgsqlDataReader reader,
        Func<NpgsqlDataReader, T> take,
        CancellationToken cancellationToken
    ) => await reader.ListAsync(take, cancellationToken);

    private static ResourceName Name(NpgsqlDataReader row) => new(LogRows.Kind(row.Text(0)), row.Text(1), row.Text(2));

    private static LiveResource Resource(NpgsqlDataReader row) => new(row.GetInt64(3), row.Text(4), row.Time(5));
}
