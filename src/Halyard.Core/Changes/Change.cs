using Halyard.Core.Access;
using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Audit;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Changes.Effects;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Judging;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Changes;

/// <summary>What somebody wants done: one or more steps, all or nothing. Each step that changes something makes one audit entry.</summary>
/// <param name="Action">What the authorizer is asked about: <c>change.submit</c>, <c>history.import</c>, <c>key.create</c> …</param>
/// <param name="Project">The project's key, or empty for changes to the tenant itself.</param>
/// <param name="Steps">At least one; more than one only for imported history.</param>
/// <param name="Ticket">The ticket, or <see langword="null"/>.</param>
/// <param name="Incident">The incident, or <see langword="null"/>.</param>
public sealed record Change(
    string Action,
    string Project,
    IReadOnlyList<ChangeStep> Steps,
    string? Ticket = null,
    string? Incident = null
)
{
    /// <summary>The most resources one change may touch, so that every store can commit it in one transaction (ADR 0003).</summary>
    public const int MaxResources = 20;

    /// <summary>The most resources one line of imported history may touch.</summary>
    public const int MaxImportedResources = 80;

    /// <summary>The most characters of a reason.</summary>
    public const int MaxReason = 4_096;

    /// <summary>The most characters of a ticket's or an incident's name.</summary>
    public const int MaxReference = 256;

    /// <summary>An ordinary change: one step.</summary>
    public static Change Edit(
        string project,
        IReadOnlyList<Operation> operations,
        string reason,
        string? ticket = null,
        string? incident = null,
        string action = "change.submit"
    ) => new(action, project, [new ChangeStep(operations, reason, null)], ticket, incident);

    /// <summary>Something to be recorded that edits no resource.</summary>
    public static Change Record(
        string action,
        string project,
        ChangeEvent happened,
        string reason = "",
        string? ticket = null,
        string? incident = null
    ) => new(action, project, [new ChangeStep([], reason, null)], ticket, incident) { Event = happened };

    /// <summary>Erases the personal values of somebody.</summary>
    public static Change Erase(EffectRequest.Erase wanted, string reason, string? ticket = null, string? incident = null) =>
        Record(
            EffectRequest.Erase.Action,
            "",
            new ChangeEvent(CommitEffect.EraseSubjects.Type, "personal values erased") { Effect = wanted },
            reason,
            ticket,
            incident
        );

    /// <summary>Purges the oldest entries of the log.</summary>
    public static Change Purge(EffectRequest.Purge wanted, string reason) =>
        Record(
            EffectRequest.Purge.Action,
            "",
            new ChangeEvent(CommitEffect.PurgeEntries.Type, "entries purged") { Effect = wanted },
            reason
        );

    /// <summary>Lets the log go on under the name of its next shard.</summary>
    public static Change OpenShard(EffectRequest.OpenShard wanted, string reason) =>
        Record(
            EffectRequest.OpenShard.Action,
            "",
            new ChangeEvent(CommitEffect.OpenShard.Type, "the log goes on under another name") { Effect = wanted },
            reason
        );

    /// <summary>Something done to a change request.</summary>
    public static Change On(RequestAct act, string reason = "") =>
        new(act.Action, act.Request.Project, [new ChangeStep([], reason, null)]) { Request = act };

    /// <summary>When it may take effect, or <see langword="null"/> for at once. Then it waits as a change request.</summary>
    public ScheduleWindow? Schedule { get; init; }

    /// <summary>Whether it asks for an exception where freezes hold it up, instead of waiting for them or being refused.</summary>
    public bool DespiteFreezes { get; init; }

    /// <summary>An emergency bypass, begun.</summary>
    public static Change On(BypassAct.Begin act) =>
        new(act.Action, act.Operation.Project, [new ChangeStep([], act.Justification, null)], Incident: act.Incident)
        {
            Bypass = act,
        };

    /// <summary>Something done to an emergency bypass.</summary>
    /// <param name="act">What.</param>
    /// <param name="bypass">The bypass as it was found, or <see langword="null"/> where there is none.</param>
    /// <param name="reason">Why.</param>
    public static Change On(BypassAct.OnOne act, EmergencyBypass? bypass, string reason = "") =>
        new(act.Action, bypass?.Project ?? "", [new ChangeStep([], reason, null)], Incident: bypass?.Incident.Id)
        {
            Bypass = act,
        };

    /// <summary>What is done to pass approvals by in an emergency, or about it; <see langword="null"/> for all other changes.</summary>
    public BypassAct? Bypass { get; private init; }

    /// <summary>What is done to a change request; <see langword="null"/> for all other changes.</summary>
    public RequestAct? Request { get; private init; }

    /// <summary>What is recorded; <see langword="null"/> for changes that edit resources.</summary>
    public ChangeEvent? Event { get; private init; }
}

