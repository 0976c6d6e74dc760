using Halyard.Core.Audit.Sinks;
using Halyard.Core.Storage;

namespace Halyard.Server.Delivery;

/// <summary>What people ask of a sink: how it fares, whether its target answers, to send again what was set aside.</summary>
internal sealed class SinkDesk(IStore store, SinkTargets targets, SinkMarks marks, TimeProvider time)
{
    /// <summary>The most messages sent again by one call.</summary>
    public const int MaxRetried = 100;

    /// <summary>How a sink fares.</summary>
    public async ValueTask<SinkReport> ReportAsync(string tenant, Sink sink, CancellationToken cancellationToken)
    {
        var (known, _) = await marks.FindAsync(tenant, sink, cancellationToken);
        var state = known ?? new SinkState { Next = await SinkCursor.StartAsync(store, tenant, sink, cancellationToken) };
        var lag = await SinkLag.OfAsync(store, tenant, state.Next, time.GetUtcNow(), cancellationToken);
        var dead = await marks.DeadAsync(tenant, sink, cancellationToken);
        return new SinkReport(state, lag, [.. dead.Select(item => item.Letter)]);
    }

    /// <summary>Sends a test.</summary>
    public ValueTask<DeliveryResult> TestAsync(string tenant, Sink sink, CancellationToken cancellationToken) =>
        targets.Open(tenant, sink).TestAsync(cancellationToken);

    /// <summary>Sends again what was set aside, oldest first, until the target is not able; what it refuses again stays aside.</summary>
    public async ValueTask<SinkRetry> RetryAsync(string tenant, Sink sink, CancellationToken cancellationToken)
    {
        var target = targets.Open(tenant, sink);
        var reader = new SinkReader(tenant, sink, store);
        var dead = await marks.DeadAsync(tenant, sink, cancellationToken);
        var (delivered, gone) = (0, 0);
        string? error = null;
        foreach (var (letter, version) in dead.Take(MaxRetried))
        {
            var message = await reader.ReadAsync(letter, cancellationToken);
            // What the filter no longer lets through, or was purged, has nowhere to go.
            var result = message is null ? null : (await target.SendAsync([message], cancellationToken))[0];
            if (result is null || result.Verdict == DeliveryVerdict.Accepted)
            {
                if (await marks.RemoveDeadAsync(tenant, sink, version, letter, cancellationToken))
                    (delivered, gone) = result is null ? (delivered, gone + 1) : (delivered + 1, gone);
                continue;
            }
            error = result.Words;
            if (result.Verdict == DeliveryVerdict.Failed)
                break;
        }
        return new SinkRetry(delivered, dead.Count - delivered - gone, error);
    }
}

/// <summary>How a sink fares.</summary>
internal sealed record SinkReport(SinkState State, SinkLag Lag, IReadOnlyList<DeadLetter> DeadLetters);

/// <summary>What became of messages that were sent again.</summary>
/// <param name="Delivered">How many the target took.</param>
/// <param name="Remaining">How many are still aside.</param>
/// <param name="Error">What went wrong last, or <see langword="null"/>.</param>
internal sealed record SinkRetry(int Delivered, int Remaining, string? Error);
