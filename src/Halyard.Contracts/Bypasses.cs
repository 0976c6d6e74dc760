using System.Text.Json;

namespace Halyard.Contracts;

/// <summary>An emergency bypass to be begun.</summary>
public sealed record BypassBody
{
    /// <summary>The incident's name at the source of incidents.</summary>
    public required string Incident { get; init; }

    /// <summary>How bad it is: <c>SEV1</c> to <c>SEV4</c>. Where the source says so itself, that counts.</summary>
    public required string Severity { get; init; }

    /// <summary>Why approvals must be passed by; 1 to 4,096 characters.</summary>
    public required string Justification { get; init; }

    /// <summary>
    /// What to do: <c>serveFallback</c>, <c>serveLastGood</c>, or an operation on one flag in one environment; with its <c>project</c>.
    /// </summary>
    public required OperationBody Operation { get; init; }

    /// <summary>After how many minutes it is undone, 1 to 1,440, where it is none of the states that may stand; default 1,440.</summary>
    public int? Minutes { get; init; }
}

/// <summary>What is said about a bypass afterwards.</summary>
public sealed record BypassCommentBody
{
    /// <summary>What is said; required to refuse.</summary>
    public string? Comment { get; init; }
}

/// <summary>A review after the incident.</summary>
public sealed record BypassReviewBody
{
    /// <summary>What was found; 1 to 4,096 characters.</summary>
    public required string Findings { get; init; }

    /// <summary>What is to be done about it; at most 50.</summary>
    public IReadOnlyList<ActionItemBody>? ActionItems { get; init; }
}

/// <summary>Something to be done after an incident.</summary>
public sealed record ActionItemBody
{
    /// <summary>What.</summary>
    public required string Text { get; init; }

    /// <summary>The ticket in which it is followed.</summary>
    public string? Ticket { get; init; }
}

/// <summary>An emergency bypass, and what is owed for it.</summary>
public sealed record BypassAnswer
{
    public required string Id { get; init; }
    public required string Project { get; init; }

    /// <summary>waiting, applied, ratified, refused, reverted, superseded or lapsed.</summary>
    public required string State { get; init; }

    /// <summary>off, last-known-good, fallback or temporary.</summary>
    public required string Kind { get; init; }

    public required string Incident { get; init; }

    /// <summary>The severity that counted.</summary>
    public required string Severity { get; init; }

    /// <summary>Whether the source of incidents confirmed it.</summary>
    public required bool Verified { get; init; }

    public required string Justification { get; init; }
    public required string Flag { get; init; }
    public required string Environment { get; init; }

    /// <summary>What it does, as ordinary operations.</summary>
    public required IReadOnlyList<JsonElement> Operations { get; init; }

    /// <summary>Pseudonymous id of who asked.</summary>
    public required string Requester { get; init; }

    /// <summary>Whom it waits for, in words; empty where for nobody.</summary>
    public required IReadOnlyList<string> WaitsFor { get; init; }

    /// <summary>Who agreed before it took effect.</summary>
    public required IReadOnlyList<BypassAgreementAnswer> Confirmations { get; init; }

    /// <summary>How far its approval afterwards goes.</summary>
    public required ApprovalCount Ratification { get; init; }

    /// <summary>Who approved it afterwards.</summary>
    public required IReadOnlyList<BypassAgreementAnswer> Ratifications { get; init; }

    /// <summary>The review, once there is one.</summary>
    public BypassReviewAnswer? Review { get; init; }

    /// <summary>The change request that would undo it, where it was refused.</summary>
    public string? RevertRequest { get; init; }

    /// <summary>Why it stands where it stands.</summary>
    public required string Remark { get; init; }

    /// <summary>Whether something is owed for it still.</summary>
    public required bool Open { get; init; }

    /// <summary>Whether that was due.</summary>
    public required bool Overdue { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when others may agree.</summary>
    public DateTimeOffset? LapsesAt { get; init; }

    /// <summary>When it took effect.</summary>
    public DateTimeOffset? AppliedAt { get; init; }

    /// <summary>When it is undone unless it is ratified before.</summary>
    public DateTimeOffset? RevertAt { get; init; }

    /// <summary>When ratification and review are due.</summary>
    public DateTimeOffset? ReviewDue { get; init; }
}

/// <summary>Somebody agreed to a bypass.</summary>
/// <param name="By">Pseudonymous id.</param>
/// <param name="Comment">What was said; may be empty.</param>
/// <param name="At">When.</param>
public sealed record BypassAgreementAnswer(string By, string Comment, DateTimeOffset At);

/// <summary>A review after the incident.</summary>
/// <param name="By">Pseudonymous id.</param>
/// <param name="Findings">What was found.</param>
/// <param name="ActionItems">What is to be done about it.</param>
/// <param name="At">When.</param>
public sealed record BypassReviewAnswer(string By, string Findings, IReadOnlyList<ActionItemBody> ActionItems, DateTimeOffset At);
