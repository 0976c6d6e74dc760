namespace Halyard.Contracts;

/// <summary>How long the log is kept; what is left out does not happen.</summary>
public sealed record RetentionBody
{
    /// <summary>The age in days from which on entries are archived, 0 to 36,500; absent: never.</summary>
    public int? ArchiveAfterDays { get; init; }

    /// <summary>The age in days from which on archived entries are purged, not less than <c>archiveAfterDays</c>; absent: never.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>Days that entries are kept at least, by what their types begin with: <c>{"change_request.": 2555}</c>; refused where none begins so.</summary>
    public IReadOnlyDictionary<string, int>? MinimumDays { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
    public string? Ticket { get; init; }
    public string? Incident { get; init; }
}

/// <summary>How long the log is kept.</summary>
/// <param name="ArchiveAfterDays">The age from which on entries are archived, where they are.</param>
/// <param name="RetentionDays">The age from which on archived entries are purged, where they are.</param>
/// <param name="MinimumDays">Days that entries are kept at least, by what their types begin with.</param>
/// <param name="Revision">Its revision; 0 where nobody said anything yet.</param>
public sealed record RetentionAnswer(
    int? ArchiveAfterDays,
    int? RetentionDays,
    IReadOnlyDictionary<string, int> MinimumDays,
    long Revision
);
