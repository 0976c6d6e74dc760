using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Approvals;

/// <summary>
/// A change that waits for people: what it would do, what it needs, who said what. Immutable; <see cref="RequestMachine"/> gives the
/// next one.
/// </summary>
/// <param name="Id">Its id; also its key.</param>
/// <param name="Project">The project's key.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Title">Words for people, by the requester.</param>
/// <param name="Ticket">The ticket, or <see langword="null"/>.</param>
/// <param name="Requester">Who wants it.</param>
/// <param name="Editors">Who had a hand in the content besides the requester; they cannot approve it.</param>
/// <param name="Content">What it would do.</param>
/// <param name="Requirement">What it needs, by the policies as they were when the content was made.</param>
/// <param name="Hash">What votes are bound to; see <see cref="ContentHash"/>.</param>
/// <param name="Votes">Votes on this very content, at most one of each person.</param>
/// <param name="Progress">What happened to stages besides votes.</param>
/// <param name="Comments">What people said, oldest first.</param>
/// <param name="Timers">What is due when.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="ExpiresAt">When it ends undecided, or <see langword="null"/>.</param>
/// <param name="Step">How many transitions there were; timers are numbered by it.</param>
/// <param name="Remark">Why it stands where it stands, in words, where the state alone does not say.</param>
public sealed record ChangeRequest(
    string Id,
    string Project,
    ChangeRequestState State,
    string Title,
    string? Ticket,
    Party Requester,
    Sequence<Party> Editors,
    RequestContent Content,
    Requirement Requirement,
    Digest Hash,
    Sequence<Vote> Votes,
    Sequence<StageProgress> Progress,
    Sequence<RequestComment> Comments,
    Sequence<RequestTimer> Timers,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    int Step,
    string Remark
) : Resource(Id, NameOf(Project, Id))
{
    /// <summary>The groups that the requester belonged to when asking: what they may do is looked at again before it is applied.</summary>
    public Sequence<string> RequesterGroups { get; init; } = [];

    /// <summary>Whether those who may make exceptions of freezes are asked for one, where a freeze holds it up.</summary>
    public bool DespiteFreezes { get; init; }

    /// <summary>The most characters of a title.</summary>
    public const int MaxTitle = 256;

    /// <summary>The most characters of a comment, of a vote or by itself.</summary>
    public const int MaxComment = 4_096;

    /// <summary>The most comments of one request.</summary>
    public const int MaxComments = 200;

    /// <summary>The most people whose votes one request holds.</summary>
    public const int MaxVotes = 200;

    /// <summary>The most people who edit one request.</summary>
    public const int MaxEditors = 50;

    /// <summary>How often a stage is escalated before the request expires.</summary>
    public const int MaxEscalations = 3;

    /// <summary>Where the change request with this id is found.</summary>
    public static ResourceName NameOf(string project, string id) => new(ResourceKind.ChangeRequest, project, id);

    /// <summary>How far the approvals of the present content go.</summary>
    public QuorumState Quorum() => Approvals.Quorum.Judge(Requirement, Progress, Approving(Votes));

    /// <summary>Why the person cannot vote on this content, in words; <see langword="null"/> where nothing speaks against it.</summary>
    public string? Exclusion(Party party) =>
        Requester.IsSameAs(party) ? $"{Words.Of(party)} asked for the change, and nobody approves their own"
        : Editors.Any(party.IsSameAs) ? $"{Words.Of(party)} had a hand in the change, and nobody approves their own"
        : null;

    /// <summary>
    /// Who can bring the request further by approving it now, by subject in ordinal order: active, not excluded, and of use to the
    /// stage that is being decided.
    /// </summary>
    public Sequence<string> WhoCanApprove(ApproverDirectory directory)
    {
        if (TransitionTable.Next(State, RequestAction.Approve).Count == 0 || Quorum() is not { IsSatisfied: false } now)
            return [];
        var people = Approving(Votes);
        return directory
            .Members.Where(member => Exclusion(member.Who) is null)
            .Where(member => !Votes.Any(vote => vote.Kind == VoteKind.Approve && vote.Involves(member.Who)))
            .Where(member =>
                Approvals.Quorum.Judge(Requirement, Progress, [.. people, member.Holds]) is var then
                && (then.IsSatisfied || then.OpenStage!.Order > now.OpenStage!.Order || then.Filled > now.Filled)
            )
            .Select(member => member.Who.Subject)
            .Order(StringComparer.Ordinal)
            .ToSequence();
    }

    /// <summary>What each approving person holds, for <see cref="Approvals.Quorum"/>: only votes on this content count.</summary>
    internal IReadOnlyList<Sequence<string>> Approving(IEnumerable<Vote> votes) =>
        [.. votes.Where(vote => vote.Kind == VoteKind.Approve && vote.Hash == Hash).Select(vote => vote.Holds)];

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer) => ChangeRequestJson.Write(writer, this);
}

/// <summary>Something said about a request.</summary>
public sealed record RequestComment(Party By, DateTimeOffset At, string Text);
