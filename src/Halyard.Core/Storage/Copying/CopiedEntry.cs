using Halyard.Core.Audit.Privacy;
using Halyard.Core.Audit.Searching;
using Halyard.Ledger;

namespace Halyard.Core.Storage.Copying;

/// <summary>One entry of a log with all that is kept at it, on its way from one store to another.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Hash">Its leaf hash.</param>
/// <param name="Stored">What is left of it, or <see langword="null"/> where it was purged.</param>
/// <param name="Versions">The versions that it made, in order; also those of purged entries.</param>
/// <param name="Privates">The values behind its commitments that still exist, in order.</param>
public sealed record CopiedEntry(
    long Index,
    Digest Hash,
    StoredEntry? Stored,
    IReadOnlyList<ResourceVersion> Versions,
    IReadOnlyList<SealedValue> Privates
);

/// <summary>An entry that was not purged.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">Its time.</param>
/// <param name="EffectiveAt">When it took effect.</param>
/// <param name="Leaf">Its canonical bytes.</param>
/// <param name="Text">The words that it is found by: those of an erased reason are gone.</param>
public sealed record StoredEntry(string Id, DateTimeOffset At, DateTimeOffset EffectiveAt, byte[] Leaf, EntryText Text)
{
    /// <summary>What else it is found by; read from the leaf, and so empty in what a source gives.</summary>
    public IReadOnlyList<(string Facet, string Value)> Facets { get; init; } = [];
}
