using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Storage.Copying;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Copying;

/// <summary>
/// Reads a log for a copy, a part of <see cref="Keys.LogPart"/> entries at a time. What was erased or purged is not in what it gives, even
/// where it is to be removed from the table yet.
/// </summary>
internal sealed class EntryReader(Table table, LogHead head, IReadOnlySet<string> erased)
{
    private long _part = -1;
    private List<CopiedEntry> _entries = [];

    /// <summary>The entries from one on, as many as a block has or there are.</summary>
    public async ValueTask<IReadOnlyList<CopiedEntry>> BlockAsync(long first, CancellationToken cancellationToken)
    {
        if (first >= head.Range.Size)
            return [];
        if (first / Keys.LogPart is var part && part != _part)
            (_part, _entries) = (part, await ReadAsync(part, cancellationToken));
        return [.. _entries.Where(entry => entry.Index >= first && entry.Index < first + EntrySet.BlockSize)];
    }

    /// <summary>Where the values in documents are, in the order of their commitments; where one recurs, its first.</summary>
    public async ValueTask<IReadOnlyList<Located>> DocumentPrivatesAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Located>(StringComparer.Ordinal);
        for (var part = 0L; part * Keys.LogPart < head.Range.Size; part++)
        {
            var segments = await SegmentsAsync(part, cancellationToken);
            foreach (var (key, privates) in await PrivatesAsync(segments, cancellationToken))
            {
                foreach (var (_, value) in privates.Values.Where(value => value.Value.InDocument && IsThere(value.Value)))
                    found.TryAdd(value.Commitment, new Located([value.Commitment], key));
            }
        }
        return [.. found.Values.OrderBy(located => located.Row, RowOrder.Instance)];
    }

    private async ValueTask<List<CopiedEntry>> ReadAsync(long part, CancellationToken cancellationToken)
    {
        var segments = await SegmentsAsync(part, cancellationToken);
        var privates = (await PrivatesAsync(segments, cancellationToken)).ConvertAll(part => part.Privates);
        var values = privates.SelectMany(some => some.Values).ToLookup(value => value.Index, value => value.Value);
        var reasons = privates.SelectMany(some => some.Reasons).ToDictionary();
        return segments
            .SelectMany(segment => segment.Records)
            .Where(record => record.Index < head.Range.Size)
            .Select(record => Entry(record, values[record.Index], reasons.GetValueOrDefault(record.Index, "")))
            .ToList();
    }

    private CopiedEntry Entry(LogRecord record, IEnumerable<SealedValue> values, string reason)
    {
        if (record.Leaf is not { } leaf || record.Index < head.Minimum)
            return new CopiedEntry(record.Index, record.Hash, null, record.Versions, []);
        var isSilenced = record.Privates.Any(mark => mark.IsReason && erased.Contains(mark.Subject));
        var text = new EntryText(record.Content, isSilenced ? "" : reason);
        return new CopiedEntry(
            record.Index,
            record.Hash,
            new StoredEntry(record.Id, record.At, record.EffectiveAt, leaf, text),
            record.Versions,
            [.. values.Where(value => !value.InDocument && IsThere(value))]
        );
    }

    private bool IsThere(SealedValue value) => !erased.Contains(value.Subject);

    private async ValueTask<List<(Segment Segment, IReadOnlyList<LogRecord> Records)>> SegmentsAsync(
        long part,
        CancellationToken cancellationToken
    )
    {
        var range = (Keys.Index(part * Keys.LogPart), Keys.Index(((part + 1) * Keys.LogPart) - 1));
        return (await table.QueryAsync(Keys.Segments(head.Tenant, part), range, cancellationToken)).ConvertAll(Segments.Read);
    }

    private async ValueTask<List<(Key Key, SegmentPrivates Privates)>> PrivatesAsync(
        List<(Segment Segment, IReadOnlyList<LogRecord> Records)> segments,
        CancellationToken cancellationToken
    )
    {
        var keys = segments.SelectMany(segment => Segments.PrivateKeys(head.Tenant, segment.Segment)).ToList();
        var items = await table.GetAsync(keys, cancellationToken);
        return
        [
            .. keys.Where(items.ContainsKey).Select(key => (key, SegmentCodec.ReadPrivates(items[key].Bytes(Segments.Content)))),
        ];
    }
}
