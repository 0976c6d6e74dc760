using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Blocks;

/// <summary>A page of a block as it stands in the table: one part nearly always, more where it is large.</summary>
/// <param name="Version">Raised by each write; compared by the next. 0 where there is none yet.</param>
/// <param name="Fence">The version of <see cref="FoldState"/> of the last who wrote it.</param>
/// <param name="Parts">Its postings.</param>
internal sealed record StoredPage(long Version, long Fence, IReadOnlyList<List<Posting>> Parts)
{
    public static StoredPage None { get; } = new(0, 0, []);
}

/// <summary>The pages of blocks: read by many blocks at once, written one by one on the condition of what was read.</summary>
internal sealed class PageItems(Table table, string tenant)
{
    private const string Content = "content";
    private const string PartCount = "parts";
    private const string Version = "version";
    private const string Fence = "fence";

    /// <summary>About what an item takes before it is compressed; what does not compress at all still fits.</summary>
    private const int MaxBytes = Pieces.MaxBytes;

    /// <summary>What some blocks, one after the other, have on a page: by the first entry of the block.</summary>
    public async ValueTask<Dictionary<long, List<Posting>>> ReadAsync(
        Page page,
        long firstBlock,
        long lastBlock,
        CancellationToken cancellationToken
    )
    {
        var range = (Keys.Index(firstBlock), Keys.Index(lastBlock) + "#~");
        var items = await table.QueryAsync(Keys.Pages(tenant, page), range, cancellationToken);
        return items
            .GroupBy(item => long.Parse(item.Key.Sort.Split('#')[0], System.Globalization.CultureInfo.InvariantCulture))
            .ToDictionary(block => block.Key, block => block.SelectMany(item => Postings.Read(item.Bytes(Content))).ToList());
    }

    /// <summary>The pages of one block, those that there are.</summary>
    public async ValueTask<Dictionary<Page, StoredPage>> ReadAsync(
        long block,
        IEnumerable<Page> pages,
        CancellationToken cancellationToken
    )
    {
        var keys = pages.ToDictionary(page => Keys.Page(tenant, page, block, 0));
        var items = await table.GetAsync(keys.Keys, cancellationToken);
        var found = new Dictionary<Page, StoredPage>();
        foreach (var (key, item) in items)
            found[keys[key]] = await ReadAsync(block, keys[key], item, cancellationToken);
        return found;
    }

    /// <summary>Puts postings onto a page that is as it was read, unless somebody with a later fence wrote it.</summary>
    /// <returns>False where somebody was faster.</returns>
    public ValueTask<bool> WriteAsync(
        long block,
        Page page,
        StoredPage before,
        IReadOnlyList<Posting> postings,
        long fence,
        CancellationToken cancellationToken
    ) =>
        before.Fence > fence
            ? ValueTask.FromResult(false)
            : PutAsync(block, page, before, [.. Cut(postings)], fence, cancellationToken);

    /// <summary>Makes something else of a page, whoever writes it at the same time, and keeps off whoever began before.</summary>
    /// <param name="block">The first entry of the block.</param>
    /// <param name="page">The page.</param>
    /// <param name="make">What is made of each part.</param>
    /// <param name="fence">The fence of whoever does it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask ChangeAsync(
        long block,
        Page page,
        Func<List<Posting>, List<Posting>> make,
        long fence,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var item = await table.GetAsync(Keys.Page(tenant, page, block, 0), cancellationToken);
            var before = item is null ? StoredPage.None : await ReadAsync(block, page, item, cancellationToken);
            List<List<Posting>> parts =
                before.Parts.Count == 0
                    ?
                    [
                        [],
                    ]
                    : [.. before.Parts.Select(make)];
            if (await PutAsync(block, page, before, parts, Math.Max(fence, before.Fence), cancellationToken))
                return;
        }
    }

    private async ValueTask<StoredPage> ReadAsync(long block, Page page, Item item, CancellationToken cancellationToken)
    {
        var count = (int)item.Number(PartCount);
        var keys = Enumerable.Range(1, count - 1).Select(part => Keys.Page(tenant, page, block, part)).ToList();
        var rest = await table.GetAsync(keys, cancellationToken);
        return new StoredPage(
            item.Number(Version),
            item.Number(Fence),
            [
                Postings.Read(item.Bytes(Content)),
                .. keys.Select(key => rest.TryGetValue(key, out var part) ? Postings.Read(part.Bytes(Content)) : []),
            ]
        );
    }

    private ValueTask<bool> PutAsync(
        long block,
        Page page,
        StoredPage before,
        List<List<Posting>> parts,
        long fence,
        CancellationToken cancellationToken
    )
    {
        var items = parts
            .Select((part, number) => new Item(Keys.Page(tenant, page, block, number)).With(Content, Postings.Write(part)))
            .ToList();
        var first = items[0];
        first.With(PartCount, parts.Count).With(Version, before.Version + 1).With(Fence, fence);
        var condition = Condition.Revision(Version, before.Version);
        if (parts.Count == 1 && before.Parts.Count <= 1)
            return table.PutAsync(first, condition, cancellationToken);
        // The condition of the first holds for all.
        return table.TransactAsync(
            [
                new WriteAction.Put(first, condition),
                .. items.Skip(1).Select(item => new WriteAction.Put(item)),
                .. Enumerable
                    .Range(0, before.Parts.Count)
                    .Skip(parts.Count)
                    .Select(part => new WriteAction.Delete(Keys.Page(tenant, page, block, part))),
            ],
            cancellationToken
        );
    }

    private static IEnumerable<List<Posting>> Cut(IReadOnlyList<Posting> postings)
    {
        var part = new List<Posting>();
        var size = 0;
        foreach (var posting in postings)
        {
            var next = (posting.Key.Length * 3) + posting.Entries.Length + posting.Places.Length;
            if (part.Count > 0 && size + next > MaxBytes)
            {
                yield return part;
                (part, size) = ([], 0);
            }
            part.Add(posting);
            size += next;
        }
        yield return part;
    }
}