/// <summary>What the log must know of although no resource is edited: something was read, exported, begun, ended.</summary>
/// <param name="Type">Its entry type in the catalogue.</param>
/// <param name="Words">What happened, in words, without personal values.</param>
public sealed record ChangeEvent(string Type, string Words)
{
    /// <summary>The most resources an event may be about.</summary>
    public const int MaxAbout = 20;

    /// <summary>The resources it is about, so that it is found by them; at most <see cref="MaxAbout"/>.</summary>
    public IReadOnlyList<ResourceName> About { get; init; } = [];

    /// <summary>Keys of the environments it concerns, in ordinal order.</summary>
    public IReadOnlyList<string> Environments { get; init; } = [];

    /// <summary>What else there is to say, as a canonical JSON object without personal values.</summary>
    public ReadOnlyMemory<byte>? Details { get; init; }

    /// <summary>How the actor is called, where it is a person who just said so; the log commits to it.</summary>
    public PersonalDetails? Person { get; init; }

    /// <summary>What is to be done beside the log, if anything; words and details are then those of what is found to do.</summary>
    public EffectRequest? Effect { get; init; }

    /// <summary>
    /// True where it records a read that was allowed already, resource by resource: only whether it may be made at all is asked again.
    /// </summary>
    public bool WasRead { get; init; }

    /// <summary>A code in dotted words where it failed, else <see langword="null"/>.</summary>
    public string? FailureCode { get; init; }
}

/// <summary>One step of a change.</summary>
/// <param name="Operations">Applied in order.</param>
/// <param name="Reason">Why, in the actor's words.</param>
/// <param name="Origin">The original circumstances, for imported history.</param>
public sealed record ChangeStep(IReadOnlyList<Operation> Operations, string Reason, EntryOrigin? Origin)
{
    /// <summary>Where the step stands in what was sent: a line of imported history (0-based), else the whole body.</summary>
    internal string Pointer => Origin is null ? "" : $"/{Origin.Line - 1}";
}

/// <summary>A change with who sends it and how.</summary>
/// <param name="Actor">Who, as the server established it.</param>
/// <param name="Request">Where it came from.</param>
/// <param name="Change">What is wanted.</param>
/// <param name="IdempotencyKey">The caller's key, or <see langword="null"/>.</param>
/// <param name="Fingerprint">Digest of the canonical request; compared where the key was used before.</param>
/// <param name="DryRun">When true everything is decided and nothing is written.</param>
/// <param name="IfMatch">The revision that the first operation's resource must have now, or <see langword="null"/>.</param>
public sealed record Submission(
    Actor Actor,
    RequestContext Request,
    Change Change,
    string? IdempotencyKey = null,
    Digest Fingerprint = default,
    bool DryRun = false,
    long? IfMatch = null
)
{
    /// <summary>
    /// What stands against the actor taking an action, although policies let them; <see langword="null"/> is nothing. Asked for each
    /// action that policies were asked about, before anything but a denial is written.
    /// </summary>
    public Func<string, Error?>? Demand { get; init; }

    /// <summary>What was heard of the incident that an emergency is about; <see langword="null"/> where nobody was asked.</summary>
    internal HeardIncident? Incident { get; init; }
}

