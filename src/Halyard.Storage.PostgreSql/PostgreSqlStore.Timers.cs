using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql;

internal sealed partial class PostgreSqlStore
{
    // Servers that take at once pass over what another is just taking, and go on to the next.
    private const string TakeDue = """
        WITH due AS MATERIALIZED (
          SELECT m.tenant, t.name, m.id, m.due_at FROM timer m JOIN tenant t ON t.number = m.tenant
          WHERE m.ready_at <= $1 ORDER BY m.due_at, t.name, m.id LIMIT $2 FOR UPDATE OF m SKIP LOCKED),
        taken AS MATERIALIZED (
          SELECT o.*, nextval('timer_fence') AS fence FROM (SELECT * FROM due ORDER BY due_at, name, id) o)
        UPDATE timer m SET ready_at = $3, fence = taken.fence FROM taken WHERE m.tenant = taken.tenant AND m.id = taken.id
        RETURNING taken.name, m.id, m.due_at, m.kind, m.resource_kind, m.resource_project, m.resource_key, m.attempt, m.fence
        """;

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> NextTimerAsync(CancellationToken cancellationToken) =>
        _database.DoAsync<DateTimeOffset?>(
            async (connection, cancellation) =>
                (
                    await connection
                        .Command("SELECT ready_at FROM timer ORDER BY ready_at LIMIT 1")
                        .ListAsync(row => (DateTimeOffset?)row.Time(0), cancellation)
                ).FirstOrDefault(),
            cancellationToken
        );

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TakenTimer>> TakeDueAsync(
        DateTimeOffset now,
        int limit,
        TimeSpan lease,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, ITimers.MaxTaken));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lease, TimeSpan.Zero);
        var until = Instants.Ceiling(now + lease);
        // Taken twice after a connection broke, the first time's are nobody's until their lease is over: late, and not lost.
        var taken = await _database.DoAsync(
            (connection, cancellation) =>
                connection.Command(TakeDue, now, limit, until).ListAsync(row => Taken(row, Instants.From(until)), cancellation),
            cancellationToken
        );
        return [.. taken.OrderBy(timer => timer.Fence)];
    }

    /// <inheritdoc/>
    public ValueTask<bool> FinishTimerAsync(TakenTimer taken, CancellationToken cancellationToken) =>
        _database.DoAsync(
            async (connection, tries, cancellation) =>
            {
                if (await _tenants.FindAsync(connection, taken.Tenant, cancellation) is not { } tenant)
                    return false;
                var finished = await connection
                    .Command(
                        "DELETE FROM timer WHERE tenant = $1 AND id = $2 AND fence = $3",
                        tenant,
                        taken.Timer.Id,
                        taken.Fence
                    )
                    .RunAsync(cancellation);
                if (finished == 1 || tries == 0)
                    return finished == 1;
                // The try before this one may have done it, and the answer been lost on its way.
                var left = await connection
                    .Command("SELECT fence FROM timer WHERE tenant = $1 AND id = $2", tenant, taken.Timer.Id)
                    .ListAsync(row => row.GetInt64(0), cancellation);
                return left.Count == 0;
            },
            cancellationToken
        );

    private static TakenTimer Taken(NpgsqlDataReader row, DateTimeOffset until)
    {
        var resource = new ResourceName(LogRows.Kind(row.Text(4)), row.Text(5), row.Text(6));
        var timer = new DurableTimer(row.Text(1), row.Time(2), row.Text(3), resource, row.GetInt64(7));
        return new TakenTimer(row.Text(0), timer, until, row.GetInt64(8));
    }
}
