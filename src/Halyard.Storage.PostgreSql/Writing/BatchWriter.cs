using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>Writes what a batch decided and ends its transaction, in one trip to the server: a statement for each table.</summary>
internal sealed class BatchWriter(string channel)
{
    private const int PurgedAnswers = 100;

    /// <summary>Writes and commits. Where this fails on the way back, nobody knows yet whether it took effect.</summary>
    /// <param name="connection">A connection in the transaction that the batch began.</param>
    /// <param name="plan">What to write; it has a head.</param>
    /// <param name="newPartition">The partition of entries to add before, if one is missing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask WriteAsync(
        NpgsqlConnection connection,
        BatchPlan plan,
        long? newPartition,
        CancellationToken cancellationToken
    )
    {
        await using var batch = connection.CreateBatch();
        if (newPartition is { } part)
            batch.Add("SELECT add_entry_partition($1, $2)", plan.Tenant, part);
        EntryStatements.Add(batch, plan);
        PrivateStatements.Add(batch, plan);
        AddResources(batch, plan);
        AddFences(batch, plan);
        AddAnswers(batch, plan);
        TimerStatements.Add(batch, plan);
        AddHead(batch, plan);
        if (plan.Effect is CommitEffect.EraseSubjects or CommitEffect.PurgeEntries)
        {
            await batch.RunAsync(cancellationToken);
            await EffectWriter.WriteAsync(connection, plan, cancellationToken);
            await connection.CreateBatch().Add($"NOTIFY {channel}").Add(Statements.Commit).RunAsync(cancellationToken);
            return;
        }
        await batch.Add($"NOTIFY {channel}").Add(Statements.Commit).RunAsync(cancellationToken);
    }

    private static void AddResources(NpgsqlBatch batch, BatchPlan plan)
    {
        if (plan.Deletes.Count > 0)
        {
            ResourceName[] names = [.. plan.Deletes];
            batch.Add(
                """
                DELETE FROM resource r USING unnest($2::text[], $3::text[], $4::text[]) AS n (kind, project, key)
                WHERE r.tenant = $1 AND r.kind = n.kind AND r.project = n.project AND r.key = n.key
                """,
                plan.Tenant,
                Array.ConvertAll(names, name => name.Kind.Name()),
                Array.ConvertAll(names, name => name.Project),
                Array.ConvertAll(names, name => name.Key)
            );
        }
        if (plan.Puts.Count == 0)
            return;
        (ResourceWrite.Put Put, DateTimeOffset Created, DateTimeOffset Updated)[] puts = [.. plan.Puts];
        batch.Add(
            """
            INSERT INTO resource (tenant, kind, project, key, id, revision, created_at, updated_at, document, sealed)
            SELECT $1, * FROM unnest(
              $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[], $8::timestamptz[], $9::bytea[],
              $10::bytea[])
            ON CONFLICT (tenant, kind, project, key) DO UPDATE SET
              id = excluded.id, revision = excluded.revision, created_at = excluded.created_at, updated_at = excluded.updated_at,
              document = excluded.document, sealed = excluded.sealed
            """,
            plan.Tenant,
            Array.ConvertAll(puts, put => put.Put.Name.Kind.Name()),
            Array.ConvertAll(puts, put => put.Put.Name.Project),
            Array.ConvertAll(puts, put => put.Put.Name.Key),
            Array.ConvertAll(puts, put => put.Put.Id),
            Array.ConvertAll(puts, put => put.Put.Revision),
            Array.ConvertAll(puts, put => put.Created),
            Array.ConvertAll(puts, put => put.Updated),
            Array.ConvertAll(puts, put => put.Put.Document.ToArray()),
            Array.ConvertAll(puts, put => put.Put.Sealed?.ToArray())
        );
    }

    private static void AddFences(NpgsqlBatch batch, BatchPlan plan)
    {
        (string Name, long Value)[] fences = [.. plan.Fences];
        if (fences.Length == 0)
            return;
        batch.Add(
            """
            INSERT INTO fence (tenant, name, value) SELECT $1, * FROM unnest($2::text[], $3::bigint[])
            ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value
            """,
            plan.Tenant,
            Array.ConvertAll(fences, fence => fence.Name),
            Array.ConvertAll(fences, fence => fence.Value)
        );
    }

    private static void AddAnswers(NpgsqlBatch batch, BatchPlan plan)
    {
        (PendingAnswer Answer, Receipt Receipt)[] answers = [.. plan.Answers];
        if (answers.Length == 0)
            return;
        batch.Add(
            """
            INSERT INTO answer (tenant, credential, key, request, outcome, expires_at, idx, root, at, body)
            SELECT $1, * FROM unnest(
              $2::text[], $3::text[], $4::bytea[], $5::text[], $6::timestamptz[], $7::bigint[], $8::bytea[], $9::timestamptz[],
              $10::bytea[])
            ON CONFLICT (tenant, credential, key) DO UPDATE SET
              request = excluded.request, outcome = excluded.outcome, expires_at = excluded.expires_at, idx = excluded.idx,
              root = excluded.root, at = excluded.at, body = excluded.body
            """,
            plan.Tenant,
            Array.ConvertAll(answers, answer => answer.Answer.Credential),
            Array.ConvertAll(answers, answer => answer.Answer.Key),
            Array.ConvertAll(answers, answer => answer.Answer.Request.ToArray()),
            Array.ConvertAll(answers, answer => answer.Answer.Outcome),
            Array.ConvertAll(answers, answer => answer.Answer.ExpiresAt),
            Array.ConvertAll(answers, answer => answer.Receipt.Index),
            Array.ConvertAll(answers, answer => answer.Receipt.Root.ToArray()),
            Array.ConvertAll(answers, answer => answer.Receipt.At),
            Array.ConvertAll(answers, answer => answer.Answer.Body.ToArray())
        );
        // By the log's own time, which never goes back: what is removed is expired for every later commit too.
        if (plan.Head!.Range.Size / PurgedAnswers != (plan.Head.Range.Size - plan.Entries.Count) / PurgedAnswers)
            batch.Add(
                """
                DELETE FROM answer WHERE ctid = ANY (ARRAY(
                  SELECT ctid FROM answer WHERE tenant = $1 AND expires_at <= $2 ORDER BY expires_at LIMIT $3))
                """,
                plan.Tenant,
                plan.Head.LastAt,
                PurgedAnswers + answers.Length
            );
    }

    private static void AddHead(NpgsqlBatch batch, BatchPlan plan)
    {
        var head = plan.Head!;
        batch.Add(
            "UPDATE audit_head SET origin = $2, size = $3, frontier = $4, root = $5, last_at = $6 WHERE tenant = $1",
            plan.Tenant,
            head.Origin,
            head.Range.Size,
            head.Range.ToBytes(),
            head.Range.Root,
            head.LastAt
        );
    }
}
