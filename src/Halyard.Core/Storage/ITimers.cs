namespace Halyard.Core.Storage;

/// <summary>
/// Timers that are due, each given to one taker at a time. They are set by commits (<see cref="Commit.Timers"/>) alone; what they
/// lead to goes through the pipeline like everything else, so that a timer done twice does no harm.
/// </summary>
public interface ITimers
{
    /// <summary>The most timers taken at once.</summary>
    const int MaxTaken = 1_000;

    /// <summary>When the next timer of any tenant can be taken, which may be past; <see langword="null"/> where there is none.</summary>
    ValueTask<DateTimeOffset?> NextTimerAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes timers of all tenants that are due and that nobody holds, those due longest first, then by tenant and id in ordinal
    /// order. Durable when it returns: until <paramref name="now"/> + <paramref name="lease"/> nobody else gets them.
    /// </summary>
    /// <param name="now">The time by which they are due.</param>
    /// <param name="limit">How many at most, 1…<see cref="MaxTaken"/>.</param>
    /// <param name="lease">How long they are held, positive.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<IReadOnlyList<TakenTimer>> TakeDueAsync(
        DateTimeOffset now,
        int limit,
        TimeSpan lease,
        CancellationToken cancellationToken
    );

    /// <summary>Removes a timer that was handled.</summary>
    /// <returns>
    /// False where it is no longer this taker's: it was set anew or cleared meanwhile, or another took it when the lease was over.
    /// </returns>
    ValueTask<bool> FinishTimerAsync(TakenTimer taken, CancellationToken cancellationToken);
}
