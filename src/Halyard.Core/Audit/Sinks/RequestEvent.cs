using System.Collections.Frozen;
using System.Text.Json.Serialization;

namespace Halyard.Core.Audit.Sinks;

/// <summary>What people are told of change requests, the most pressing first.</summary>
public enum RequestEvent
{
    /// <summary>Something took effect in an emergency, past approval.</summary>
    Bypass,

    /// <summary>Applying one failed.</summary>
    Failed,

    /// <summary>Somebody else changed what one touches.</summary>
    Conflicted,

    /// <summary>A stage took too long, and further people are asked.</summary>
    Escalated,

    /// <summary>Somebody must approve.</summary>
    [JsonStringEnumMemberName("approval-needed")]
    ApprovalNeeded,

    /// <summary>One took effect.</summary>
    Applied,

    /// <summary>One is approved, rejected, sent back, or closed undecided.</summary>
    Decided,
}

/// <summary>
/// Which entries tell people something. Told are entries of the log, and so nothing is told that did not happen, and nothing that
/// happened is left out.
/// </summary>
public static class RequestEvents
{
    private static readonly FrozenDictionary<string, RequestEvent> ByAction = new Dictionary<string, RequestEvent>(
        StringComparer.Ordinal
    )
    {
        ["change_request.applied"] = RequestEvent.Applied,
        ["change_request.apply_failed"] = RequestEvent.Failed,
        ["change_request.approved"] = RequestEvent.Decided,
        ["change_request.cancelled"] = RequestEvent.Decided,
        ["change_request.changes_requested"] = RequestEvent.Decided,
        ["change_request.conflicted"] = RequestEvent.Conflicted,
        ["change_request.escalated"] = RequestEvent.Escalated,
        ["change_request.expired"] = RequestEvent.Decided,
        ["change_request.rejected"] = RequestEvent.Decided,
        ["change_request.returned"] = RequestEvent.ApprovalNeeded,
        ["change_request.stage_opened"] = RequestEvent.ApprovalNeeded,
        ["change_request.superseded"] = RequestEvent.Decided,
        ["flag.emergency_override"] = RequestEvent.Bypass,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names of the catalogue that stand for an event.</summary>
    public static IEnumerable<string> Actions => ByAction.Keys;

    /// <summary>What an entry with these actions tells; of several the most pressing; <see langword="null"/> where nothing.</summary>
    public static RequestEvent? Of(IEnumerable<string> actions)
    {
        RequestEvent? most = null;
        foreach (var action in actions)
        {
            if (ByAction.TryGetValue(action, out var one) && (most is null || one < most))
                most = one;
        }
        return most;
    }
}
