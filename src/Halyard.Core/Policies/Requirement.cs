using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Policies;

/// <summary>What approval policies require of one change, united over every affected environment.</summary>
/// <param name="Stages">In order; each begins when the one before is complete. Empty where only checks are required.</param>
/// <param name="Checks">Ids of the environment checks that must have passed, in ordinal order.</param>
/// <param name="ExpiresAfter">How long after submission the request expires; <see langword="null"/> never.</param>
/// <param name="Votes">How votes count.</param>
/// <param name="Rules">Which rules matched, as <c>policy/rule</c>, in ordinal order.</param>
/// <param name="Policies">Snapshot of the policies that decided.</param>
public sealed record Requirement(
    Sequence<RequiredStage> Stages,
    Sequence<string> Checks,
    TimeSpan? ExpiresAfter,
    VoteRules Votes,
    Sequence<string> Rules,
    Digest Policies
);

/// <summary>One stage of approval: every group must be complete.</summary>
/// <param name="Name">Its name; several rules' names are joined by commas.</param>
/// <param name="Order">Its place, smallest first; unique among the stages of a requirement.</param>
/// <param name="Groups">Who must approve.</param>
/// <param name="Timeout">How long it may take; positive.</param>
/// <param name="OnTimeout">What happens then.</param>
/// <param name="EscalateTo">Who may approve too once the time is over; not empty where <paramref name="OnTimeout"/> is escalate.</param>
public sealed record RequiredStage(
    string Name,
    int Order,
    Sequence<QuorumGroup> Groups,
    TimeSpan Timeout,
    TimeoutAction OnTimeout,
    Sequence<string> EscalateTo
);

/// <summary>Some people of whom a number must approve.</summary>
/// <param name="Count">How many, at least one.</param>
/// <param name="From">Role names, <c>group:NAME</c>, or <c>owners</c> (of the flags touched), in ordinal order.</param>
public sealed record QuorumGroup(int Count, Sequence<string> From);

/// <summary>What a stage does when its time is over. United, reject wins over escalate, and that over auto-approve. Wire names: reject, escalate, auto-approve.</summary>
public enum TimeoutAction
{
    Reject,
    Escalate,

    [System.Text.Json.Serialization.JsonStringEnumMemberName("auto-approve")]
    AutoApprove,
}

/// <summary>How votes count.</summary>
/// <param name="AnyRejectCloses">One rejection closes the request.</param>
/// <param name="KeepOnRebase">Votes stay when a rebase leaves operations and touched paths as they were.</param>
/// <param name="Frozen">A vote counts although the voter lost the role since.</param>
/// <param name="DistinctAcrossStages">Nobody may approve in two stages.</param>
public sealed record VoteRules(bool AnyRejectCloses, bool KeepOnRebase, bool Frozen, bool DistinctAcrossStages)
{
    /// <summary>The strictest, which holds where a policy says nothing.</summary>
    public static VoteRules Default { get; } = new(true, false, false, true);
}
