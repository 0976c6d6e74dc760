using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals.Bypasses;

/// <summary>Where a bypass stands. Wire names: waiting, applied, ratified, refused, reverted, superseded, lapsed.</summary>
public enum BypassState
{
    /// <summary>Others must agree first; nothing has changed.</summary>
    Waiting,

    /// <summary>It took effect, and nobody has said yet whether it was right.</summary>
    Applied,

    /// <summary>Others approved it afterwards: what it did stays.</summary>
    Ratified,

    /// <summary>Somebody refused it afterwards: undoing it was asked for, and what may not stand for good is undone in its time.</summary>
    Refused,

    /// <summary>Its time was over, and it was undone.</summary>
    Reverted,

    /// <summary>A later bypass of the same took its place, its deadline included.</summary>
    Superseded,

    /// <summary>Nobody agreed in time. It never took effect.</summary>
    Lapsed,
}

/// <summary>What passed approvals by in an emergency, and what is owed for it. Immutable; <see cref="BypassMachine"/> gives the next one.</summary>
/// <param name="Id">Its id; also its key.</param>
/// <param name="Project">The project's key.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Kind">What it makes the flag serve.</param>
/// <param name="Incident">The incident that excuses it.</param>
/// <param name="Justification">Why, in the requester's words.</param>
/// <param name="Effect">What it does where.</param>
/// <param name="Requester">Who wants it.</param>
/// <param name="Groups">The groups that the requester belonged to: the team.</param>
/// <param name="Needs">Who must agree first.</param>
/// <param name="Confirmations">Who agreed.</param>
/// <param name="Requirement">What the change would have needed in the ordinary way; <see langword="null"/> where nothing.</param>
/// <param name="Ratifications">Who approved it afterwards.</param>
/// <param name="Review">What was found afterwards, or <see langword="null"/>.</param>
/// <param name="Times">When what happened, and is due.</param>
/// <param name="Step">How many transitions there were; timers are numbered by it.</param>
/// <param name="Remark">Why it stands where it stands, in words.</param>
public sealed record EmergencyBypass(
    string Id,
    string Project,
    BypassState State,
    BypassKind Kind,
    BypassIncident Incident,
    string Justification,
    BypassEffect Effect,
    Party Requester,
    Sequence<string> Groups,
    Sequence<BypassNeed> Needs,
    Sequence<Agreement> Confirmations,
    Requirement? Requirement,
    Sequence<Agreement> Ratifications,
    BypassReview? Review,
    BypassTimes Times,
    int Step,
    string Remark
) : Resource(Id, NameOf(Id))
{
    /// <summary>The fence that orders bypasses: who is restricted is decided on all of them.</summary>
    public const string Fence = "bypasses";

    /// <summary>The most characters of a justification, a comment and of findings.</summary>
    public const int MaxText = 4_096;

    /// <summary>The most people who agree, before or after.</summary>
    public const int MaxAgreements = 50;

    /// <summary>The request that would undo it, where it was refused.</summary>
    public string? RevertRequest { get; init; }

    /// <summary>Who had a part in the bypasses whose place it took; they are no judges of it either.</summary>
    public Sequence<Party> Involved { get; init; } = [];

    /// <summary>Where the bypass with this id is found.</summary>
    public static ResourceName NameOf(string id) => new(ResourceKind.Bypass, "", id);

    /// <summary>Whether something is still owed for it: a ratification or refusal, that it is undone, or the review.</summary>
    public bool IsOpen =>
        State == BypassState.Applied || Times.RevertAt is not null || (Times.Applied is not null && Review is null);

    /// <summary>Whether what is owed was due.</summary>
    public bool IsOverdue(DateTimeOffset at) => IsOpen && Times.ReviewDue <= at;

    /// <summary>What the needs are that nobody met yet.</summary>
    public IEnumerable<BypassNeed> Open(BypassTerms terms) =>
        Needs.Except(Confirmations.SelectMany(agreement => BypassRules.MetBy(agreement.Holds, terms)));

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer) => BypassJson.Write(writer, this);
}

