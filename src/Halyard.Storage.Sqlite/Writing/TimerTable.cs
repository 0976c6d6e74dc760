using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>Timers: set and cleared by commits, taken with a lease, finished by whoever took them last.</summary>
internal sealed class TimerTable(Database database)
{
    /// <summary>When the next one can be taken.</summary>
    public static DateTimeOffset? Next(Database database) =>
        database["SELECT min(ready_at) FROM timer"].Number() is { } micros ? Micros.From(micros) : null;

    public void Write(long tenant, TimerWrite write)
    {
        switch (write)
        {
            case TimerWrite.Set { Timer: var timer }:
                Set(tenant, timer);
                break;
            case TimerWrite.Clear clear:
                database["DELETE FROM timer WHERE tenant = ? AND id = ?"].Run(tenant, clear.Id);
                break;
        }
    }

    public List<TakenTimer> TakeDue(DateTimeOffset now, int limit, TimeSpan lease)
    {
        var until = Micros.Ceiling(now + lease);
        var taken = new List<TakenTimer>();
        foreach (var (number, tenant, timer) in Due(now, limit))
        {
            var fence = database["UPDATE timer_fence SET value = value + 1 RETURNING value"].Number()!.Value;
            database["UPDATE timer SET ready_at = ?, fence = ? WHERE tenant = ? AND id = ?"].Run(until, fence, number, timer.Id);
            taken.Add(new TakenTimer(tenant, timer, Micros.From(until), fence));
        }
        return taken;
    }

    public bool Finish(long tenant, string id, long fence)
    {
        database["DELETE FROM timer WHERE tenant = ? AND id = ? AND fence = ?"].Run(tenant, id, fence);
        return database.Changes == 1;
    }

    // A due time is rounded up, so that no timer is taken before it.
    private void Set(long tenant, DurableTimer timer) =>
        database[
            """
            INSERT OR REPLACE INTO timer
              (tenant, id, due_at, ready_at, kind, resource_kind, resource_project, resource_key, attempt, fence)
            VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8, 0)
            """
        ]
            .Run(
                tenant,
                timer.Id,
                Micros.Ceiling(timer.DueAt),
                timer.Kind,
                timer.Resource.Kind.Name(),
                timer.Resource.Project,
                timer.Resource.Key,
                timer.Attempt
            );

    private List<(long Number, string Tenant, DurableTimer Timer)> Due(DateTimeOffset now, int limit)
    {
        var due = new List<(long, string, DurableTimer)>();
        using var rows = database[
            """
            SELECT tenant.number, tenant.name, timer.id, due_at, timer.kind, resource_kind, resource_project, resource_key, attempt
            FROM timer JOIN tenant ON tenant.number = timer.tenant
            WHERE ready_at <= ? ORDER BY due_at, tenant.name, timer.id LIMIT ?
            """
        ]
            .Query(Micros.Floor(now), limit);
        while (rows.Next())
        {
            var kind =
                ResourceKinds.Parse(rows.Text(5))
                ?? throw new InvalidDataException(
                    $"Timer '{rows.Text(2)}' is about a '{rows.Text(5)}', which nothing here knows."
                );
            var resource = new ResourceName(kind, rows.Text(6), rows.Text(7));
            var timer = new DurableTimer(rows.Text(2), rows.Time(3), rows.Text(4), resource, rows.Int64(8));
            due.Add((rows.Int64(0), rows.Text(1), timer));
        }
        return due;
    }
}
