using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Flags;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Approving;

/// <summary>Something that somebody does to a change request.</summary>
/// <param name="Request">Where the request is found.</param>
/// <param name="Action">What the authorizer is asked about.</param>
public abstract record RequestAct(ResourceName Request, string Action)
{
    /// <summary>Says yes, no, or not so; the content's hash says to what, and without one it is refused.</summary>
    /// <param name="Request">Where the request is found.</param>
    /// <param name="Kind">What is said.</param>
    /// <param name="Hash">The content's hash as the voter saw it.</param>
    /// <param name="Comment">Why; may be empty for an approval.</param>
    /// <param name="Delegation">The id of the delegation by which it is cast for another, or <see langword="null"/>.</param>
    public sealed record Vote(ResourceName Request, VoteKind Kind, Digest? Hash, string Comment, string? Delegation = null)
        : RequestAct(Request, "change-request.vote");

    /// <summary>Takes the own vote back.</summary>
    public sealed record Withdraw(ResourceName Request) : RequestAct(Request, "change-request.vote");

    /// <summary>Says something.</summary>
    public sealed record Remark(ResourceName Request, string Text) : RequestAct(Request, "change-request.comment");

    /// <summary>Withdraws the request.</summary>
    public sealed record Cancel(ResourceName Request) : RequestAct(Request, "change-request.cancel");

    /// <summary>Puts other operations in the place of those that it has, and another window, if one is given.</summary>
    public sealed record Edit(ResourceName Request, IReadOnlyList<Operation> Operations, ScheduleWindow? Schedule = null)
        : RequestAct(Request, "change-request.edit");

    /// <summary>Prepares the same operations on the state of now.</summary>
    public sealed record Rebase(ResourceName Request) : RequestAct(Request, "change-request.edit");

    /// <summary>Looks again whether anything still speaks against it.</summary>
    public sealed record Apply(ResourceName Request) : RequestAct(Request, "change-request.apply");

    /// <summary>A timer of the request is due. Only the system may say so.</summary>
    public sealed record Elapse(ResourceName Request, RequestTimerKind Kind, long Attempt) : RequestAct(Request, Actions.Elapse);

    /// <summary>What is asked where those act who asked for the change: withdrawing and editing need no more than asking did.</summary>
    internal string ActionOf(bool isTheirs) => isTheirs && this is Cancel or Edit or Rebase ? Actions.Propose : Action;
}
