using Halyard.Core.Audit.Searching;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Auditing;

/// <summary>Finds the entries of a whole block that have what free text asks for.</summary>
/// <param name="database">The database.</param>
/// <param name="text">What is asked for.</param>
/// <param name="last">The last of the sources that are looked into.</param>
internal sealed class WordSearch(Database database, TextQuery text, WordSource last)
{
    private const string OneWord =
        "SELECT source, entries, places FROM audit_block_word WHERE first = ? AND word = ? AND source <= ?";
    private const string WordsWithPrefix =
        "SELECT source, entries, places FROM audit_block_word WHERE first = ? AND word >= ? AND word < ? AND source <= ?";

    /// <summary>Behind every word that begins with a prefix: a character that no text can hold.</summary>
    private const string AfterAnyWord = "\U0010FFFF";

    private readonly (string[] Words, bool IsPrefix)[] _phrases =
    [
        .. text.Phrases.Select(phrase => (phrase.Text.Split(EntryText.WordEnd), phrase.IsPrefix)),
    ];

    private readonly PhraseFinder _phrase = new();

    /// <summary>Leaves only those entries that have every phrase.</summary>
    public void Keep(EntrySet entries, long first)
    {
        foreach (var (words, isPrefix) in _phrases)
        {
            if (entries.IsEmpty)
                return;
            // Also where several words make a phrase: most entries are out before a place is looked at.
            for (var i = 0; i < words.Length && !entries.IsEmpty; i++)
                entries.IntersectWith(Having(words[i], isPrefix && i == words.Length - 1, first));
            if (words.Length > 1 && !entries.IsEmpty)
                _phrase.Keep(
                    entries,
                    words.Length,
                    isPrefix,
                    i => Add(words[i], isPrefix && i == words.Length - 1, first, entries)
                );
        }
    }

    private EntrySet Having(string word, bool isPrefix, long first)
    {
        var having = new EntrySet();
        using var rows = Rows(word, isPrefix, first);
        while (rows.Next())
            having.Add(rows.Span(1));
        return having;
    }

    private void Add(string word, bool isPrefix, long first, EntrySet candidates)
    {
        using var rows = Rows(word, isPrefix, first);
        while (rows.Next())
            _phrase.Add((WordSource)rows.Int64(0), rows.Span(1), rows.Span(2), candidates);
    }

    private Rows Rows(string word, bool isPrefix, long first) =>
        isPrefix
            ? database[WordsWithPrefix].Query(first, word, word + AfterAnyWord, (long)last)
            : database[OneWord].Query(first, word, (long)last);
}
