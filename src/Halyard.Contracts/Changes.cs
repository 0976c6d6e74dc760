using System.Text.Json;

namespace Halyard.Contracts;

/// <summary>A change to a project: everything in it takes effect together, or nothing does.</summary>
public sealed record ChangeBody
{
    /// <summary>What to do, in order; 1…200 operations on at most 20 resources.</summary>
    public required IReadOnlyList<OperationBody> Operations { get; init; }

    /// <summary>Why, at most 4,096 characters; required where an environment of type production is affected.</summary>
    public string? Reason { get; init; }

    /// <summary>The ticket this belongs to.</summary>
    public string? Ticket { get; init; }

    /// <summary>The incident this belongs to.</summary>
    public string? Incident { get; init; }

    /// <summary>When it may take effect; absent for at once.</summary>
    public ScheduleBody? Schedule { get; init; }

    /// <summary>Where a freeze holds it up: ask for an exception instead of waiting or being refused. By default false.</summary>
    public bool? DespiteFreezes { get; init; }
}

/// <summary>A span in which a change may take effect; after it, it is never applied.</summary>
public sealed record ScheduleBody
{
    /// <summary>Not before this, at most a year from now.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>And before this; by default a day after it begins.</summary>
    public DateTimeOffset? NotAfter { get; init; }
}

/// <summary>
/// One operation. <c>op</c> names it; which other members it takes stands in docs/operations.md. Members that an operation does
/// not know are refused.
/// </summary>
public sealed record OperationBody
{
    /// <summary>The operation's name, such as <c>setEnabled</c>.</summary>
    public required string Op { get; init; }

    /// <summary>The revision the author saw of the resource; required unless the operation creates it.</summary>
    public long? BaseRevision { get; init; }

    /// <summary>The flag's key.</summary>
    public string? Flag { get; init; }

    /// <summary>The environment's key.</summary>
    public string? Environment { get; init; }

    /// <summary>The segment's key.</summary>
    public string? Segment { get; init; }

    /// <summary>All other members of the operation.</summary>
    [System.Text.Json.Serialization.JsonExtensionData]
#pragma warning disable CA2227 // The JSON reader sets it after it has made the record; an init-only one cannot be described or read.
    public IDictionary<string, JsonElement>? Members { get; set; }
#pragma warning restore CA2227
}

/// <summary>The body of a shortcut that submits a change.</summary>
public sealed record ReasonBody
{
    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>The ticket this belongs to.</summary>
    public string? Ticket { get; init; }

    /// <summary>The incident this belongs to.</summary>
    public string? Incident { get; init; }
}

/// <summary>
/// A change took effect (<c>applied</c>), everything was as wanted already (<c>unchanged</c>), or it waits for approval (<c>pending</c>).
/// </summary>
/// <param name="Status"><c>applied</c>, <c>unchanged</c> or <c>pending</c>.</param>
/// <param name="Revisions">The revision of each resource now.</param>
/// <param name="Ledger">The receipt; absent where nothing was written.</param>
public sealed record ChangeAnswer(string Status, IReadOnlyList<RevisionAnswer> Revisions, ReceiptAnswer? Ledger)
{
    /// <summary>The change request that it waits in, or that something was done to; else absent.</summary>
    public ChangeRequestReference? ChangeRequest { get; init; }

    /// <summary>What the asker should know besides; absent where nothing.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>The emergency bypass that was begun, or that something was done to; else absent.</summary>
    public BypassAnswer? Bypass { get; init; }
}

/// <summary>A resource's revision.</summary>
public sealed record RevisionAnswer(string Kind, string Key, long Revision, bool Deleted);

/// <summary>Proof that an entry is in the log.</summary>
/// <param name="Log">The log's origin.</param>
/// <param name="Index">The entry's index.</param>
/// <param name="Root">The Merkle root at size <paramref name="Index"/> + 1: <c>sha256:…</c>.</param>
public sealed record ReceiptAnswer(string Log, long Index, string Root);

/// <summary>What a change would do; nothing was written.</summary>
/// <param name="Verdict"><c>allow</c>, <c>require-approval</c> or <c>deny</c>.</param>
/// <param name="Policy">The policy and version that decided.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Diff">Every semantic change.</param>
/// <param name="Environments">The environments affected.</param>
/// <param name="Flags">The flags whose answers may change.</param>
/// <param name="BlastRadius">How many flag configurations that are: flags times environments.</param>
/// <param name="Resources">How each resource's document would change.</param>
public sealed record PreviewAnswer(
    string Verdict,
    string Policy,
    string Reason,
    IReadOnlyList<DiffAnswer> Diff,
    IReadOnlyList<AffectedEnvironmentAnswer> Environments,
    IReadOnlyList<string> Flags,
    int BlastRadius,
    IReadOnlyList<ResourcePreviewAnswer> Resources
)
{
    /// <summary>Every rule of approval policies that matched; empty where none are in force, or none has a say.</summary>
    public IReadOnlyList<MatchedRuleAnswer> Rules { get; init; } = [];

    /// <summary>What it would need, where the verdict is <c>require-approval</c>; else absent.</summary>
    public ApprovalPreviewAnswer? Approval { get; init; }

    /// <summary>What the asker should know besides; absent where nothing.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }
}

/// <summary>One semantic change.</summary>
public sealed record DiffAnswer(string Action, string? Environment, string Description);

/// <summary>An environment that a change affects.</summary>
public sealed record AffectedEnvironmentAnswer(string Key, string Type);

/// <summary>How a resource's document would change, as an RFC 6902 patch with the old values beside it.</summary>
public sealed record ResourcePreviewAnswer(string Kind, string Key, long RevisionFrom, long RevisionTo, JsonElement Patch);

/// <summary>An error as RFC 9457 describes it.</summary>
/// <param name="Type">A stable URI; docs/problems.md lists them.</param>
/// <param name="Title">What kind of problem, in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened here.</param>
/// <param name="Errors">All that is wrong with the input, each with a JSON Pointer.</param>
public sealed record Problem(string Type, string Title, int Status, string? Detail, IReadOnlyList<FieldError>? Errors);

/// <summary>One thing that is wrong with the input.</summary>
/// <param name="Pointer">JSON Pointer (RFC 6901) into the body.</param>
/// <param name="Message">What is wrong.</param>
public sealed record FieldError(string Pointer, string Message);
