using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Reading;

/// <summary>What is asked of one tenant's log: its end in memory, and the whole blocks in the table.</summary>
internal sealed class LogReader(TenantLog log)
{
    /// <summary>The newest page is nearly always in these.</summary>
    private const int BlocksOfAPage = 4;

    public async ValueTask<IReadOnlyList<FeedEntry>> FeedAsync(long from, int limit, CancellationToken cancellationToken)
    {
        var indexes = await log.AskAsync(
            view => Range(Math.Max(from, view.Minimum), limit, view.Size).ToList(),
            cancellationToken
        );
        var records = await log.RecordsAsync(indexes, cancellationToken);
        var found = new List<FeedEntry>();
        foreach (var index in indexes)
        {
            if (records.GetValueOrDefault(index) is { Leaf: { } leaf } record)
                found.Add(new FeedEntry(index, leaf, record.Versions));
        }
        return found;
    }

    public async ValueTask<IReadOnlyList<Digest>> HashesAsync(long from, int count, CancellationToken cancellationToken)
    {
        var (folded, end, newest) = await log.AskAsync(
            view =>
                (
                    view.Folded,
                    Math.Min(from + count, view.Size),
                    Range(Math.Max(from, view.Folded), count, Math.Min(from + count, view.Size))
                        .Select(index => view[index].Record.Hash)
                        .ToList()
                ),
            cancellationToken
        );
        return [.. await log.Folded.HashesAsync(Math.Max(from, 0), Math.Min(folded, end), cancellationToken), .. newest];
    }

    public async ValueTask<LogEntry?> EntryAsync(long index, CancellationToken cancellationToken)
    {
        var isThere = await log.AskAsync(view => IsThere(view, index), cancellationToken);
        return isThere && await EntriesAsync([index], cancellationToken) is [var entry] ? entry : null;
    }

    public async ValueTask<LogEntry?> EntryAsync(string id, CancellationToken cancellationToken) =>
        await log.FindAsync(id, cancellationToken) is { } index ? await EntryAsync(index, cancellationToken) : null;

