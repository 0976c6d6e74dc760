using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.DynamoDb.Blocks;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Logs;

/// <summary>
/// One tenant's log: whole blocks in the table (<see cref="Folded"/>), and the end behind them in memory (<see cref="Index"/>), which is
/// brought up to the head before it is asked.
/// </summary>
internal sealed class TenantLog(Table table, string tenant) : IDisposable
{
    /// <summary>How many entries the log has, in the head.</summary>
    public const string SizeName = "size";

    /// <summary>The first entry that was not purged, in the head.</summary>
    public const string MinimumName = "minimum";

    /// <summary>A server that finds more than this in no block writes the blocks first, rather than keep all of it in memory.</summary>
    private const long MaxBacklog = 16 * EntrySet.BlockSize;

    private readonly SemaphoreSlim _loading = new(1);
    private readonly LogIndex _index = new();
    private readonly BlockFolder _folder = new(table, tenant);

    public LogIndex Index => _index;

    public FoldedLog Folded { get; } = new(table, tenant);

    /// <summary>The head as the table has it now; the index is then that far at least.</summary>
    public async ValueTask<LogHead?> RefreshAsync(CancellationToken cancellationToken)
    {
        if (await LookAsync(cancellationToken) is not { } look)
            return null;
        if (!IsBehind(look))
            return look.Head;
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_index.Size == 0 && look.Head.Range.Size - look.Folded > MaxBacklog)
                look = await FoldBacklogAsync(look, cancellationToken);
            if (look.Head.Range.Size > _index.Size)
                await LoadAsync(look, cancellationToken);
            else if (IsBehind(look))
                _index.Advance(look.Folded, look.Swept);
        }
        finally
        {
            _loading.Release();
        }
        return look.Head;
    }

    /// <summary>Writes every whole block; from then on this server needs them no more in memory.</summary>
    /// <returns>The first entry that is in no block.</returns>
    public async ValueTask<long> FoldAsync(CancellationToken cancellationToken)
    {
        await _folder.FoldAsync(cancellationToken);
        return await AskAsync(view => view.Folded, cancellationToken);
    }

    /// <summary>Goes on with what this server itself wrote. Where another's entries are between, the next refresh reads both.</summary>
    public void Append(
        IReadOnlyList<(Segment Segment, IReadOnlyList<LogRecord> Records)> segments,
        IEnumerable<string> erased,
        LogHead head,
        long lastErasure
    )
    {
        _loading.Wait();
        try
        {
            if (segments[0].Segment.First == _index.Size)
                _index.Append(segments, [.. erased.Select(subject => (subject, lastErasure))], head, lastErasure);
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Asks the log as it is now.</summary>
    public async ValueTask<T> AskAsync<T>(Func<LogIndex.View, T> question, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        return _index.Ask(question);
    }

    /// <summary>Some entries that are in the log, by their index, with their leaves but for those that were purged.</summary>
    public async ValueTask<Dictionary<long, LogRecord>> RecordsAsync(
        IReadOnlyCollection<long> entries,
        CancellationToken cancellationToken
    )
    {
        var records = new Dictionary<long, LogRecord>();
        var missing = new HashSet<long>();
        _index.Ask(view =>
        {
            foreach (var entry in entries)
            {
                if (entry >= view.First && view[entry].Record is { Leaf: not null } record)
                    records[entry] = record;
                else
                    missing.Add(entry);
            }
            return records.Count;
        });
        if (missing.Count == 0)
            return records;
        var segments = await SegmentsAsync(missing, cancellationToken);
        var items = await table.GetAsync(segments.Select(segment => Keys.Segment(tenant, segment.First)), cancellationToken);
        foreach (var record in items.Values.SelectMany(item => SegmentCodec.Read(item.Bytes(Segments.Content))))
        {
            if (missing.Contains(record.Index))
                records[record.Index] = record;
        }
        return records;
    }

    /// <summary>The segments that some entries are in, in the order of the log.</summary>
    public async ValueTask<List<Segment>> SegmentsAsync(IReadOnlyCollection<long> entries, CancellationToken cancellationToken)
    {
        var (inMemory, inBlocks) = _index.Ask(view =>
            (
                entries.Where(entry => entry >= view.First).Select(view.SegmentOf).ToList(),
                entries.Where(entry => entry < view.First).ToList()
            )
        );
        var folded = inBlocks.Count == 0 ? [] : await Folded.SegmentsAsync(inBlocks, cancellationToken);
        return [.. folded.Concat(inMemory).Distinct().OrderBy(segment => segment.First)];
    }

    /// <summary>The segments that the entries from one to before another are in, in the order of the log.</summary>
    public async ValueTask<List<Segment>> SegmentsAsync(long from, long end, CancellationToken cancellationToken)
    {
        var (first, inMemory) = _index.Ask(view =>
        {
            var found = new List<Segment>();
            for (var next = Math.Max(from, view.First); next < end; next = found[^1].First + found[^1].Count)
                found.Add(view.SegmentOf(next));
            return (view.First, found);
        });
        return [.. await Folded.SegmentsAsync(from, Math.Min(end, first), cancellationToken), .. inMemory];
    }

    /// <summary>The entry with an id, purged or not.</summary>
    public async ValueTask<long?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var (found, size) = await AskAsync(view => (view.Find(id), view.Size), cancellationToken);
        if (found is not null)
            return found;
        var folded = await Folded.FindAsync([id], cancellationToken);
        return folded.TryGetValue(id, out var index) && index < size ? index : null;
    }

    /// <summary>The entries from one on that brought values of a subject, in order.</summary>
    public async ValueTask<List<long>> BroughtAsync(string subject, long from, CancellationToken cancellationToken)
    {
        var (folded, newest) = _index.Ask(view =>
            (view.Folded, view.Brought(subject).Where(entry => entry >= Math.Max(from, view.Folded)).Distinct().ToList())
        );
        return [.. await Folded.BroughtAsync(subject, from, folded, cancellationToken), .. newest];
    }

    /// <summary>The first entry that brought the value behind a commitment in documents, or -1.</summary>
    public async ValueTask<long> FirstCommittedAsync(string commitment, CancellationToken cancellationToken)
    {
        var (folded, newest) = _index.Ask(view =>
            (view.Folded, view.Committed(commitment).Where(entry => entry >= view.Folded).ToList())
        );
        var oldest = await Folded.CommittedAsync(commitment, folded, cancellationToken, limit: 1);
        return oldest.Concat(newest).DefaultIfEmpty(-1).First();
    }

    /// <summary>The private values of some entries, with the entry of each, in the order of the log: those not erased.</summary>
    public async ValueTask<List<(long Index, SealedValue Value)>> PrivatesAsync(
        IReadOnlyCollection<long> entries,
        CancellationToken cancellationToken
    )
    {
        var privates = await ReadPrivatesAsync(entries, cancellationToken);
        var wanted = entries.ToHashSet();
        return _index.Ask(view =>
            privates
                .SelectMany(part => part.Values)
                .Where(value => wanted.Contains(value.Index) && !view.IsErased(value.Value.Subject))
                .OrderBy(value => value.Index)
                .ToList()
        );
    }

    /// <summary>Reads the words of every reason in memory that were not read yet.</summary>
    public async ValueTask LoadReasonsAsync(CancellationToken cancellationToken)
    {
        var missing = _index.Ask(view =>
        {
            var unread = new List<long>();
            for (var i = Math.Max(view.Minimum, view.First); i < view.Size; i++)
            {
                if (view[i].Reason is null)
                    unread.Add(i);
            }
            return unread;
        });
        if (missing.Count == 0)
            return;
        var words = new Dictionary<long, string>();
        foreach (var part in await ReadPrivatesAsync(missing, cancellationToken))
        {
            foreach (var (index, text) in part.Reasons)
                words[index] = text;
        }
        _index.KeepReasons(missing.Select(entry => (entry, words.GetValueOrDefault(entry, ""))));
    }

    public void Dispose() => _loading.Dispose();

    /// <summary>In the order of the log.</summary>
    private async ValueTask<List<SegmentPrivates>> ReadPrivatesAsync(
        IReadOnlyCollection<long> entries,
        CancellationToken cancellationToken
    )
    {
        var segments = await SegmentsAsync(entries, cancellationToken);
        var keys = segments.SelectMany(segment => Segments.PrivateKeys(tenant, segment)).ToList();
        var items = await table.GetAsync(keys, cancellationToken);
        return [.. keys.Where(items.ContainsKey).Select(key => SegmentCodec.ReadPrivates(items[key].Bytes(Segments.Content)))];
    }

    /// <summary>How far the table is now.</summary>
    private async ValueTask<Look?> LookAsync(CancellationToken cancellationToken)
    {
        var (head, folded, swept) = (Keys.Head(tenant), Keys.Folded(tenant), Keys.Swept(tenant));
        var items = await table.GetAsync([head, folded, swept], cancellationToken);
        if (!items.TryGetValue(head, out var item))
            return null;
        var (read, lastErasure) = ReadHead(item);
        // The other two may have been read a moment later than the head, by which the log is asked.
        return new Look(
            read,
            lastErasure,
            Math.Min(FoldState.Of(items.GetValueOrDefault(folded)).Size, FoldedLog.BlockOf(read.Range.Size)),
            SweepState.Of(items.GetValueOrDefault(swept))
        );
    }

    private async ValueTask<Look> FoldBacklogAsync(Look look, CancellationToken cancellationToken)
    {
        try
        {
            await _folder.FoldAsync(cancellationToken);
        }
        catch (IOException refused) when (refused is not StoreAwayException)
        {
            // What cannot be put into blocks is kept in memory, as whoever commits next says.
        }
        return await LookAsync(cancellationToken) ?? look;
    }

    private bool IsBehind(Look look) =>
        look.Head.Range.Size > _index.Size || _index.Ask(view => view.Folded < look.Folded || view.Swept < look.Swept.Erased);

    private async ValueTask LoadAsync(Look look, CancellationToken cancellationToken)
    {
        var (head, size) = (look.Head, _index.Size);
        // What another server put into blocks meanwhile is not read, but for a segment that begins in the last of them.
        var restarts = look.Folded > size || (size == 0 && look.Folded == 0);
        var next = restarts ? look.Folded - (look.Folded % Keys.LogPart) : size;
        var segments = new List<(Segment Segment, IReadOnlyList<LogRecord>)>();
        while (next < head.Range.Size)
        {
            var part = next / Keys.LogPart;
            var end = Math.Min((part + 1) * Keys.LogPart, head.Range.Size);
            segments.AddRange(await Segments.ReadAsync(table, tenant, next, end, cancellationToken));
            next = end;
        }
        if (restarts)
            segments.RemoveAll(read => read.Segment.First + read.Segment.Count <= look.Folded);
        var erased = new List<(string, long)>();
        if (look.LastErasure > _index.LastErasure)
        {
            var erasures = await Erasures.ReadAsync(table, tenant, _index.LastErasure + 1, look.LastErasure, cancellationToken);
            foreach (var erasure in erasures)
                erased.AddRange(Erasures.Subjects(erasure).Select(subject => (subject, Erasures.Index(erasure))));
        }
        _index.AdvanceAndAppend((look.Folded, look.Swept), segments, erased, head, look.LastErasure);
    }

    public (LogHead Head, long LastErasure) ReadHead(Item item) =>
        (
            new LogHead(
                tenant,
                item.Text("origin"),
                CompactRange.FromBytes(item.Number(SizeName), item.Bytes("frontier")),
                item.Time("at")
            )
            {
                Minimum = item.Number(MinimumName),
            },
            item.Number("erasure")
        );

    public Item WriteHead(LogHead head, long lastErasure) =>
        new Item(Keys.Head(tenant))
            .With("origin", head.Origin)
            .With(SizeName, head.Range.Size)
            .With("frontier", head.Range.ToBytes())
            .With("root", head.Range.Root.ToArray())
            .With("at", head.LastAt)
            .With(MinimumName, head.Minimum)
            .With("erasure", lastErasure);

    private sealed record Look(LogHead Head, long LastErasure, long Folded, SweepState Swept);
}
