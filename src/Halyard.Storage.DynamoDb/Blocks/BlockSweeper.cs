using Halyard.Core.Audit.Searching;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Blocks;

/// <summary>
/// Removes from the pages of blocks what an erasure or a purge hides. It raises the version of <see cref="FoldState"/> first: whoever
/// writes a block at that moment, and may not know of it, can then neither finish the block nor write over what is swept.
/// </summary>
internal sealed class BlockSweeper(Table table, string tenant)
{
    private readonly PageItems _pages = new(table, tenant);

    /// <summary>Removes the words of the reasons of some subjects.</summary>
    public async ValueTask EraseAsync(IReadOnlyCollection<string> subjects, long size, CancellationToken cancellationToken)
    {
        var state = await FoldState.RaiseAsync(table, tenant, cancellationToken);
        var silenced = new Dictionary<long, EntrySet>();
        foreach (var term in subjects.Select(BlockContent.ReasonOf))
        {
            foreach (var (block, postings) in await ReadAsync(term, state.Size, cancellationToken))
            {
                foreach (var posting in Postings.Find(postings, term, isPrefix: false))
                {
                    if (!silenced.TryGetValue(block, out var entries))
                        silenced[block] = entries = new EntrySet();
                    entries.Add(posting.Entries);
                }
            }
        }
        foreach (var (block, removed) in silenced)
            await ChangeAsync(
                block,
                Page.Of(PageKind.Reason),
                part => Postings.Without(part, removed),
                state.Version,
                cancellationToken
            );
        await EmptyNextAsync(state, size, Page.Of(PageKind.Reason), cancellationToken);
    }

    /// <summary>Removes all that the entries of a range are found by.</summary>
    public async ValueTask PurgeAsync(long from, long below, long size, CancellationToken cancellationToken)
    {
        var state = await FoldState.RaiseAsync(table, tenant, cancellationToken);
        var end = Math.Min(below, state.Size);
        for (var block = from - (from % EntrySet.BlockSize); block < end; block += EntrySet.BlockSize)
        {
            var removed = EntrySet.Range(0, (int)Math.Min(below - block, EntrySet.BlockSize));
            await ChangeAsync(block, Page.All(), part => Postings.Without(part, removed), state.Version, cancellationToken);
        }
        if (below > state.Size)
            await EmptyNextAsync(state, size, Page.All(), cancellationToken);
    }

    /// <summary>Somebody may have been ended amid the next block, or still be at it: it is begun anew.</summary>
    private async ValueTask EmptyNextAsync(
        FoldState state,
        long size,
        IEnumerable<Page> pages,
        CancellationToken cancellationToken
    )
    {
        if (state.Size + EntrySet.BlockSize <= size)
            await ChangeAsync(state.Size, pages, _ => [], state.Version, cancellationToken);
    }

    private ValueTask ChangeAsync(
        long block,
        IEnumerable<Page> pages,
        Func<List<Posting>, List<Posting>> make,
        long fence,
        CancellationToken cancellationToken
    ) => Many.ForEachAsync(pages, page => _pages.ChangeAsync(block, page, make, fence, cancellationToken));

    private async ValueTask<Dictionary<long, List<Posting>>> ReadAsync(
        string term,
        long size,
        CancellationToken cancellationToken
    ) => size == 0 ? [] : await _pages.ReadAsync(Page.OfTerm(term), 0, size - EntrySet.BlockSize, cancellationToken);
}
