using System.Runtime.CompilerServices;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.DynamoDb.Blocks;

namespace Halyard.Storage.DynamoDb.Reading;

/// <summary>
/// Finds the matches in whole blocks, newest first: for some blocks at a time one request for each page that the query's terms and words
/// are on; few blocks at first, for a page is often full with those, then more.
/// </summary>
/// <param name="folded">The blocks.</param>
/// <param name="filter">What is asked for.</param>
/// <param name="unswept">Whose reasons are not to be found although their words may still be there.</param>
internal sealed class BlockScan(FoldedLog folded, AuditFilter filter, IReadOnlyList<string> unswept)
{
    /// <summary>The most blocks at a time: what is read of them is in memory at once.</summary>
    public const int MostBlocks = 128;

    private readonly WordSearch? _words = filter.Text is null
        ? null
        : new WordSearch(folded, filter.Text, filter.SearchesReasons, unswept);

    /// <summary>The matches from one entry to before another, a block at a time; blocks without a match are left out.</summary>
    /// <param name="from">The first entry.</param>
    /// <param name="end">The first that is not asked for.</param>
    /// <param name="blocks">How many blocks are looked at first, at most <see cref="MostBlocks"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<(long First, EntrySet Entries)> NewestAsync(
        long from,
        long end,
        int blocks,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (filter.IsHopeless)
            yield break;
        for (; end > from; blocks = Math.Min(blocks * 4, MostBlocks))
        {
            var first = Math.Max(FoldedLog.BlockOf(end - 1) - ((blocks - 1) * (long)EntrySet.BlockSize), FoldedLog.BlockOf(from));
            var candidates = new SortedDictionary<long, EntrySet>();
            for (var block = first; block < end; block += EntrySet.BlockSize)
                candidates[block] = EntrySet.Range(
                    (int)Math.Max(from - block, 0),
                    (int)Math.Min(end - block, EntrySet.BlockSize)
                );
            await KeepTermsAsync(candidates, cancellationToken);
            if (filter.HasTimes)
                await KeepInTimeAsync(candidates, cancellationToken);
            if (_words is not null)
                await _words.KeepAsync(candidates, cancellationToken);
            foreach (var (block, entries) in candidates.Reverse())
            {
                if (!entries.IsEmpty)
                    yield return (block, entries);
            }
            end = first;
        }
    }

    private async ValueTask KeepTermsAsync(SortedDictionary<long, EntrySet> candidates, CancellationToken cancellationToken)
    {
        var terms = filter.AllOf.SelectMany(any => any).Concat(filter.NoneOf).ToList();
        if (terms.Count == 0)
            return;
        var (first, last) = (candidates.Keys.First(), candidates.Keys.Last());
        var pages = await folded.PagesAsync(terms.Select(Page.OfTerm), first, last, cancellationToken);
        foreach (var (block, entries) in candidates)
        {
            foreach (var any in filter.AllOf)
                entries.IntersectWith(Posted(pages, any, block));
            entries.ExceptWith(Posted(pages, filter.NoneOf, block));
        }
    }

    private static EntrySet Posted(Dictionary<Page, Dictionary<long, List<Posting>>> pages, IEnumerable<string> terms, long block)
    {
        var posted = new EntrySet();
        foreach (var term in terms)
        {
            foreach (var posting in Postings.Find(pages[Page.OfTerm(term)].GetValueOrDefault(block, []), term, isPrefix: false))
                posted.Add(posting.Entries);
        }
        return posted;
    }

    private async ValueTask KeepInTimeAsync(SortedDictionary<long, EntrySet> candidates, CancellationToken cancellationToken)
    {
        var (first, last) = (candidates.Keys.First(), candidates.Keys.Last());
        var extents = (await folded.ExtentsAsync(first, last, cancellationToken)).ToDictionary(
            item => item.Key.Sort,
            BlockItems.ReadExtent
        );
        var cut = new List<long>();
        foreach (var (block, entries) in candidates)
        {
            if (!extents.TryGetValue(Keys.Index(block), out var extent))
                throw Damaged(block);
            var (begins, ends) = (filter.IsInTime(extent.Earliest), filter.IsInTime(extent.Latest));
            if (begins && ends)
                continue;
            // The range may also be between the two.
            if (!begins && !ends && !filter.IsAround(extent.Earliest, extent.Latest))
                entries.Clear();
            else if (!entries.IsEmpty)
                cut.Add(block);
        }
        var times = await folded.TimesAsync(cut, cancellationToken);
        foreach (var block in cut)
        {
            var (inTime, all) = (new EntrySet(), times.GetValueOrDefault(block) ?? throw Damaged(block));
            for (var place = 0; place < all.Count; place++)
            {
                if (filter.IsInTime(all[place]))
                    inTime.Add(place);
            }
            candidates[block].IntersectWith(inTime);
        }
    }

    private static IOException Damaged(long block) => new($"The index of the audit log is damaged: block {block} is missing.");
}
