using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.DynamoDb.Native;
using Segment = Halyard.Storage.DynamoDb.Logs.Segment;

namespace Halyard.Storage.DynamoDb.Blocks;

/// <summary>
/// The part of a log that stands in whole blocks, asked of the table. Who asks says where that part ends: what is in the table beyond it is
/// not whole yet.
/// </summary>
internal sealed class FoldedLog(Table table, string tenant)
{
    private readonly PageItems _pages = new(table, tenant);

    /// <summary>The first entry of the block that an entry is in.</summary>
    public static long BlockOf(long index) => index - (index % EntrySet.BlockSize);

    /// <summary>The segments that some entries are in, in the order of the log.</summary>
    public async ValueTask<List<Segment>> SegmentsAsync(IReadOnlyCollection<long> entries, CancellationToken cancellationToken)
    {
        var wanted = entries.Order().ToList();
        var keys = wanted.Select(BlockOf).Distinct().Select(block => Keys.Block(tenant, block));
        var items = await table.GetAsync(keys, cancellationToken);
        var segments = items.Values.SelectMany(BlockItems.ReadSegments).Distinct().OrderBy(segment => segment.First).ToList();
        var next = 0;
        return
        [
            .. segments.Where(segment =>
            {
                while (next < wanted.Count && wanted[next] < segment.First)
                    next++;
                return next < wanted.Count && wanted[next] < segment.First + segment.Count;
            }),
        ];
    }

    /// <summary>The segments that the entries from one to before another are in, in the order of the log.</summary>
    public async ValueTask<List<Segment>> SegmentsAsync(long from, long end, CancellationToken cancellationToken)
    {
        if (from >= end)
            return [];
        var items = await ExtentsAsync(BlockOf(from), BlockOf(end - 1), cancellationToken);
        return
        [
            .. items
                .SelectMany(BlockItems.ReadSegments)
                .Where(segment => segment.First < end && segment.First + segment.Count > from)
                .Distinct()
                .OrderBy(segment => segment.First),
        ];
    }

    /// <summary>The items of some blocks that follow each other.</summary>
    public ValueTask<List<Item>> ExtentsAsync(long firstBlock, long lastBlock, CancellationToken cancellationToken) =>
        table.QueryAsync(Keys.Blocks(tenant), (Keys.Index(firstBlock), Keys.Index(lastBlock)), cancellationToken);

    /// <summary>When the entries of some blocks took effect: by the first entry of the block.</summary>
    public async ValueTask<Dictionary<long, List<DateTimeOffset>>> TimesAsync(
        IReadOnlyCollection<long> blocks,
        CancellationToken cancellationToken
    )
    {
        var keys = blocks.ToDictionary(block => Keys.Times(tenant, block));
        var items = await table.GetAsync(keys.Keys, cancellationToken);
        return items.ToDictionary(item => keys[item.Key], item => BlockItems.ReadTimes(item.Value));
    }

    /// <summary>What blocks that follow each other have on some pages.</summary>
    public async ValueTask<Dictionary<Page, Dictionary<long, List<Posting>>>> PagesAsync(
        IEnumerable<Page> pages,
        long firstBlock,
        long lastBlock,
        CancellationToken cancellationToken
    )
    {
        var read = await Many.SelectAsync(
            pages.Distinct(),
            async page => (page, await _pages.ReadAsync(page, firstBlock, lastBlock, cancellationToken))
        );
        return read.ToDictionary(page => page.page, page => page.Item2);
    }

    /// <summary>Leaf hashes from an entry to before another.</summary>
    public async ValueTask<List<Digest>> HashesAsync(long from, long end, CancellationToken cancellationToken)
    {
        if (from >= end)
            return [];
        var first = from - (from % BlockItems.HashesInItem);
        var range = (Keys.Index(first), Keys.Index(end - 1));
        var items = await table.QueryAsync(Keys.Hashes(tenant), range, cancellationToken);
        return [.. items.SelectMany(BlockItems.ReadHashes).Skip((int)(from - first)).Take((int)(end - from))];
    }

