using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals;

/// <summary>What a timer of a request is for.</summary>
public enum RequestTimerKind
{
    /// <summary>The open stage took too long.</summary>
    StageTimeout,

    /// <summary>The request was not decided in time.</summary>
    Expiry,

    /// <summary>The request may be applied now: begin to.</summary>
    Apply,

    /// <summary>The window in which it might have been applied is over.</summary>
    WindowEnd,

    /// <summary>Applying began and nobody said how it ended.</summary>
    ApplyOverdue,
}

/// <summary>Something due. It may act only while the request still holds it with the same number.</summary>
/// <param name="Kind">What for.</param>
/// <param name="Due">When.</param>
/// <param name="Attempt">The step of the request that set it.</param>
/// <param name="Of">What it watches: a timer for something else of the same kind is another timer.</param>
public sealed record RequestTimer(RequestTimerKind Kind, DateTimeOffset Due, int Attempt, string Of);

/// <summary>A timer to be set, or to be cleared where nothing is due.</summary>
public sealed record TimerChange(RequestTimerKind Kind, int Attempt, DateTimeOffset? Due);

/// <summary>Which timers a request needs, by its state alone: a closed one needs none, so none is ever left behind.</summary>
internal static class RequestTimers
{
    private static readonly TimeSpan ApplyLimit = TimeSpan.FromMinutes(15);

    /// <summary>The request with the timers it needs, keeping those that still watch the same.</summary>
    /// <param name="request">After the transition, its step counted.</param>
    /// <param name="at">Now.</param>
    /// <param name="retryAt">When to try to apply again, where the re-check said to wait.</param>
    public static ChangeRequest Settle(ChangeRequest request, DateTimeOffset at, DateTimeOffset? retryAt = null)
    {
        var timers = Needed(request, at, retryAt)
            .Select(need =>
                request.Timers.FirstOrDefault(held => held.Kind == need.Kind && held.Of == need.Of && !IsPutOff(held))
                ?? new RequestTimer(need.Kind, need.Due, request.Step, need.Of)
            );
        return request with { Timers = timers.ToSequence() };

        bool IsPutOff(RequestTimer held) => retryAt is not null && held.Kind == RequestTimerKind.Apply;
    }

    /// <summary>What was set and what was cleared between two sets of timers.</summary>
    public static Sequence<TimerChange> Changes(Sequence<RequestTimer> before, Sequence<RequestTimer> after) =>
        [
            .. before.Where(timer => !after.Contains(timer)).Select(timer => new TimerChange(timer.Kind, timer.Attempt, null)),
            .. after
                .Where(timer => !before.Contains(timer))
                .Select(timer => new TimerChange(timer.Kind, timer.Attempt, timer.Due)),
        ];

    private static IEnumerable<(RequestTimerKind Kind, DateTimeOffset Due, string Of)> Needed(
        ChangeRequest request,
        DateTimeOffset at,
        DateTimeOffset? retryAt
    )
    {
        var state = request.State;
        if (state == ChangeRequestState.Applying)
            yield return (RequestTimerKind.ApplyOverdue, at + ApplyLimit, $"{request.Hash}");
        if (state is ChangeRequestState.Draft or ChangeRequestState.Applying || state.IsClosed())
            yield break;
        if (state == ChangeRequestState.Pending && request.Quorum().OpenStage is { Timeout.Ticks: > 0 } stage)
        {
            var level = request.Progress.FirstOrDefault(item => item.Order == stage.Order)?.Escalations ?? 0;
            yield return (RequestTimerKind.StageTimeout, at + stage.Timeout, $"{request.Hash} {stage.Order} {level}");
        }
        if (request.ExpiresAt is { } end)
            yield return (RequestTimerKind.Expiry, end, $"{end.UtcTicks}");
        if (state is ChangeRequestState.Approved or ChangeRequestState.Scheduled)
        {
            var begin = request.Content.Window?.From;
            yield return (RequestTimerKind.Apply, retryAt ?? (begin > at ? begin.Value : at), $"{request.Hash}");
        }
        if (request.Content.Window is { } window)
            yield return (RequestTimerKind.WindowEnd, window.To, $"{window.To.UtcTicks}");
    }
}
