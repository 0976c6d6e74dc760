using Halyard.Core.Flags.Differences;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals;

/// <summary>What a command makes of a request: everything that is then written in one transaction.</summary>
/// <param name="Next">The request afterwards.</param>
/// <param name="Changes">What happened, for the log; never empty.</param>
/// <param name="Timers">What to set and to clear.</param>
/// <param name="Notifications">Whom to tell.</param>
public sealed record Transition(
    ChangeRequest Next,
    Sequence<SemanticChange> Changes,
    Sequence<TimerChange> Timers,
    Sequence<Notification> Notifications
);

/// <summary>What people are told of.</summary>
public enum NotificationKind
{
    ApprovalNeeded,
    Escalated,
    Decided,
    Applied,
    Conflicted,
    Failed,
}

/// <summary>Something to tell people. It holds no value and no comment: the request is where these are read.</summary>
/// <param name="Kind">Which template.</param>
/// <param name="Roles">Whoever holds one of these, as in <see cref="Policies.QuorumGroup.From"/>.</param>
/// <param name="Subjects">These very subjects.</param>
/// <param name="Words">What happened.</param>
public sealed record Notification(NotificationKind Kind, Sequence<string> Roles, Sequence<string> Subjects, string Words);

/// <summary>Collects a transition while it is worked out.</summary>
internal sealed class TransitionBuilder(ChangeRequest request)
{
    private readonly ChangeRequest _before = request;
    private readonly List<SemanticChange> _changes = [];
    private readonly List<Notification> _notifications = [];

    public ChangeRequest Next { get; set; } = request;

    public void Log(string action, string words) => _changes.Add(new SemanticChange($"change_request.{action}", null, words));

    /// <summary>Tells the requester and everybody who voted.</summary>
    public void Tell(NotificationKind kind, string words)
    {
        var subjects = _before.Votes.Select(vote => vote.Voter.Subject).Prepend(Next.Requester.Subject);
        _notifications.Add(new Notification(kind, [], subjects.Distinct(StringComparer.Ordinal).ToSequence(), words));
    }

    /// <summary>Asks whoever may decide a stage.</summary>
    public void Ask(NotificationKind kind, Sequence<string> roles, string words) =>
        _notifications.Add(new Notification(kind, roles, [], words));

    public Transition Build(DateTimeOffset at, DateTimeOffset? retryAt = null)
    {
        var next = RequestTimers.Settle(Next with { Step = _before.Step + 1 }, at, retryAt);
        return new Transition(
            next,
            _changes.ToSequence(),
            RequestTimers.Changes(_before.Timers, next.Timers),
            _notifications.ToSequence()
        );
    }
}
