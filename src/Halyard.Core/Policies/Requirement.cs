using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Policies;

/// <summary>What approval policies require of one change, united over every affected environment.</summary>
/// <param name="Stages">Decided one after the other, by <see cref="RequiredStage.Order"/>; none where nobody need approve.</param>
/// <param name="Checks">The checks that must have passed when the change is applied, by id.</param>
/// <param name="ExpiresAfter">How long after its submission an undecided change ends, or <see langword="null"/> for never.</param>
/// <param name="Votes">How votes count.</param>
/// <param name="Rules">Which rules matched, as <c>policy/rule</c>.</param>
/// <param name="Policies">Digest of the policies that decided.</param>
public sealed record Requirement(
    Sequence<RequiredStage> Stages,
    Sequence<string> Checks,
    TimeSpan? ExpiresAfter,
    VoteRules Votes,
    Sequence<string> Rules,
    Digest Policies
);

/// <summary>One stage of an approval.</summary>
/// <param name="Name">Its name, in words for people.</param>
/// <param name="Order">Its place, smallest first; unique among the stages of a requirement.</param>
/// <param name="Groups">All of them must be filled.</param>
/// <param name="Timeout">How long the stage may take; zero for as long as it likes.</param>
/// <param name="OnTimeout">What happens then.</param>
/// <param name="EscalateTo">Who may approve as well once the stage was escalated; as in <see cref="QuorumGroup.From"/>.</param>
public sealed record RequiredStage(
    string Name,
    int Order,
    Sequence<QuorumGroup> Groups,
    TimeSpan Timeout,
    TimeoutAction OnTimeout,
    Sequence<string> EscalateTo
);

/// <summary>So many different people of these.</summary>
/// <param name="Count">1 or more.</param>
/// <param name="From">Role names, <c>group:NAME</c>, <c>owners</c> (of the flags touched); one of them is enough.</param>
public sealed record QuorumGroup(int Count, Sequence<string> From);

/// <summary>What a stage's time-out does. Where policies are united, reject wins over escalate, and escalate over auto-approve.</summary>
public enum TimeoutAction
{
    Reject,
    Escalate,
    AutoApprove,
}

/// <summary>How votes count.</summary>
/// <param name="AnyRejectCloses">One rejection by somebody eligible closes the request; else it is recorded and counts for nothing.</param>
/// <param name="KeepOnRebase">Votes stay when a change is carried to newer revisions and says the same as before.</param>
/// <param name="Frozen">A vote counts by what its voter held when voting, even if the voter holds it no more at the time of applying.</param>
/// <param name="DistinctAcrossStages">A person fills one slot in the whole request, not one in each stage.</param>
public sealed record VoteRules(bool AnyRejectCloses, bool KeepOnRebase, bool Frozen, bool DistinctAcrossStages);
