using System.Text.Json.Serialization;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals;

/// <summary>Where a change request stands.</summary>
public enum ChangeRequestState
{
    /// <summary>Being written; nobody is asked yet.</summary>
    Draft,

    /// <summary>Waits for approvals.</summary>
    Pending,

    /// <summary>Has its approvals, and is applied as soon as the re-check allows.</summary>
    Approved,

    /// <summary>Has its approvals, and waits for its window.</summary>
    Scheduled,

    /// <summary>Is being applied.</summary>
    Applying,

    /// <summary>Took effect. Closed.</summary>
    Applied,

    /// <summary>A reviewer wants it changed first.</summary>
    [JsonStringEnumMemberName("changes_requested")]
    ChangesRequested,

    /// <summary>Was rejected by somebody, or by a time-out. Closed.</summary>
    Rejected,

    /// <summary>Was withdrawn. Closed.</summary>
    Cancelled,

    /// <summary>Was not decided or not applied in time. Closed.</summary>
    Expired,

    /// <summary>Another request took its place. Closed.</summary>
    Superseded,

    /// <summary>What it touches was changed by somebody else; it must be rebased or edited.</summary>
    Conflicted,

    /// <summary>Applying failed; it may be tried again.</summary>
    [JsonStringEnumMemberName("apply_failed")]
    ApplyFailed,
}

/// <summary>What can happen to a change request.</summary>
public enum RequestAction
{
    Submit,
    Approve,
    Reject,

    [JsonStringEnumMemberName("request changes")]
    RequestChanges,

    [JsonStringEnumMemberName("withdraw vote")]
    WithdrawVote,
    Edit,
    Comment,
    Cancel,
    Supersede,

    [JsonStringEnumMemberName("stage time-out")]
    StageTimeout,
    Expire,

    [JsonStringEnumMemberName("window passed")]
    WindowPassed,

    [JsonStringEnumMemberName("begin apply")]
    BeginApply,

    [JsonStringEnumMemberName("applied")]
    Applied,
    Conflict,
    Rebase,

    [JsonStringEnumMemberName("apply failed")]
    ApplyFailed,
    Retry,
}

/// <summary>Properties of states, and their words.</summary>
public static class ChangeRequestStates
{
    /// <summary>Whether the state is final: nothing leads out of it.</summary>
    public static bool IsClosed(this ChangeRequestState state) =>
        state
            is ChangeRequestState.Applied
                or ChangeRequestState.Rejected
                or ChangeRequestState.Cancelled
                or ChangeRequestState.Expired
                or ChangeRequestState.Superseded;

    /// <summary>The state's name in a sentence.</summary>
    public static string Words(this ChangeRequestState state) => WireNames.Of(state).Replace('_', ' ');

    /// <summary>The action's name in a sentence.</summary>
    public static string Words(this RequestAction action) => WireNames.Of(action);
}
