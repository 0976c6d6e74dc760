using Halyard.Core.Storage;

namespace Halyard.Server.Timers;

/// <summary>Handles the timers of one kind.</summary>
internal interface ITimerHandler
{
    /// <summary>The kind, as in <see cref="DurableTimer.Kind"/>; each has one handler.</summary>
    string Kind { get; }

    /// <summary>
    /// Does what is due, through the pipeline: reads anew what the timer is about, and does nothing where that no longer names the
    /// timer's attempt. It may be called again for a timer it has handled, after a crash; <see cref="DurableTimer.Occasion"/> as
    /// idempotency key makes that harmless. When it returns the timer is gone; when it throws the timer is tried again.
    /// </summary>
    ValueTask HandleAsync(TakenTimer taken, CancellationToken cancellationToken);
}
