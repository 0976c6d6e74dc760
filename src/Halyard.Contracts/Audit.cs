using System.Text.Json;

namespace Halyard.Contracts;

/// <summary>An audit entry.</summary>
public sealed record EntryAnswer
{
    /// <summary>Its 0-based, gapless index in the tenant's log.</summary>
    public required long Index { get; init; }

    /// <summary>Its ULID.</summary>
    public required string Id { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it took effect: for imported history the original time.</summary>
    public required DateTimeOffset EffectiveAt { get; init; }

    /// <summary>Its type, such as <c>flag.updated</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Every semantic change in it, by name.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>All of it in words.</summary>
    public required string Description { get; init; }

    /// <summary>True where it was imported and not witnessed.</summary>
    public required bool Imported { get; init; }

    /// <summary>Who did it; for imported history the original author.</summary>
    public required ActorAnswer Actor { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>With <c>reveal=true</c> every personal value of the entry that still exists.</summary>
    public IReadOnlyList<RevealedAnswer>? Revealed { get; init; }
    public string? Ticket { get; init; }
    public string? Incident { get; init; }

    /// <summary>For imported history a link to the original.</summary>
    public string? Reference { get; init; }
    public string? Project { get; init; }

    /// <summary>The environments affected.</summary>
    public required IReadOnlyList<string> Environments { get; init; }

    /// <summary>False for denied and failed attempts.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>SHA-256(0x00 ‖ leaf), RFC 6962.</summary>
    public required string LeafHash { get; init; }

    /// <summary>The leaf as it stands in the log; docs/audit-format.md explains each member.</summary>
    public required JsonElement Leaf { get; init; }
}

/// <summary>A personal value behind a commitment.</summary>
/// <param name="Pointer">The pointer that the commitment binds: a field of the leaf, or a place in the resource's document.</param>
/// <param name="Commitment">As it stands in the leaf.</param>
/// <param name="Value">The value.</param>
public sealed record RevealedAnswer(string Pointer, string Commitment, JsonElement Value);

/// <summary>Who acted.</summary>
/// <param name="Subject">Pseudonymous id.</param>
/// <param name="Name">The name behind it, where it is known and not erased.</param>
/// <param name="Kind"><c>user</c>, <c>service</c>, <c>system</c> or <c>client</c>.</param>
public sealed record ActorAnswer(string Subject, string? Name, string Kind);

/// <summary>How many entries match.</summary>
public sealed record CountAnswer(long Count);
