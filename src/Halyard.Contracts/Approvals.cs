using System.Text.Json;

namespace Halyard.Contracts;

/// <summary>A change request beside the answer to what was done to it, or to the change that it holds.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Project">Its project; absent for changes of the tenant itself.</param>
/// <param name="Hash">The content's hash: what <c>If-Match</c> must be to vote.</param>
/// <param name="State">Where it stands; absent where the answer is told again.</param>
/// <param name="Approvals">How far its approvals go; absent where the answer is told again.</param>
public sealed record ChangeRequestReference(string Id, string? Project, string Hash, string? State, ApprovalCount? Approvals);

/// <summary>How far approvals go.</summary>
/// <param name="Given">Places filled.</param>
/// <param name="Needed">Places there are.</param>
/// <param name="Missing">What the open stage lacks, in words.</param>
public sealed record ApprovalCount(int Given, int Needed, IReadOnlyList<string> Missing);

/// <summary>A change request: a change that waits for people.</summary>
public sealed record ChangeRequestAnswer
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its project; absent for changes of the tenant itself.</summary>
    public string? Project { get; init; }

    /// <summary>draft, pending, approved, scheduled, applying, applied, changes_requested, rejected, cancelled, expired, superseded, conflicted or apply_failed.</summary>
    public required string State { get; init; }

    /// <summary>Why, in the requester's words.</summary>
    public required string Title { get; init; }

    /// <summary>The ticket.</summary>
    public string? Ticket { get; init; }

    /// <summary>Why it stands where it stands; may be empty.</summary>
    public required string Remark { get; init; }

    /// <summary>Pseudonymous id of who asked.</summary>
    public required string Requester { get; init; }

    /// <summary>Who had a hand in the content besides.</summary>
    public required IReadOnlyList<string> Editors { get; init; }

    /// <summary>The content's hash; votes name it in <c>If-Match</c>.</summary>
    public required string Hash { get; init; }

    /// <summary>What it would do.</summary>
    public required IReadOnlyList<JsonElement> Operations { get; init; }

    /// <summary>The revisions it was prepared on.</summary>
    public required IReadOnlyList<RevisionAnswer> Bases { get; init; }

    /// <summary>The environments it reaches.</summary>
    public required IReadOnlyList<AffectedEnvironmentAnswer> Environments { get; init; }

    /// <summary>What it needs.</summary>
    public required RequirementAnswer Requirement { get; init; }

    /// <summary>How far its approvals go.</summary>
    public required ApprovalCount Approvals { get; init; }

    /// <summary>Subjects who could bring it further now; only for a single request.</summary>
    public IReadOnlyList<string>? CanApprove { get; init; }

    /// <summary>Votes on this content.</summary>
    public required IReadOnlyList<VoteAnswer> Votes { get; init; }

    /// <summary>What people said.</summary>
    public required IReadOnlyList<RequestCommentAnswer> Comments { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends undecided; absent for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it may take effect; absent for as soon as it is approved.</summary>
    public ScheduleBody? Schedule { get; init; }

    /// <summary>Whether it asks for an exception where a freeze holds it up.</summary>
    public bool DespiteFreezes { get; init; }
}

/// <summary>What policies require of a change.</summary>
/// <param name="Stages">One after the other.</param>
/// <param name="Checks">Checks that must have passed.</param>
/// <param name="Rules">The rules that say so, as <c>policy/rule</c>.</param>
public sealed record RequirementAnswer(
    IReadOnlyList<StageAnswer> Stages,
    IReadOnlyList<string> Checks,
    IReadOnlyList<string> Rules
);

/// <summary>A stage of approval.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Order">Its place.</param>
/// <param name="Groups">Whom it needs.</param>
public sealed record StageAnswer(string Name, int Order, IReadOnlyList<ApproverGroupAnswer> Groups);

/// <summary>Some people of whom a number must approve.</summary>
/// <param name="Count">How many.</param>
/// <param name="From">Roles, <c>group:NAME</c>, or <c>owners</c>.</param>
public sealed record ApproverGroupAnswer(int Count, IReadOnlyList<string> From);

/// <summary>A vote.</summary>
/// <param name="Voter">Pseudonymous id of who voted.</param>
/// <param name="For">For whom, where the vote was delegated.</param>
/// <param name="Vote">approve, reject or request_changes.</param>
/// <param name="Comment">Why; may be empty.</param>
/// <param name="At">When.</param>
public sealed record VoteAnswer(string Voter, string? For, string Vote, string Comment, DateTimeOffset At);

/// <summary>Something said about a request.</summary>
public sealed record RequestCommentAnswer(string By, string Text, DateTimeOffset At);

/// <summary>A vote's comment; required unless it approves.</summary>
public sealed record VoteBody
{
    /// <summary>Why, at most 4,096 characters.</summary>
    public string? Comment { get; init; }
}

/// <summary>A comment.</summary>
public sealed record RequestCommentBody
{
    /// <summary>What is said, 1…4,096 characters.</summary>
    public required string Text { get; init; }
}

/// <summary>Other operations for a request.</summary>
public sealed record RequestEditBody
{
    /// <summary>What to do instead; 1…200 operations.</summary>
    public required IReadOnlyList<OperationBody> Operations { get; init; }

    /// <summary>When it may take effect instead; absent leaves that as it is.</summary>
    public ScheduleBody? Schedule { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>Approval policies to be put in force in the place of all that are.</summary>
public sealed record ApprovalPoliciesBody
{
    /// <summary>The policies; none leaves everything to the defaults that ship.</summary>
    public required IReadOnlyList<ApprovalPolicyBody> Policies { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>One approval policy.</summary>
/// <param name="Project">The project it belongs to; absent for the organisation's, which no project's can loosen.</param>
/// <param name="Yaml">The document, as docs/approval-policies.md describes it.</param>
public sealed record ApprovalPolicyBody(string? Project, string Yaml);

/// <summary>The approval policies.</summary>
/// <param name="InForce">False until policies are put in force for the first time: then no change waits for anybody.</param>
/// <param name="Revision">The revision; 0 where none are in force.</param>
/// <param name="Policies">The policies as they were written.</param>
/// <param name="Defaults">The names of those that ship, asked where no other has a say.</param>
/// <param name="Notes">What their authors should know.</param>
public sealed record ApprovalPoliciesAnswer(
    bool InForce,
    long Revision,
    IReadOnlyList<ApprovalPolicyBody> Policies,
    IReadOnlyList<string> Defaults,
    IReadOnlyList<PolicyNoteAnswer> Notes
);

/// <summary>What the author of a rule should know.</summary>
public sealed record PolicyNoteAnswer(string Policy, string Rule, string Message);

/// <summary>What a change would need.</summary>
/// <param name="Requirement">Stages, checks and rules.</param>
/// <param name="CanApprove">Subjects who could approve now; who belongs to groups nobody here knows.</param>
/// <param name="Refusal">Why it could not even be asked for; absent where it could.</param>
public sealed record ApprovalPreviewAnswer(RequirementAnswer Requirement, IReadOnlyList<string> CanApprove, string? Refusal);
