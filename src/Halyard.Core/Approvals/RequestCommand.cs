using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Approvals;

/// <summary>Who does something, for which tenant, and when. Established by the server.</summary>
public sealed record Occasion(string Tenant, Party By, DateTimeOffset At);

/// <summary>Something done to a change request. Whether the actor may do it at all was decided before.</summary>
public abstract record RequestCommand
{
    private RequestCommand() { }

    /// <summary>Asks the approvers.</summary>
    /// <param name="Requirement">What the policies require now.</param>
    /// <param name="Directory">Who could approve, to refuse what nobody could.</param>
    public sealed record Submit(Requirement Requirement, ApproverDirectory Directory) : RequestCommand;

    /// <summary>Votes.</summary>
    /// <param name="Kind">What is said.</param>
    /// <param name="Hash">The content that the voter saw.</param>
    /// <param name="Comment">Why; required unless it is an approval.</param>
    /// <param name="Holds">What the voter holds, or what the one holds who delegated.</param>
    /// <param name="By">The delegation that is used, or <see langword="null"/>.</param>
    public sealed record CastVote(VoteKind Kind, Digest Hash, string Comment, Sequence<string> Holds, Delegation? By = null)
        : RequestCommand;

    /// <summary>Takes the own vote back.</summary>
    public sealed record WithdrawVote : RequestCommand;

    /// <summary>Changes what the request would do.</summary>
    /// <param name="Content">What instead.</param>
    /// <param name="Requirement">What the policies require of that.</param>
    /// <param name="Directory">Who could approve.</param>
    public sealed record Edit(RequestContent Content, Requirement Requirement, ApproverDirectory Directory) : RequestCommand;

    /// <summary>Says something.</summary>
    public sealed record AddComment(string Text) : RequestCommand;

    /// <summary>Withdraws the request.</summary>
    public sealed record Cancel : RequestCommand;

    /// <summary>Another request takes its place.</summary>
    public sealed record Supersede(string Request) : RequestCommand;

    /// <summary>A timer fired. Of <see cref="RequestTimerKind.Apply"/> there is none: send <see cref="BeginApply"/>.</summary>
    public sealed record TimerFired(RequestTimerKind Kind, int Attempt) : RequestCommand;

    /// <summary>Looks at everything again and begins to apply, if nothing speaks against it.</summary>
    public sealed record BeginApply(ApplyGround Ground) : RequestCommand;

    /// <summary>It took effect.</summary>
    public sealed record Applied(Digest Hash) : RequestCommand;

    /// <summary>Something else changed what it touches: found while applying, or done by an emergency.</summary>
    public sealed record Conflict(Sequence<string> Paths) : RequestCommand;

    /// <summary>Carries it to the revisions of now.</summary>
    /// <param name="Content">The same operations, prepared on them.</param>
    /// <param name="Resources">What was changed since the revisions it was based on.</param>
    /// <param name="Requirement">What the policies require now.</param>
    /// <param name="Directory">Who could approve.</param>
    public sealed record Rebase(
        RequestContent Content,
        Sequence<CurrentResource> Resources,
        Requirement Requirement,
        ApproverDirectory Directory
    ) : RequestCommand;

    /// <summary>Applying failed.</summary>
    public sealed record ApplyFailed(string Why) : RequestCommand;

    /// <summary>Applies again after a failure; everything is looked at again.</summary>
    public sealed record Retry : RequestCommand;

    /// <summary>Its row in the <see cref="TransitionTable"/>; <see langword="null"/> for a timer that is none of the request's own.</summary>
    public RequestAction? Action =>
        this switch
        {
            Submit => RequestAction.Submit,
            CastVote { Kind: VoteKind.Approve } => RequestAction.Approve,
            CastVote { Kind: VoteKind.Reject } => RequestAction.Reject,
            CastVote { Kind: VoteKind.RequestChanges } => RequestAction.RequestChanges,
            WithdrawVote => RequestAction.WithdrawVote,
            Edit => RequestAction.Edit,
            AddComment => RequestAction.Comment,
            Cancel => RequestAction.Cancel,
            Supersede => RequestAction.Supersede,
            TimerFired { Kind: RequestTimerKind.StageTimeout } => RequestAction.StageTimeout,
            TimerFired { Kind: RequestTimerKind.Expiry } => RequestAction.Expire,
            TimerFired { Kind: RequestTimerKind.WindowEnd } => RequestAction.WindowPassed,
            TimerFired { Kind: RequestTimerKind.ApplyOverdue } => RequestAction.ApplyFailed,
            BeginApply => RequestAction.BeginApply,
            Applied => RequestAction.Applied,
            Conflict => RequestAction.Conflict,
            Rebase => RequestAction.Rebase,
            ApplyFailed => RequestAction.ApplyFailed,
            Retry => RequestAction.Retry,
            _ => null,
        };
}
