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

    /// <summary>What the checks came to that it needs; only for a single request.</summary>
    public IReadOnlyList<CheckFindingAnswer>? Checks { get; init; }

    /// <summary>What stands in its way besides people, in words; only for a single request.</summary>
    public IReadOnlyList<string>? Blockers { get; init; }

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

    /// <summary>The id of the delegation by which it is cast for another; absent for an own vote.</summary>
    public string? Delegation { get; init; }
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

/// <summary>A rule of approval policies that matched a change.</summary>
/// <param name="Policy">The policy's name.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="Effect">What came of it: denies, requires, exempts, letsPass, exempted, noSay or later.</param>
/// <param name="Environments">Where it matched; empty for what is in no environment.</param>
/// <param name="Why">The conditions that held, in words.</param>
public sealed record MatchedRuleAnswer(string Policy, string Rule, string Effect, IReadOnlyList<string> Environments, string Why);

/// <summary>Who could approve a change request now.</summary>
/// <param name="Approvals">How far its approvals go.</param>
/// <param name="Stage">The stage that is being decided; absent where none is.</param>
/// <param name="Asked">The roles, groups and owners that it asks. Who belongs to a group the identity provider alone knows.</param>
/// <param name="People">Everybody whom the server knows.</param>
public sealed record ApproversAnswer(
    ApprovalCount Approvals,
    string? Stage,
    IReadOnlyList<string> Asked,
    IReadOnlyList<AbleApproverAnswer> People
);

/// <summary>Somebody who could bring a request further.</summary>
/// <param name="Subject">Pseudonymous id.</param>
/// <param name="Holds">The roles and groups that count for this request.</param>
/// <param name="Delegates">Who may approve for them.</param>
public sealed record AbleApproverAnswer(string Subject, IReadOnlyList<string> Holds, IReadOnlyList<DelegateAnswer> Delegates);

/// <summary>Somebody who may approve for another, and by which delegation.</summary>
public sealed record DelegateAnswer(string Subject, string Delegation);

/// <summary>Lets another person approve for whoever sends it, for a while.</summary>
public sealed record DelegationBody
{
    /// <summary>Pseudonymous id of who may approve.</summary>
    public required string To { get; init; }

    /// <summary>For what; absent for everything.</summary>
    public DelegationScopeBody? Scope { get; init; }

    /// <summary>From when on; absent for at once.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>Until when, exclusive; at most 366 days after its begin.</summary>
    public required DateTimeOffset ValidTo { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>What a delegation covers.</summary>
public sealed record DelegationScopeBody
{
    /// <summary>The project's key; absent for every project.</summary>
    public string? Project { get; init; }

    /// <summary>Keys of that project's environments; absent for every environment.</summary>
    public IReadOnlyList<string>? Environments { get; init; }
}

/// <summary>A delegation.</summary>
public sealed record DelegationAnswer
{
    /// <summary>Its id; also its key.</summary>
    public required string Id { get; init; }

    /// <summary>Its id.</summary>
    public required string Key { get; init; }

    /// <summary>Who gave it.</summary>
    public required PartyAnswer From { get; init; }

    /// <summary>Who may approve for them.</summary>
    public required PartyAnswer To { get; init; }

    /// <summary>The project that it is for; absent for every project.</summary>
    public string? Project { get; init; }

    /// <summary>The environments that it is for; empty for every environment.</summary>
    public required IReadOnlyList<string> Environments { get; init; }

    /// <summary>From when on.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>Until when, exclusive.</summary>
    public required DateTimeOffset ValidTo { get; init; }

    /// <summary>Its revision.</summary>
    public required long Revision { get; init; }
}

/// <summary>Somebody who acts on change requests.</summary>
/// <param name="Subject">Pseudonymous id of who acts.</param>
/// <param name="Person">The person behind a token; else the subject itself.</param>
public sealed record PartyAnswer(string Subject, string Person);

/// <summary>Policies to be tried on changes that were recorded.</summary>
public sealed record PolicySimulationBody
{
    /// <summary>The policies in the place of all that are in force; none leaves everything to the defaults that ship.</summary>
    public required IReadOnlyList<ApprovalPolicyBody> Policies { get; init; }

    /// <summary>Changes that took effect from then on; absent for all before.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Changes that took effect before; absent for all after.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The entry to begin with: <c>next</c> of the run before, where one ended early.</summary>
    public long? Begin { get; init; }
}

/// <summary>What policies would have made of recorded changes.</summary>
public sealed record PolicySimulationAnswer
{
    /// <summary>How many changes were judged: made, asked for, and imported.</summary>
    public required long Changes { get; init; }

    /// <summary>How many could not be judged, because what they name is not kept any more.</summary>
    public required long Skipped { get; init; }

    /// <summary>How many need approval under the candidates.</summary>
    public required long Gated { get; init; }

    /// <summary>How many would need approval that go through under the policies in force.</summary>
    public required long NewlyGated { get; init; }

    /// <summary>How many would be denied that are not.</summary>
    public required long NewlyBlocked { get; init; }

    /// <summary>How many would go through that need approval or are denied.</summary>
    public required long NewlyAllowed { get; init; }

    /// <summary>How many would need more people than there are today.</summary>
    public required long WithoutApprovers { get; init; }

    /// <summary>The first hundred of those that are judged otherwise or that nobody could approve.</summary>
    public required IReadOnlyList<VerdictDifferenceAnswer> Differences { get; init; }

    /// <summary>Rules that matched no change, as <c>policy/rule</c>.</summary>
    public required IReadOnlyList<string> IdleRules { get; init; }

    /// <summary>What the candidates' authors should know: rules that another one hides among it.</summary>
    public required IReadOnlyList<PolicyNoteAnswer> Notes { get; init; }

    /// <summary>Where to go on, as <c>begin</c>; absent where all was looked at.</summary>
    public long? Next { get; init; }
}

/// <summary>A change that the candidates judge otherwise, or that nobody could approve.</summary>
/// <param name="Index">Its entry in the log.</param>
/// <param name="Now">The verdict of the policies in force.</param>
/// <param name="Candidate">The verdict of the candidates.</param>
/// <param name="Gap">Why nobody could approve it; absent where somebody could.</param>
/// <param name="Reason">Why the candidates say so.</param>
public sealed record VerdictDifferenceAnswer(long Index, string Now, string Candidate, string? Gap, string Reason);