/// <summary>What became of a submission that was not refused as invalid.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <summary>It took effect and is durable.</summary>
    /// <param name="Revisions">What each resource's revision is now.</param>
    /// <param name="Receipt">Proof that the (first) entry is in the log.</param>
    /// <param name="Replayed">True where the idempotency key had this answer already.</param>
    public sealed record Applied(IReadOnlyList<ResourceRevision> Revisions, Receipt Receipt, bool Replayed) : Outcome;

    /// <summary>Everything is already as wanted; nothing was written.</summary>
    public sealed record Unchanged(IReadOnlyList<ResourceRevision> Revisions) : Outcome;

    /// <summary>Policy denies; the attempt is in the log.</summary>
    public sealed record Denied(string Policy, string Reason, Receipt Receipt, bool Replayed) : Outcome;

    /// <summary>It waits for approval; the request for it is durable.</summary>
    /// <param name="Request">Where it waits.</param>
    /// <param name="Receipt">Proof that the request's entry is in the log.</param>
    /// <param name="Replayed">True where the idempotency key had this answer already.</param>
    public sealed record Pending(PendingRequest Request, Receipt Receipt, bool Replayed) : Outcome;

    /// <summary>What would happen; nothing was written. Where the verdict is deny, it tells nothing but that and why.</summary>
    public sealed record Preview(
        string Verdict,
        string Policy,
        string Reason,
        IReadOnlyList<SemanticChange> Changes,
        Impact Impact,
        IReadOnlyList<ResourcePreview> Resources
    ) : Outcome
    {
        /// <summary>Every rule of approval policies that matched, with what came of it and why; empty where none are in force.</summary>
        public Sequence<MatchedRule> Rules { get; init; } = [];

        /// <summary>What it would need, where the verdict is that approval is required.</summary>
        public ApprovalPreview? Approval { get; init; }

        /// <summary>What the asker should know besides, in words.</summary>
        public IReadOnlyList<string> Warnings { get; init; } = [];
    }
}

/// <summary>A change request that was made.</summary>
/// <param name="Name">Where it is found.</param>
/// <param name="Hash">What votes must name.</param>
public sealed record PendingRequest(ResourceName Name, Digest Hash)
{
    /// <summary>What the asker should know besides, in words.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>What a change would need.</summary>
/// <param name="Requirement">Stages, checks and rules.</param>
/// <param name="CanApprove">Subjects who could bring it further now; who belongs to groups nobody here knows.</param>
/// <param name="Refusal">Why it could not even be asked for, in words, or <see langword="null"/>.</param>
public sealed record ApprovalPreview(Requirement Requirement, Sequence<string> CanApprove, string? Refusal);

/// <summary>A resource and its revision; a deleted one keeps its last.</summary>
public sealed record ResourceRevision(ResourceName Name, long Revision, bool Deleted);

/// <summary>How a resource's document would change.</summary>
/// <param name="Name">Where it is found.</param>
/// <param name="RevisionFrom">Now.</param>
/// <param name="RevisionTo">Afterwards.</param>
/// <param name="Patch">RFC 6902 patch of the clear document, canonical.</param>
public sealed record ResourcePreview(ResourceName Name, long RevisionFrom, long RevisionTo, byte[] Patch);

/// <summary>What a change reaches, computed by the server.</summary>
/// <param name="Environments">The environments affected, in key order.</param>
/// <param name="Flags">The flags whose answers may change, in key order.</param>
public sealed record Impact(IReadOnlyList<ProjectEnvironment> Environments, IReadOnlyList<string> Flags)
{
    /// <summary>It reaches nothing.</summary>
    internal static Impact None { get; } = new([], []);
}
