using Halyard.Core.Audit.Searching;
using Halyard.Storage.DynamoDb.Blocks;

namespace Halyard.Storage.DynamoDb.Reading;

/// <summary>Finds the entries of whole blocks that have what free text asks for (ADR 0010).</summary>
/// <param name="folded">The blocks.</param>
/// <param name="text">What is asked for.</param>
/// <param name="searchesReasons">Whether it is looked for in reasons as well.</param>
/// <param name="unswept">Whose reasons are not to be found although their words may still be there.</param>
internal sealed class WordSearch(FoldedLog folded, TextQuery text, bool searchesReasons, IReadOnlyList<string> unswept)
{
    private readonly (string[] Words, bool IsPrefix)[] _phrases =
    [
        .. text.Phrases.Select(phrase => (phrase.Text.Split(EntryText.WordEnd), phrase.IsPrefix)),
    ];

    private readonly WordSource[] _sources = searchesReasons ? [WordSource.Content, WordSource.Reason] : [WordSource.Content];

    private readonly string[] _silenced = searchesReasons ? [.. unswept.Select(BlockContent.ReasonOf)] : [];

    private readonly EntrySet _entries = new();
    private readonly PhraseFinder _phrase = new();

    /// <summary>Leaves only those candidates that have every phrase; blocks by their first entry.</summary>
    public async ValueTask KeepAsync(SortedDictionary<long, EntrySet> candidates, CancellationToken cancellationToken)
    {
        var left = candidates.Where(block => !block.Value.IsEmpty).ToList();
        if (left.Count == 0)
            return;
        var words = _phrases.SelectMany(phrase => phrase.Words);
        var pages = await folded.PagesAsync(
            [.. words.SelectMany(word => _sources.Select(source => Page.OfWord(source, word))), .. _silenced.Select(Page.OfTerm)],
            left[0].Key,
            left[^1].Key,
            cancellationToken
        );
        foreach (var (block, entries) in left)
            Keep(entries, new Block(block, pages, Silenced(block, pages)));
    }

    private EntrySet Silenced(long block, Dictionary<Page, Dictionary<long, List<Posting>>> pages)
    {
        var silenced = new EntrySet();
        foreach (var term in _silenced)
        {
            foreach (var posting in Postings.Find(pages[Page.OfTerm(term)].GetValueOrDefault(block, []), term, isPrefix: false))
                silenced.Add(posting.Entries);
        }
        return silenced;
    }

    private void Keep(EntrySet entries, Block block)
    {
        foreach (var (words, isPrefix) in _phrases)
        {
            // Also where several words make a phrase: most entries are out before a place is looked at.
            for (var i = 0; i < words.Length && !entries.IsEmpty; i++)
                entries.IntersectWith(Having(words[i], isPrefix && i == words.Length - 1, block));
            if (words.Length > 1 && !entries.IsEmpty)
                _phrase.Keep(
                    entries,
                    words.Length,
                    isPrefix,
                    i => Add(words[i], isPrefix && i == words.Length - 1, block, entries)
                );
        }
    }

    private EntrySet Having(string word, bool isPrefix, Block block)
    {
        var having = new EntrySet();
        foreach (var source in _sources)
        {
            _entries.Clear();
            foreach (var posting in block.Find(source, word, isPrefix))
                _entries.Add(posting.Entries);
            if (source == WordSource.Reason)
                _entries.ExceptWith(block.Silenced);
            having.Add(_entries.ToBytes());
        }
        return having;
    }

    // In the order of sources, so that the places of one word are in order.
    private void Add(string word, bool isPrefix, Block block, EntrySet candidates)
    {
        foreach (var source in _sources)
        {
            var wanted = candidates;
            if (source == WordSource.Reason)
            {
                wanted = new EntrySet();
                wanted.Add(candidates.ToBytes());
                wanted.ExceptWith(block.Silenced);
            }
            foreach (var posting in block.Find(source, word, isPrefix))
                _phrase.Add(source, posting.Entries, posting.Places, wanted);
        }
    }

    /// <summary>What was read of one block, and the entries whose reasons are hidden.</summary>
    private sealed record Block(long First, Dictionary<Page, Dictionary<long, List<Posting>>> Pages, EntrySet Silenced)
    {
        public IEnumerable<Posting> Find(WordSource source, string word, bool isPrefix) =>
            Postings.Find(Pages[Page.OfWord(source, word)].GetValueOrDefault(First, []), word, isPrefix);
    }
}
