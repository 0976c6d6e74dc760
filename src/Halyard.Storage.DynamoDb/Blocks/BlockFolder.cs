using Halyard.Core.Audit.Searching;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Blocks;

/// <summary>
/// Writes what the entries of whole blocks are found by, behind the commits, from the table alone. It can be broken off and begun again
/// anywhere, and any number of servers may do it at once: a block counts from the moment that <see cref="FoldState"/> says so, and then
/// all of it is there.
/// </summary>
internal sealed class BlockFolder(Table table, string tenant)
{
    private readonly PageItems _pages = new(table, tenant);

    /// <summary>Folds every whole block, and tells the first entry that is then in none.</summary>
    /// <exception cref="IOException">An entry is missing, or the table refuses what is written.</exception>
    public async ValueTask<long> FoldAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // The head after it: what was erased before this version began is known to whoever writes under it.
            var state = await FoldState.ReadAsync(table, tenant, cancellationToken);
            if (await table.GetAsync(Keys.Head(tenant), cancellationToken) is not { } head)
                return 0;
            if (state.Size + EntrySet.BlockSize > head.Number(TenantLog.SizeName))
                return state.Size;
            await FoldAsync(state, head.Number(TenantLog.MinimumName), cancellationToken);
        }
    }

    /// <summary>Folds the next block, unless somebody else goes on from this state meanwhile.</summary>
    private async ValueTask FoldAsync(FoldState state, long minimum, CancellationToken cancellationToken)
    {
        var first = state.Size;
        var (segments, records) = await RecordsAsync(first, cancellationToken);
        var reasons = await ReasonsAsync(segments, records, cancellationToken);
        var pages = BlockContent.Of(first, records, reasons, minimum);
        // Also those that somebody left who was ended amid it.
        var before = await _pages.ReadAsync(first, Page.All(), cancellationToken);
        var written = await Many.SelectAsync(
            pages.Keys.Union(before.Keys),
            page =>
                _pages.WriteAsync(
                    first,
                    page,
                    before.GetValueOrDefault(page, StoredPage.None),
                    pages.GetValueOrDefault(page, []),
                    state.Version,
                    cancellationToken
                )
        );
        if (written.Contains(false))
            return;
        var items = BlockItems.Write(tenant, first, segments, records).DistinctBy(item => item.Key);
        await Many.ForEachAsync(items.Chunk(Table.MaxPuts), some => table.PutAsync(some, cancellationToken));
        await state.AdvanceAsync(table, tenant, first + EntrySet.BlockSize, cancellationToken);
    }

    private async ValueTask<(List<Segment> Segments, List<LogRecord> Records)> RecordsAsync(
        long first,
        CancellationToken cancellationToken
    )
    {
        var part = first / Keys.LogPart;
        var end = first + EntrySet.BlockSize;
        // From the part's beginning, for a segment that crosses the block's.
        var range = (Keys.Index(part * Keys.LogPart), Keys.Index(end - 1));
        var items = await table.QueryAsync(Keys.Segments(tenant, part), range, cancellationToken);
        var found = items.Select(Segments.Read).Where(read => read.Segment.First + read.Segment.Count > first).ToList();
        var records = found
            .SelectMany(read => read.Records)
            .Where(record => record.Index >= first && record.Index < end)
            .ToList();
        for (var place = 0; place < EntrySet.BlockSize; place++)
        {
            if (place >= records.Count || records[place].Index != first + place)
                throw new IOException($"The log of '{tenant}' has no entry {first + place}.");
        }
        return (found.ConvertAll(read => read.Segment), records);
    }

    /// <summary>The words of the reasons of those who were not erased, whether they were removed yet or not.</summary>
    private async ValueTask<Dictionary<long, string>> ReasonsAsync(
        List<Segment> segments,
        List<LogRecord> records,
        CancellationToken cancellationToken
    )
    {
        var erasures = await table.QueryAsync(Keys.Erasures(tenant), range: null, cancellationToken);
        var erased = erasures.SelectMany(Erasures.Subjects).ToHashSet(StringComparer.Ordinal);
        var silenced = records
            .Where(record => record.Privates.Any(mark => mark.IsReason && erased.Contains(mark.Subject)))
            .Select(record => record.Index)
            .ToHashSet();
        var keys = segments.SelectMany(segment => Segments.PrivateKeys(tenant, segment));
        var privates = await table.GetAsync(keys, cancellationToken);
        return privates
            .Values.SelectMany(item => SegmentCodec.ReadPrivates(item.Bytes(Segments.Content)).Reasons)
            .Where(reason => !silenced.Contains(reason.Key))
            .ToDictionary(reason => reason.Key, reason => reason.Value);
    }
}
