using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>The timers that a batch sets and clears.</summary>
internal static class TimerStatements
{
    public static void Add(NpgsqlBatch batch, BatchPlan plan)
    {
        string[] cleared = [.. plan.Timers.OfType<TimerWrite.Clear>().Select(clear => clear.Id)];
        if (cleared.Length > 0)
            batch.Add("DELETE FROM timer WHERE tenant = $1 AND id = ANY($2)", plan.Tenant, cleared);
        DurableTimer[] set = [.. plan.Timers.OfType<TimerWrite.Set>().Select(set => set.Timer)];
        if (set.Length == 0)
            return;
        // A due time is rounded up, so that no timer is taken before it. Whoever had the one before has no fence any more.
        batch.Add(
            """
            INSERT INTO timer
              (tenant, id, due_at, ready_at, kind, resource_kind, resource_project, resource_key, attempt, fence)
            SELECT $1, n.id, n.due_at, n.due_at, n.kind, n.resource_kind, n.resource_project, n.resource_key, n.attempt, 0
            FROM unnest($2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[])
              AS n (id, due_at, kind, resource_kind, resource_project, resource_key, attempt)
            ON CONFLICT (tenant, id) DO UPDATE SET
              due_at = excluded.due_at, ready_at = excluded.ready_at, kind = excluded.kind, resource_kind = excluded.resource_kind,
              resource_project = excluded.resource_project, resource_key = excluded.resource_key, attempt = excluded.attempt, fence = 0
            """,
            plan.Tenant,
            Array.ConvertAll(set, timer => timer.Id),
            Array.ConvertAll(set, timer => Instants.From(Instants.Ceiling(timer.DueAt))),
            Array.ConvertAll(set, timer => timer.Kind),
            Array.ConvertAll(set, timer => timer.Resource.Kind.Name()),
            Array.ConvertAll(set, timer => timer.Resource.Project),
            Array.ConvertAll(set, timer => timer.Resource.Key),
            Array.ConvertAll(set, timer => timer.Attempt)
        );
    }
}
