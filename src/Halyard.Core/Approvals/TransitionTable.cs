using System.Collections.Frozen;
using static Halyard.Core.Approvals.ChangeRequestState;

namespace Halyard.Core.Approvals;

/// <summary>
/// Every state and action, with the states that may follow: the one place that says what can happen when. What is not here is
/// refused, so nothing leads out of a closed state, and nothing but <see cref="RequestAction.BeginApply"/> leads to applying.
/// </summary>
public static class TransitionTable
{
    private static readonly ChangeRequestState[] Voting = [Pending, ChangesRequested, Approved, Scheduled];
    private static readonly ChangeRequestState[] Waiting = [.. Voting, Conflicted, ApplyFailed];
    private static readonly ChangeRequestState[] Decidable = [Pending, Approved, Scheduled];

    private static readonly FrozenDictionary<(ChangeRequestState, RequestAction), ChangeRequestState[]> Rows = Declare()
        .ToFrozenDictionary(row => (row.From, row.Action), row => row.To);

    /// <summary>The states that may follow, in order of declaration; none where the action is refused.</summary>
    public static IReadOnlyList<ChangeRequestState> Next(ChangeRequestState from, RequestAction action) =>
        Rows.TryGetValue((from, action), out var to) ? to : [];

    /// <summary>Why an action is refused in a state, in words.</summary>
    public static string Refusal(ChangeRequestState from, RequestAction action) =>
        from.IsClosed() ? $"the change request is {from.Words()}, and that is final"
        : from == Draft ? $"the change request is a draft; submit it before '{action.Words()}'"
        : from == Applying ? $"the change request is applying already; '{action.Words()}' comes too late"
        : $"the change request is {from.Words()}, where '{action.Words()}' means nothing";

    private static IEnumerable<(ChangeRequestState From, RequestAction Action, ChangeRequestState[] To)> Declare() =>
        [
            (Draft, RequestAction.Submit, Decidable),
            (Pending, RequestAction.Approve, Decidable),
            (ChangesRequested, RequestAction.Approve, [.. Decidable, ChangesRequested]),
            (Approved, RequestAction.Approve, [Approved]),
            (Scheduled, RequestAction.Approve, [Scheduled]),
            (Pending, RequestAction.Reject, [Rejected, Pending]),
            (ChangesRequested, RequestAction.Reject, [Rejected, .. Decidable, ChangesRequested]),
            (Approved, RequestAction.Reject, [Rejected, Pending, Approved]),
            (Scheduled, RequestAction.Reject, [Rejected, Pending, Scheduled]),
            .. From(Voting, RequestAction.RequestChanges, ChangesRequested),
            (Pending, RequestAction.WithdrawVote, [Pending]),
            (ChangesRequested, RequestAction.WithdrawVote, [.. Decidable, ChangesRequested]),
            (Approved, RequestAction.WithdrawVote, [Pending, Approved]),
            (Scheduled, RequestAction.WithdrawVote, [Pending, Scheduled]),
            (Draft, RequestAction.Edit, [Draft]),
            .. From(Waiting, RequestAction.Edit, Decidable),
            .. new[] { Draft, Applying }.Concat(Waiting).Select(open => (open, RequestAction.Comment, To(open))),
            .. From([Draft, .. Waiting], RequestAction.Cancel, Cancelled),
            .. From([Draft, .. Waiting], RequestAction.Supersede, Superseded),
            (Pending, RequestAction.StageTimeout, [.. Decidable, Rejected, Expired]),
            .. From(Waiting, RequestAction.Expire, Expired),
            .. From(Waiting, RequestAction.WindowPassed, Expired),
            (Approved, RequestAction.BeginApply, [Applying, Approved, Pending, Conflicted, Expired]),
            (Scheduled, RequestAction.BeginApply, [Applying, Scheduled, Pending, Conflicted, Expired]),
            (Applying, RequestAction.Applied, [Applied]),
            .. From([.. Voting, Applying], RequestAction.Conflict, Conflicted),
            .. From([.. Decidable, Conflicted], RequestAction.Rebase, [.. Decidable, ChangesRequested]),
            (Applying, RequestAction.ApplyFailed, [ApplyFailed]),
            (ApplyFailed, RequestAction.Retry, Decidable),
        ];

    private static IEnumerable<(ChangeRequestState, RequestAction, ChangeRequestState[])> From(
        ChangeRequestState[] states,
        RequestAction action,
        params ChangeRequestState[] to
    ) => states.Select(state => (state, action, to));

    private static ChangeRequestState[] To(ChangeRequestState state) => [state];
}
