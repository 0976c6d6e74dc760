namespace Halyard.Contracts;

/// <summary>A sink to be created, or its settings to be replaced (then without <c>key</c> and <c>from</c>).</summary>
public sealed record SinkBody
{
    /// <summary>Its key.</summary>
    public string? Key { get; init; }

    /// <summary><c>webhook</c>, <c>slack</c>, <c>email</c>, <c>file</c> or <c>opensearch</c>; fixed once it is created.</summary>
    public required string Kind { get; init; }

    /// <summary><c>stream</c>, every entry by itself, or <c>alert</c>, messages that people read.</summary>
    public string? Mode { get; init; }

    /// <summary>An https address, or the name of a file that ends with <c>.jsonl</c>.</summary>
    public string? Target { get; init; }

    /// <summary>In place of <c>target</c> the name of the secret that is the address; of an e-mail sink the recipients, separated by commas.</summary>
    public string? TargetSecret { get; init; }

    /// <summary>The name of the secret that signs (webhook) or authenticates (opensearch).</summary>
    public string? Secret { get; init; }

    /// <summary>While a webhook's secret is rotated, the name of the one before.</summary>
    public string? PreviousSecret { get; init; }

    /// <summary>Which entries it gets; absent means all.</summary>
    public SinkFilterBody? Filter { get; init; }

    /// <summary>Alerts: how long further entries wait after a message, 0 to 3,600; default 60.</summary>
    public int? GroupSeconds { get; init; }

    /// <summary>Whether it delivers; default true.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The index of the first entry it gets; default the one after its creation.</summary>
    public long? From { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>Which entries a sink gets. Every member that is set narrows; lists are "any of".</summary>
public sealed record SinkFilterBody
{
    /// <summary>Keys of projects.</summary>
    public IReadOnlyList<string>? Projects { get; init; }

    /// <summary>Entry types or semantic changes, or all that begin alike: <c>flag.*</c>.</summary>
    public IReadOnlyList<string>? Actions { get; init; }

    /// <summary>Types of environments that a change reaches.</summary>
    public IReadOnlyList<string>? EnvironmentTypes { get; init; }

    /// <summary>Tags that a flag in the entry had before or has afterwards.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>True for what succeeded, false for what was denied or failed.</summary>
    public bool? Succeeded { get; init; }

    /// <summary><c>production-change</c>, <c>access-change</c>, <c>critical-tag</c>, <c>verification-failed</c>, <c>emergency-bypass</c> or <c>approval</c>.</summary>
    public IReadOnlyList<string>? Classes { get; init; }
}

/// <summary>A sink. It names secrets and never holds one.</summary>
public sealed record SinkAnswer
{
    public required string Id { get; init; }
    public required string Key { get; init; }
    public required string Kind { get; init; }
    public required string Mode { get; init; }
    public string? Target { get; init; }
    public string? TargetSecret { get; init; }
    public string? Secret { get; init; }
    public string? PreviousSecret { get; init; }
    public required SinkFilterBody Filter { get; init; }
    public required int GroupSeconds { get; init; }
    public required bool Enabled { get; init; }
    public long? From { get; init; }
    public required long Revision { get; init; }
}

/// <summary>How a sink fares.</summary>
public sealed record SinkStatusAnswer
{
    /// <summary>The index of the next entry it looks at.</summary>
    public required long Cursor { get; init; }

    /// <summary>Entries from there to the end of the log.</summary>
    public required long LagEntries { get; init; }

    /// <summary>How old the first of them is.</summary>
    public required double LagSeconds { get; init; }

    /// <summary>When the target last took something.</summary>
    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>What went wrong last.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>How often in a row the next message did not get through.</summary>
    public required int Failures { get; init; }

    /// <summary>Nothing is sent before.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>How many messages are set aside.</summary>
    public required int DeadLetterCount { get; init; }

    /// <summary>The oldest of them, at most 100.</summary>
    public required IReadOnlyList<DeadLetterAnswer> DeadLetters { get; init; }
}

/// <summary>A message that the target refused and that was set aside.</summary>
/// <param name="First">The index of its first entry.</param>
/// <param name="Last">The index of its last entry.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record DeadLetterAnswer(long First, long Last, string Reason, DateTimeOffset At);

/// <summary>What became of a test.</summary>
/// <param name="Delivered">Whether the target took it.</param>
/// <param name="Detail">What came back.</param>
/// <param name="Ledger">The receipt of the entry that says that a test was asked for.</param>
public sealed record SinkTestAnswer(bool Delivered, string Detail, ReceiptAnswer Ledger);

/// <summary>What became of messages that were sent again.</summary>
/// <param name="Delivered">How many the target took.</param>
/// <param name="Remaining">How many are still set aside.</param>
/// <param name="Error">What went wrong last.</param>
/// <param name="Ledger">The receipt of the entry that says that it was asked for.</param>
public sealed record SinkRetryAnswer(int Delivered, int Remaining, string? Error, ReceiptAnswer Ledger);
