using Halyard.Core.Audit.Searching;
using Halyard.Core.Storage.Copying;
using Halyard.Storage.DynamoDb.Logs;

namespace Halyard.Storage.DynamoDb.Copying;

/// <summary>Entries of another store as this one keeps them.</summary>
internal static class CopiedEntries
{
    public static SegmentEntry Entry(CopiedEntry entry)
    {
        var marks = entry.Privates.Select(value => new PrivateMark(
            value.Subject,
            Commitment: null,
            LeafText.ReasonPointers.Contains(value.Pointer)
        ));
        // Of an entry that was purged its versions alone say when it took effect; nobody is shown the rest.
        var record = entry.Stored is { } stored
            ? new LogRecord(
                entry.Index,
                stored.At,
                stored.EffectiveAt,
                stored.Id,
                entry.Hash,
                stored.Leaf,
                [.. stored.Facets.Select(facet => LogRecord.TermOf(facet.Facet, facet.Value)).Distinct(StringComparer.Ordinal)],
                stored.Text.Content,
                entry.Versions,
                [.. marks]
            )
            : new LogRecord(
                entry.Index,
                DateTimeOffset.UnixEpoch,
                entry.Versions.Count == 0 ? DateTimeOffset.UnixEpoch : entry.Versions[0].EffectiveAt,
                $"purged {entry.Index}",
                entry.Hash,
                null,
                [],
                "",
                entry.Versions,
                []
            );
        return new SegmentEntry(record, entry.Privates, entry.Stored?.Text.Reason ?? "");
    }
}