    /// <summary>Those of some ids that entries have, with the entry of each. It may be one beyond the whole blocks.</summary>
    public async ValueTask<Dictionary<string, long>> FindAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var keys = ids.Distinct(StringComparer.Ordinal).ToDictionary(id => Keys.Entry(tenant, id));
        var items = await table.GetAsync(keys.Keys, cancellationToken);
        return items.ToDictionary(item => keys[item.Key], item => BlockItems.ReadIndex(item.Value), StringComparer.Ordinal);
    }

    /// <summary>Those of some revisions that there are. They may be of entries beyond the whole blocks.</summary>
    public async ValueTask<Dictionary<(string Id, long Revision), ResourceVersion>> VersionsAsync(
        IEnumerable<(string Id, long Revision)> revisions,
        CancellationToken cancellationToken
    )
    {
        var keys = revisions.Distinct().ToDictionary(wanted => Keys.Revision(tenant, wanted.Id, wanted.Revision));
        var items = await table.GetAsync(keys.Keys, cancellationToken);
        return items.ToDictionary(item => keys[item.Key], item => VersionItems.Read(item.Value));
    }

    /// <summary>The first versions of a name below an entry, in the order of the log.</summary>
    public async ValueTask<List<ResourceVersion>> VersionsAsync(
        ResourceName name,
        long below,
        int limit,
        CancellationToken cancellationToken
    )
    {
        if (limit <= 0)
            return [];
        var range = (Keys.Index(0), Keys.Index(below));
        var items = await table.QueryAsync(Keys.Versions(tenant, name), range, cancellationToken, limit);
        return items.ConvertAll(VersionItems.Read);
    }

    /// <summary>The last version of a name below an entry that a condition holds of.</summary>
    public async ValueTask<ResourceVersion?> LastVersionAsync(
        ResourceName name,
        long below,
        Func<ResourceVersion, bool> holds,
        CancellationToken cancellationToken
    )
    {
        const int most = 512;
        var end = Keys.Index(below);
        // The last one nearly always; else more at a time, each time from the one before which nothing was found.
        for (var limit = 2; ; limit = Math.Min(limit * 8, most))
        {
            var range = (Keys.Index(0), end);
            var items = await table.QueryAsync(Keys.Versions(tenant, name), range, cancellationToken, limit, lastFirst: true);
            if (items.Select(VersionItems.Read).FirstOrDefault(holds) is { } found)
                return found;
            if (items.Count < limit)
                return null;
            end = items[^1].Key.Sort;
        }
    }

    /// <summary>Every name that a kind has had in a project.</summary>
    public async ValueTask<List<ResourceName>> NamesAsync(
        ResourceKind kind,
        string project,
        CancellationToken cancellationToken
    ) =>
        (await table.QueryAsync(Keys.Names(tenant, kind, project), range: null, cancellationToken)).ConvertAll(
            VersionItems.ReadName
        );

    /// <summary>Every name there has been.</summary>
    public async ValueTask<List<ResourceName>> NamesAsync(CancellationToken cancellationToken)
    {
        var groups = await table.QueryAsync(Keys.NameGroups(tenant), range: null, cancellationToken);
        var names = await Many.SelectAsync(
            groups.Select(VersionItems.ReadName),
            group => NamesAsync(group.Kind, group.Project, cancellationToken)
        );
        return [.. names.SelectMany(some => some)];
    }

    /// <summary>The entries from one to before another that brought values of a subject, in order.</summary>
    public async ValueTask<List<long>> BroughtAsync(string subject, long from, long end, CancellationToken cancellationToken)
    {
        if (from >= end)
            return [];
        var range = (Keys.Index(from), Keys.Index(end - 1));
        var inDocuments = await table.QueryAsync(Keys.Brought(tenant, subject), range, cancellationToken);
        var term = BlockContent.BroughtBy(subject);
        var blocks = await _pages.ReadAsync(Page.OfTerm(term), BlockOf(from), BlockOf(end - 1), cancellationToken);
        var found = new SortedSet<long>(inDocuments.Select(BlockItems.ReadIndex));
        foreach (var (block, postings) in blocks)
        {
            var entries = new EntrySet();
            foreach (var posting in Postings.Find(postings, term, isPrefix: false))
                entries.Add(posting.Entries);
            found.UnionWith(entries.Descending().Select(place => block + place).Where(index => index >= from && index < end));
        }
        return [.. found];
    }

    /// <summary>The first entries below one that brought the value behind a commitment in documents, in order.</summary>
    public async ValueTask<List<long>> CommittedAsync(
        string commitment,
        long below,
        CancellationToken cancellationToken,
        int limit = int.MaxValue
    )
    {
        if (below == 0)
            return [];
        var range = (Keys.Index(0), Keys.Index(below - 1));
        var items = await table.QueryAsync(Keys.Committed(tenant, commitment), range, cancellationToken, limit);
        return items.ConvertAll(BlockItems.ReadIndex);
    }
}
