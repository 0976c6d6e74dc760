using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Storage.DynamoDb.Logs;

/// <summary>One entry with all that it is found by.</summary>
/// <param name="Index">Its index.</param>
/// <param name="At">Its time.</param>
/// <param name="EffectiveAt">When the change took effect.</param>
/// <param name="Id">Its id.</param>
/// <param name="Hash">Its leaf hash.</param>
/// <param name="Leaf">Its canonical bytes; <see langword="null"/> where it was purged, or is to be read from its segment.</param>
/// <param name="Terms">What it is found by, each once (<see cref="TermOf"/>).</param>
/// <param name="Content">Its words, those of its reason aside.</param>
/// <param name="Versions">The versions that it made.</param>
/// <param name="Privates">Whose private values it brought.</param>
internal sealed record LogRecord(
    long Index,
    DateTimeOffset At,
    DateTimeOffset EffectiveAt,
    string Id,
    Digest Hash,
    byte[]? Leaf,
    IReadOnlyList<string> Terms,
    string Content,
    IReadOnlyList<ResourceVersion> Versions,
    IReadOnlyList<PrivateMark> Privates
)
{
    public static string TermOf(string facet, string value) => $"{facet}\0{value}";

    public static LogRecord Of(EntryDraft draft, SealedEntry entry)
    {
        var effectiveAt = Seal.Microseconds(entry.EffectiveAt);
        return new LogRecord(
            entry.Index,
            entry.At,
            effectiveAt,
            draft.Id,
            entry.LeafHash,
            entry.Leaf,
            [.. Facets.Of(draft).Select(facet => TermOf(facet.Facet, facet.Value)).Distinct(StringComparer.Ordinal)],
            draft.Index.Text.Content,
            [
                .. draft
                    .Index.Resources.Where(touched => touched.IsChanged)
                    .Select(touched => new ResourceVersion(
                        touched.Name,
                        touched.Id,
                        touched.RevisionTo,
                        entry.Index,
                        effectiveAt,
                        touched.After
                    )),
            ],
            [
                .. draft.Privates.Select(value => new PrivateMark(
                    value.Subject,
                    value.InDocument ? value.Commitment : null,
                    !value.InDocument && LeafText.ReasonPointers.Contains(value.Pointer)
                )),
            ]
        );
    }
}

/// <summary>That an entry brought a private value.</summary>
/// <param name="Subject">Whose it is.</param>
/// <param name="Commitment">Its commitment where it stands in a document, else <see langword="null"/>.</param>
/// <param name="IsReason">Whether it is the entry's reason.</param>
internal sealed record PrivateMark(string Subject, string? Commitment, bool IsReason);

/// <summary>Entries that one transaction wrote as one item.</summary>
/// <param name="First">The index of its first entry.</param>
/// <param name="Count">How many they are.</param>
/// <param name="PrivateParts">Of how many items its private values consist.</param>
internal sealed record Segment(long First, int Count, int PrivateParts);

/// <summary>The private values and the words of the reasons of a segment's entries.</summary>
internal sealed record SegmentPrivates(
    IReadOnlyList<(long Index, Halyard.Core.Audit.Privacy.SealedValue Value)> Values,
    IReadOnlyDictionary<long, string> Reasons
)
{
    public static SegmentPrivates Empty { get; } = new([], new Dictionary<long, string>());
}
