using System.Text.Json.Serialization;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Approvals;

/// <summary>What somebody says to a change request.</summary>
public enum VoteKind
{
    Approve,
    Reject,

    [JsonStringEnumMemberName("request_changes")]
    RequestChanges,
}

/// <summary>One person's vote on one content. A person has one vote; the last one counts.</summary>
/// <param name="Voter">Who voted.</param>
/// <param name="For">Who had delegated to the voter, where the vote is cast for that person; both then count as one.</param>
/// <param name="Kind">What was said.</param>
/// <param name="Hash">The content that the voter saw.</param>
/// <param name="Comment">Why; may be empty for an approval.</param>
/// <param name="Holds">What the voter, or who delegated, held then.</param>
/// <param name="At">When.</param>
public sealed record Vote(
    Party Voter,
    Party? For,
    VoteKind Kind,
    Digest Hash,
    string Comment,
    Sequence<string> Holds,
    DateTimeOffset At
)
{
    /// <summary>The person whose rights the vote uses.</summary>
    public Party Principal => For ?? Voter;

    /// <summary>Whether the person cast it, or had it cast.</summary>
    public bool Involves(Party party) => Voter.IsSameAs(party) || For is { } other && other.IsSameAs(party);
}
