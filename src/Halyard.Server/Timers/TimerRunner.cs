using System.Collections.Frozen;
using Halyard.Core.Storage;

namespace Halyard.Server.Timers;

/// <summary>
/// Has what is due handled, one after the other in the order in which it was due, however long the server was down. Any number of
/// servers may do this: the store gives a timer to one at a time.
/// </summary>
/// <remarks>A timer whose handling fails is tried again when its lease is over; those due after it do not wait for it.</remarks>
internal sealed partial class TimerRunner(
    ITimers timers,
    IEnumerable<ITimerHandler> handlers,
    TimeProvider time,
    ILogger<TimerRunner> logger
) : BackgroundService
{
    /// <summary>How long one timer may be handled before another server takes it.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>How late a timer set by another server may be noticed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FrozenDictionary<string, ITimerHandler> _handlers = handlers.ToFrozenDictionary(
        handler => handler.Kind,
        StringComparer.Ordinal
    );

    /// <summary>Handles whatever is due; completes when nothing is left that can be taken now.</summary>
    /// <returns>When to look again.</returns>
    internal async Task<DateTimeOffset> PassAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = await timers.NextTimerAsync(cancellationToken);
            var now = time.GetUtcNow();
            if (next is null || next > now)
                return next < now + Patience ? next.Value : now + Patience;
            // One at a time: what is due longest is handled first even if another was set meanwhile, and a crash holds up one alone.
            foreach (var taken in await timers.TakeDueAsync(now, 1, Lease, cancellationToken))
                await HandleAsync(taken, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var next = await TryPassAsync(stoppingToken);
                var wait = next - time.GetUtcNow();
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what it was at is taken up when its lease is over.
        }
    }

    private async Task<DateTimeOffset> TryPassAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await PassAsync(cancellationToken);
        }
#pragma warning disable CA1031 // The store was away: it is said, and the timers are still there.
        catch (Exception broken) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            CannotPass(broken);
            return time.GetUtcNow() + Patience;
        }
    }

    private async Task HandleAsync(TakenTimer taken, CancellationToken cancellationToken)
    {
        var (id, kind) = (taken.Timer.Id, taken.Timer.Kind);
        if (!_handlers.TryGetValue(kind, out var handler))
        {
            NobodyHandles(kind, taken.Tenant, id);
            return;
        }
        using var lease = new CancellationTokenSource(Lease, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Token);
        try
        {
            await handler.HandleAsync(taken, either.Token);
            await timers.FinishTimerAsync(taken, cancellationToken);
        }
#pragma warning disable CA1031 // What one handler did not foresee must not hold up what others are due to do.
        catch (Exception broken) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            CannotHandle(broken, kind, taken.Tenant, id);
        }
    }

    [LoggerMessage(LogLevel.Error, "Timers cannot be looked for; they are tried again.")]
    private partial void CannotPass(Exception broken);

    [LoggerMessage(LogLevel.Error, "Timer {Kind} of tenant {Tenant} cannot be handled and is tried again: {Id}.")]
    private partial void CannotHandle(Exception broken, string kind, string tenant, string id);

    [LoggerMessage(
        LogLevel.Warning,
        "Nothing here handles timers {Kind}; one of tenant {Tenant} waits for a server that does: {Id}."
    )]
    private partial void NobodyHandles(string kind, string tenant, string id);
}
