using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;

namespace Halyard.Storage.DynamoDb.Logs;

/// <summary>An entry on its way into a segment.</summary>
/// <param name="Record">What the segment says of it.</param>
/// <param name="Privates">Its private values, which stand beside the segment.</param>
/// <param name="Reason">The words of its reason, which do too.</param>
internal sealed record SegmentEntry(LogRecord Record, IReadOnlyList<SealedValue> Privates, string Reason)
{
    public static SegmentEntry Of(EntryDraft draft, SealedEntry entry) =>
        new(LogRecord.Of(draft, entry), draft.Privates, draft.Index.Text.Reason);
}