    public async ValueTask<IReadOnlyList<LogEntry>> QueryAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        var filter = await PrepareAsync(query, cancellationToken);
        var (page, range, unswept) = log.Index.Ask(view =>
        {
            var found = new List<long>();
            var since = Math.Max(view.Minimum, query.Since);
            var end = Math.Min(query.Before ?? view.Size, view.Size);
            for (var i = end - 1; i >= Math.Max(since, view.Folded) && found.Count < query.Limit; i--)
            {
                if (filter.Matches(view[i]))
                    found.Add(i);
            }
            return (found, (Since: since, End: Math.Min(end, view.Folded)), view.Unswept());
        });
        if (page.Count < query.Limit)
        {
            var scan = new BlockScan(log.Folded, filter, unswept);
            await foreach (var (first, entries) in scan.NewestAsync(range.Since, range.End, BlocksOfAPage, cancellationToken))
            {
                page.AddRange(entries.Descending().Select(place => first + place).Take(query.Limit - page.Count));
                if (page.Count == query.Limit)
                    break;
            }
        }
        return await EntriesAsync(page, cancellationToken);
    }

    public async ValueTask<long> CountAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        var filter = await PrepareAsync(query, cancellationToken);
        var (count, range, unswept) = log.Index.Ask(view =>
        {
            var since = Math.Max(view.Minimum, query.Since);
            if (filter.IsEmpty)
                return (Math.Max(view.Size - since, 0), (Since: 0L, End: 0L), []);
            var newest = 0L;
            for (var i = Math.Max(since, view.Folded); i < view.Size; i++)
                newest += filter.Matches(view[i]) ? 1 : 0;
            return (newest, (Since: since, End: view.Folded), view.Unswept());
        });
        var scan = new BlockScan(log.Folded, filter, unswept);
        await foreach (var (_, entries) in scan.NewestAsync(range.Since, range.End, BlockScan.MostBlocks, cancellationToken))
            count += entries.Count;
        return count;
    }

    public async ValueTask<IReadOnlyList<ResourceVersion>> VersionsAtAsync(
        ResourceKind kind,
        string project,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        var found = await LastVersionsAsync(
            () => log.Folded.NamesAsync(kind, project, cancellationToken),
            name => name.Kind == kind && name.Project == project,
            version => version.EffectiveAt <= at,
            cancellationToken
        );
        return
        [
            .. found.Where(version => version.Document is not null).OrderBy(version => version.Name.Key, StringComparer.Ordinal),
        ];
    }

    public async ValueTask<IReadOnlyList<ResourceVersion>> VersionsBelowAsync(long index, CancellationToken cancellationToken)
    {
        var found = await LastVersionsAsync(
            () => log.Folded.NamesAsync(cancellationToken),
            _ => true,
            version => version.Index < index,
            cancellationToken
        );
        return [.. found.OrderBy(version => version.Index)];
    }

    public async ValueTask<IReadOnlyList<ResourceVersion>> VersionsOfAsync(
        ResourceName name,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var (folded, newest) = await log.AskAsync(
            view => (view.Folded, view.Named.GetValueOrDefault(name, []).Where(version => version.Index >= view.Folded).ToList()),
            cancellationToken
        );
        var oldest = folded == 0 ? [] : await log.Folded.VersionsAsync(name, folded, limit, cancellationToken);
        return [.. oldest.Concat(newest).Take(limit)];
    }

    public async ValueTask<ResourceVersion?> VersionAsync(string id, long revision, CancellationToken cancellationToken)
    {
        var (found, size) = await log.AskAsync(view => (view.Version(id, revision), view.Size), cancellationToken);
        if (found is not null)
            return found;
        var folded = await log.Folded.VersionsAsync([(id, revision)], cancellationToken);
        return folded.Values.FirstOrDefault(version => version.Index < size);
    }

    public async ValueTask<IReadOnlyList<SealedValue>> EntryPrivatesAsync(
        IReadOnlyCollection<long> indexes,
        CancellationToken cancellationToken
    )
    {
        var wanted = await log.AskAsync(
            view => indexes.Distinct().Where(index => IsThere(view, index)).ToList(),
            cancellationToken
        );
        var values = await log.PrivatesAsync(wanted, cancellationToken);
        return [.. values.Where(value => !value.Value.InDocument).Select(value => value.Value)];
    }

    /// <summary>In the order of the commitments; where one recurs, its first value.</summary>
    public async ValueTask<IReadOnlyList<SealedValue>> DocumentPrivatesAsync(
        IReadOnlyCollection<string> commitments,
        CancellationToken cancellationToken
    )
    {
        var wanted = commitments.Distinct(StringComparer.Ordinal).ToList();
        var (folded, newest) = await log.AskAsync(
            view => (view.Folded, wanted.SelectMany(view.Committed).ToList()),
            cancellationToken
        );
        var oldest = await Many.SelectAsync(
            wanted,
            commitment => log.Folded.CommittedAsync(commitment, folded, cancellationToken)
        );
        List<long> entries = [.. oldest.SelectMany(some => some).Concat(newest).Distinct()];
        var found = (await log.PrivatesAsync(entries, cancellationToken))
            .Where(value => value.Value.InDocument)
            .Select(value => value.Value)
            .DistinctBy(value => value.Commitment, StringComparer.Ordinal)
            .ToDictionary(value => value.Commitment, StringComparer.Ordinal);
        return [.. wanted.Where(found.ContainsKey).Select(commitment => found[commitment])];
    }

    /// <summary>What there is of some subjects, but for their names.</summary>
    public async ValueTask<SubjectExtent> ExtentAsync(IReadOnlyCollection<string> subjects, CancellationToken cancellationToken)
    {
        var (live, size, minimum) = await log.AskAsync(
            view =>
                (subjects.Where(subject => !view.IsErased(subject)).ToHashSet(StringComparer.Ordinal), view.Size, view.Minimum),
            cancellationToken
        );
        var brought = await Many.SelectAsync(live, subject => log.BroughtAsync(subject, 0, cancellationToken));
        var records = await log.RecordsAsync([.. brought.SelectMany(some => some).Distinct()], cancellationToken);
        var marks = records.Values.SelectMany(record =>
            record.Privates.Where(mark => live.Contains(mark.Subject)).Select(mark => (record.Index, mark.Commitment))
        );
        var (inEntries, inDocuments) = (0L, new HashSet<(string Commitment, long Index)>());
        foreach (var (index, commitment) in marks)
        {
            if (commitment is not null)
                inDocuments.Add((commitment, index));
            else if (index >= minimum)
                inEntries++;
        }
        var first = await Many.SelectAsync(
            inDocuments.Select(value => value.Commitment).Distinct(StringComparer.Ordinal),
            async commitment => (commitment, await log.FirstCommittedAsync(commitment, cancellationToken))
        );
        string[] commitments =
        [
            .. first.Where(inDocuments.Contains).Select(value => value.commitment).Order(StringComparer.Ordinal),
        ];
        return new SubjectExtent(inEntries + commitments.Length, commitments, [], size);
    }

    private static bool IsThere(LogIndex.View view, long index) => index >= view.Minimum && index < view.Size;

    private static IEnumerable<long> Range(long from, long count, long size)
    {
        var end = Math.Min(size, from + count);
        for (var i = from; i < end; i++)
            yield return i;
    }

    /// <summary>For each name the last version that a condition holds of.</summary>
    private async ValueTask<IEnumerable<ResourceVersion>> LastVersionsAsync(
        Func<ValueTask<List<ResourceName>>> names,
        Func<ResourceName, bool> isMeant,
        Func<ResourceVersion, bool> holds,
        CancellationToken cancellationToken
    )
    {
        var (folded, newest) = await log.AskAsync(
            view =>
                (
                    view.Folded,
                    view.Named.Where(named => isMeant(named.Key))
                        .Select(named => named.Value.FindLast(version => version.Index >= view.Folded && holds(version)))
                        .OfType<ResourceVersion>()
                        .ToDictionary(version => version.Name)
                ),
            cancellationToken
        );
        if (folded == 0)
            return newest.Values;
        // Of a name that has none in memory that holds: those there are later than all in blocks.
        var older = await Many.SelectAsync(
            (await names()).Where(name => !newest.ContainsKey(name)),
            name => log.Folded.LastVersionAsync(name, folded, holds, cancellationToken)
        );
        return newest.Values.Concat(older.OfType<ResourceVersion>());
    }

    private async ValueTask<AuditFilter> PrepareAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        await log.RefreshAsync(cancellationToken);
        if (query.Text is not null && query.SearchesReasons)
            await log.LoadReasonsAsync(cancellationToken);
        return new AuditFilter(query);
    }

    private async ValueTask<IReadOnlyList<LogEntry>> EntriesAsync(
        IReadOnlyCollection<long> indexes,
        CancellationToken cancellationToken
    )
    {
        var records = await log.RecordsAsync(indexes, cancellationToken);
        var found = new List<LogEntry>();
        foreach (var index in indexes)
        {
            if (records.GetValueOrDefault(index) is { Leaf: { } leaf } record)
                found.Add(new LogEntry(index, record.At, record.EffectiveAt, leaf));
        }
        return found;
    }
}
