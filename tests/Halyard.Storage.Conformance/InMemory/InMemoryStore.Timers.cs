using Halyard.Core.Storage;

namespace Halyard.Storage.Conformance.InMemory;

public sealed partial class InMemoryStore
{
    private long _lastFence;

    public ValueTask<DateTimeOffset?> NextTimerAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return ValueTask.FromResult(All().Min(item => (DateTimeOffset?)item.Held.ReadyAt));
    }

    public ValueTask<IReadOnlyList<TakenTimer>> TakeDueAsync(
        DateTimeOffset now,
        int limit,
        TimeSpan lease,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, ITimers.MaxTaken));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lease, TimeSpan.Zero);
        lock (_gate)
        {
            var due = All()
                .Where(item => item.Held.ReadyAt <= now)
                .OrderBy(item => item.Held.Timer.DueAt)
                .ThenBy(item => item.Tenant, StringComparer.Ordinal)
                .ThenBy(item => item.Held.Timer.Id, StringComparer.Ordinal)
                .Take(limit)
                .ToList();
            return ValueTask.FromResult<IReadOnlyList<TakenTimer>>([.. due.Select(item => Take(item.Tenant, item.Held.Timer))]);
        }

        TakenTimer Take(string tenant, DurableTimer timer)
        {
            var taken = new TakenTimer(tenant, timer, HeldTimer.Ceiling(now + lease), ++_lastFence);
            _tenants[tenant].Timers[timer.Id] = new HeldTimer(timer, taken.Until, taken.Fence);
            return taken;
        }
    }

    public ValueTask<bool> FinishTimerAsync(TakenTimer taken, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(
                _tenants.TryGetValue(taken.Tenant, out var data)
                    && data.Timers.GetValueOrDefault(taken.Timer.Id)?.Fence == taken.Fence
                    && data.Timers.Remove(taken.Timer.Id)
            );
        }
    }

    private IEnumerable<(string Tenant, HeldTimer Held)> All() =>
        _tenants.SelectMany(tenant => tenant.Value.Timers.Values.Select(held => (tenant.Key, held)));
}
