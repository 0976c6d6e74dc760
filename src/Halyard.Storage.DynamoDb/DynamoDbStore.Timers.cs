using Halyard.Core.Storage;

namespace Halyard.Storage.DynamoDb;

internal sealed partial class DynamoDbStore
{
    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> NextTimerAsync(CancellationToken cancellationToken) => _timers.NextAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TakenTimer>> TakeDueAsync(
        DateTimeOffset now,
        int limit,
        TimeSpan lease,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, ITimers.MaxTaken));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lease, TimeSpan.Zero);
        return _timers.TakeAsync(now, limit, lease, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> FinishTimerAsync(TakenTimer taken, CancellationToken cancellationToken) =>
        _timers.FinishAsync(taken, cancellationToken);
}
