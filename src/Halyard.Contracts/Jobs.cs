using System.Text.Json;

namespace Halyard.Contracts;

/// <summary>Long work that the server does by itself.</summary>
public sealed record JobAnswer
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>What kind of work: <c>export</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>waiting</c>, <c>running</c>, <c>finished</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>How much is done; for an export the indexes looked at.</summary>
    public required long Done { get; init; }

    /// <summary>How much there is to do; 0 until that is known.</summary>
    public required long Total { get; init; }

    /// <summary>Pseudonymous id of who started it.</summary>
    public required string StartedBy { get; init; }

    /// <summary>The index of the entry that says that it was started.</summary>
    public required long Entry { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was begun.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>True where somebody told it to stop.</summary>
    public required bool Stopping { get; init; }

    /// <summary>What came of it, in words; absent until it ended.</summary>
    public string? Outcome { get; init; }

    /// <summary>A code where it failed or was cancelled.</summary>
    public string? Code { get; init; }

    /// <summary>What exactly it does.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>What it made; of an export the manifest.</summary>
    public JsonElement? Result { get; init; }
}

/// <summary>The answer to what starts or stops a job.</summary>
/// <param name="Job">The job as it stands.</param>
/// <param name="Ledger">Proof that the request is in the log; absent where there was nothing to do.</param>
public sealed record JobRequestAnswer(JobAnswer Job, ReceiptAnswer? Ledger);

/// <summary>An export of a part of the audit log.</summary>
public sealed record ExportBody
{
    /// <summary><c>csv</c>, <c>jsonl</c> (leaves with inclusion proofs) or <c>ocsf</c>.</summary>
    public required string Format { get; init; }

    /// <summary>The first index; 0 unless given.</summary>
    public long? From { get; init; }

    /// <summary>The index after the last; the size of the log unless given.</summary>
    public long? To { get; init; }

    /// <summary>Only entries that pass these filters of <c>/audit</c>; <c>from</c> and <c>to</c> in it are times, half-open.</summary>
    public JsonElement? Filter { get; init; }

    /// <summary>True for a CSV file that begins with a byte order mark, by which Excel knows UTF-8.</summary>
    public bool? Bom { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>The ticket this belongs to.</summary>
    public string? Ticket { get; init; }

    /// <summary>The incident this belongs to.</summary>
    public string? Incident { get; init; }
}
