using Halyard.Core.Flags;

namespace Halyard.Core.Audit;

/// <summary>Which entries to list or count. Every filter that is set narrows; lists are "any of". Newest first.</summary>
public sealed record AuditQuery
{
    /// <summary>The default page size.</summary>
    public const int DefaultLimit = 50;

    /// <summary>The largest page.</summary>
    public const int MaxLimit = 1_000;

    /// <summary>The project's key.</summary>
    public string? Project { get; init; }

    /// <summary>The kind of resource touched.</summary>
    public ResourceKind? ResourceKind { get; init; }

    /// <summary>The key of a resource touched; with <see cref="ResourceKind"/>.</summary>
    public string? ResourceKey { get; init; }

    /// <summary>The id of a resource touched.</summary>
    public string? ResourceId { get; init; }

    /// <summary>Semantic changes or entry types, any of.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>True for what succeeded, false for what was denied or failed.</summary>
    public bool? Succeeded { get; init; }

    /// <summary>Pseudonymous id of the actor, or of the original author of an imported entry.</summary>
    public string? Actor { get; init; }

    /// <summary>user, service, system or client.</summary>
    public string? ActorKind { get; init; }

    /// <summary>The key of an environment affected.</summary>
    public string? Environment { get; init; }

    /// <summary>The ticket named.</summary>
    public string? Ticket { get; init; }

    /// <summary>The incident named.</summary>
    public string? Incident { get; init; }

    /// <summary>The change request.</summary>
    public string? ChangeRequest { get; init; }

    /// <summary>True for imported entries alone, false for native ones alone.</summary>
    public bool? Imported { get; init; }

    /// <summary>The import an entry belongs to.</summary>
    public string? Import { get; init; }

    /// <summary>Effective time, included.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Effective time, excluded: ranges are half-open.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// Words that all occur in what happened, the keys touched, ticket, incident or reason, as
    /// <see cref="Searching.TextQuery"/> reads them; at most <see cref="Searching.TextQuery.MaxLength"/> characters. One without a
    /// word matches nothing.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Whether <see cref="Text"/> looks into reasons. Not for whom they are not shown to: they could be guessed word by word.</summary>
    /// <value>The default value is <c>true</c>.</value>
    public bool SearchesReasons { get; init; } = true;

    /// <summary>Only entries with a smaller index: the keyset cursor.</summary>
    public long? Before { get; init; }

    /// <summary>Only entries with this index or a larger one; 0 or less: all.</summary>
    public long Since { get; init; }

    /// <summary>At most this many, 1…<see cref="MaxLimit"/>; a count ignores it and <see cref="Before"/>.</summary>
    public int Limit { get; init; } = DefaultLimit;
}

/// <summary>An entry as the store gives it back.</summary>
/// <param name="Index">Its index in the tenant's log.</param>
/// <param name="At">The leaf's time.</param>
/// <param name="EffectiveAt">When the change took effect.</param>
/// <param name="Leaf">The canonical bytes as stored.</param>
public sealed record LogEntry(long Index, DateTimeOffset At, DateTimeOffset EffectiveAt, byte[] Leaf);
