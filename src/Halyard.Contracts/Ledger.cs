namespace Halyard.Contracts;

/// <summary>How far the tenant's log is published and anchored.</summary>
public sealed record LedgerStatusAnswer
{
    /// <summary>The log's origin.</summary>
    public required string Log { get; init; }

    /// <summary>How many entries it has.</summary>
    public required long Size { get; init; }

    /// <summary>The last checkpoint; absent before the first.</summary>
    public CheckpointAnswer? Published { get; init; }

    /// <summary>The public keys that sign now, the current one first; empty where the signer cannot be reached.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>The contradiction that stops publishing, in words.</summary>
    public string? Alarm { get; init; }

    /// <summary>What went wrong since the last success, in words.</summary>
    public string? LastError { get; init; }

    /// <summary>Where checkpoints are held outside.</summary>
    public required IReadOnlyList<AnchorAnswer> Anchors { get; init; }
}

/// <summary>A published checkpoint.</summary>
/// <param name="Size">How many entries it covers.</param>
/// <param name="Root">The root of the tree over them.</param>
/// <param name="CheckedAt">When it was last seen to be published and right.</param>
public sealed record CheckpointAnswer(long Size, string Root, DateTimeOffset CheckedAt);

/// <summary>One place that holds checkpoints.</summary>
public sealed record AnchorAnswer
{
    /// <summary><c>folder</c>, <c>s3</c> or <c>webhook</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The size of the last checkpoint that is there; absent where it is not known yet.</summary>
    public long? Size { get; init; }

    /// <summary>How many entries of the log are newer than that.</summary>
    public required long Lag { get; init; }

    /// <summary>When it was last seen to be up to date.</summary>
    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>The contradiction that stops it, in words.</summary>
    public string? Alarm { get; init; }

    /// <summary>What went wrong since, in words.</summary>
    public string? LastError { get; init; }
}

/// <summary>Shows that a log of an earlier size is where a later one begins (RFC 6962, 2.1.2).</summary>
public sealed record ConsistencyAnswer
{
    /// <summary>The log's origin.</summary>
    public required string Log { get; init; }

    /// <summary>The earlier size.</summary>
    public required long From { get; init; }

    /// <summary>The root at <see cref="From"/>.</summary>
    public required string FromRoot { get; init; }

    /// <summary>The later size.</summary>
    public required long To { get; init; }

    /// <summary>The root at <see cref="To"/>.</summary>
    public required string ToRoot { get; init; }

    /// <summary>The proof.</summary>
    public required IReadOnlyList<string> Hashes { get; init; }

    /// <summary>The signed checkpoint of <see cref="To"/>, where one was published.</summary>
    public string? Checkpoint { get; init; }
}