/// <summary>What a bypass does, and what it replaces.</summary>
/// <param name="Flag">The flag's key.</param>
/// <param name="FlagId">The flag's id: one created anew under the same key is another.</param>
/// <param name="Environment">The environment, that very one.</param>
/// <param name="Operations">The typed operations, each as canonical JSON.</param>
/// <param name="Found">The flag's revision in which the configuration found was made; it must still be there to be replaced.</param>
/// <param name="Restore">The revision of the flag that undoing it returns to.</param>
/// <param name="Made">The revision of the flag that it made; 0 before it took effect.</param>
/// <param name="Undone">The revision of the flag from which on nothing of it is left; 0 while something may be.</param>
public sealed record BypassEffect(
    string Flag,
    string FlagId,
    TargetEnvironment Environment,
    Sequence<string> Operations,
    long Found,
    long Restore,
    long Made,
    long Undone = 0
)
{
    /// <summary>Whether both are about the same flag in the same environment.</summary>
    public bool IsOfSame(BypassEffect other) => FlagId == other.FlagId && Environment.Id == other.Environment.Id;

    /// <summary>
    /// Whether a revision of the flag rests on what the bypass made. While nobody has approved that, nothing that was made of it, by
    /// whom and in which way ever, is known to be good.
    /// </summary>
    public bool Taints(long revision) => Made > 0 && revision >= Made && (Undone == 0 || revision < Undone);
}

/// <summary>What a bypass takes over from the one whose place it takes: what was owed for that is owed for it.</summary>
/// <param name="Deadline">When it must be undone at the latest.</param>
/// <param name="Owed">Who would have had to approve the other, or <see langword="null"/> where nobody.</param>
/// <param name="Involved">Who had a part in the other.</param>
public sealed record Succession(DateTimeOffset Deadline, Requirement? Owed, Sequence<Party> Involved)
{
    /// <summary>What is taken over from one that is due to be undone; <see langword="null"/> from any other.</summary>
    public static Succession? Of(EmergencyBypass? bypass) =>
        bypass?.Times.RevertAt is { } deadline
            ? new Succession(
                deadline,
                bypass.Requirement,
                [bypass.Requester, .. bypass.Confirmations.Select(agreement => agreement.By), .. bypass.Involved]
            )
            : null;
}

/// <summary>Somebody agreed, before or afterwards.</summary>
/// <param name="By">Who.</param>
/// <param name="Holds">The roles held then.</param>
/// <param name="Comment">What was said; may be empty.</param>
/// <param name="At">When.</param>
public sealed record Agreement(Party By, Sequence<string> Holds, string Comment, DateTimeOffset At);

/// <summary>The review after the incident.</summary>
/// <param name="By">Who reviewed.</param>
/// <param name="Findings">What was found.</param>
/// <param name="ActionItems">What is to be done about it.</param>
/// <param name="At">When.</param>
public sealed record BypassReview(Party By, string Findings, Sequence<ActionItem> ActionItems, DateTimeOffset At)
{
    /// <summary>The most action items.</summary>
    public const int MaxItems = 50;
}

/// <summary>Something to be done after an incident.</summary>
/// <param name="Text">What.</param>
/// <param name="Ticket">Where it is followed, or <see langword="null"/>.</param>
public sealed record ActionItem(string Text, string? Ticket);

/// <summary>When what happened to a bypass, and is due.</summary>
/// <param name="Created">When it was asked for.</param>
/// <param name="Duration">How long what it does may stand unratified; zero where it may for good.</param>
/// <param name="LapsesAt">Until when others may agree.</param>
/// <param name="Applied">When it took effect.</param>
/// <param name="RevertAt">When it is undone.</param>
/// <param name="ReviewDue">When ratification and review are due.</param>
/// <param name="RemindAt">When people are reminded of that next.</param>
public sealed record BypassTimes(
    DateTimeOffset Created,
    TimeSpan Duration,
    DateTimeOffset? LapsesAt = null,
    DateTimeOffset? Applied = null,
    DateTimeOffset? RevertAt = null,
    DateTimeOffset? ReviewDue = null,
    DateTimeOffset? RemindAt = null
);
