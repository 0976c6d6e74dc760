using System.Runtime.InteropServices;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.DynamoDb.Logs;

namespace Halyard.Storage.DynamoDb.Blocks;

/// <summary>The pages of one block.</summary>
internal static class BlockContent
{
    /// <summary>That an entry has a value of a subject in its own leaf; by this nothing but erasure and a subject's extent look.</summary>
    public static string BroughtBy(string subject) => LogRecord.TermOf(Facets.Subject, subject);

    /// <summary>That the reason of an entry is a subject's.</summary>
    public static string ReasonOf(string subject) => LogRecord.TermOf("reason", subject);

    /// <summary>The pages that have anything on them.</summary>
    /// <param name="first">The block's first entry.</param>
    /// <param name="records">All its entries, in order.</param>
    /// <param name="reasons">The words of reasons, by entry.</param>
    /// <param name="minimum">The first entry that was not purged: those before are found by nothing.</param>
    public static Dictionary<Page, List<Posting>> Of(
        long first,
        IReadOnlyList<LogRecord> records,
        IReadOnlyDictionary<long, string> reasons,
        long minimum
    )
    {
        var terms = new Dictionary<string, EntrySet>(StringComparer.Ordinal);
        var (content, words) = (new WordFolder(WordSource.Content), new WordFolder(WordSource.Reason));
        foreach (var record in records.Where(record => record.Index >= minimum))
        {
            var place = (int)(record.Index - first);
            foreach (var term in record.Terms.Concat(record.Privates.SelectMany(TermsOf)))
            {
                ref var entries = ref CollectionsMarshal.GetValueRefOrAddDefault(terms, term, out _);
                (entries ??= new EntrySet()).Add(place);
            }
            content.Add(place, record.Content);
            words.Add(place, reasons.GetValueOrDefault(record.Index, ""));
        }
        var postings = terms
            .OrderBy(term => term.Key, StringComparer.Ordinal)
            .Select(term => (Page.OfTerm(term.Key), new Posting(term.Key, term.Value.ToBytes(), [])))
            .Concat(Words(WordSource.Content, content))
            .Concat(Words(WordSource.Reason, words));
        return postings
            .GroupBy(posting => posting.Item1, posting => posting.Item2)
            .ToDictionary(page => page.Key, page => page.ToList());
    }

    private static IEnumerable<string> TermsOf(PrivateMark mark)
    {
        if (mark.Commitment is null)
            yield return BroughtBy(mark.Subject);
        if (mark.IsReason)
            yield return ReasonOf(mark.Subject);
    }

    private static IEnumerable<(Page, Posting)> Words(WordSource source, WordFolder words) =>
        words.Rows().Select(row => (Page.OfWord(source, row.Word), new Posting(row.Word, row.Entries, row.Places)));
}
