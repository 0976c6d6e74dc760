using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Writing;

namespace Halyard.Storage.Sqlite;

internal sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> NextTimerAsync(CancellationToken cancellationToken) =>
        _readers.ReadAsync(TimerTable.Next, cancellationToken);

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
        return await _writer.DoAsync(session => session.TakeDueTimers(now, limit, lease), limit, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> FinishTimerAsync(TakenTimer taken, CancellationToken cancellationToken) =>
        await _writer.DoAsync(session => session.FinishTimer(taken), weight: 1, cancellationToken);
}
