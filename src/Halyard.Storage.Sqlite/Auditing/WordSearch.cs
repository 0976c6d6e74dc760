using System.Runtime.InteropServices;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Auditing;

/// <summary>Finds the entries of a whole block that have what free text asks for.</summary>
internal sealed class WordSearch(Database database, TextQuery text)
{
    private const string OneWord = "SELECT source, entries, places FROM audit_block_word WHERE first = ? AND word = ?";
    private const string WordsWithPrefix =
        "SELECT source, entries, places FROM audit_block_word WHERE first = ? AND word >= ? AND word < ?";

    /// <summary>Behind every word that begins with a prefix: a character that no text can hold.</summary>
    private const string AfterAnyWord = "\U0010FFFF";

    private static readonly WordSource[] Sources = [WordSource.Content, WordSource.Reason];

    private readonly (string[] Words, bool IsPrefix)[] _phrases =
    [
        .. text.Phrases.Select(phrase => (phrase.Text.Split(EntryText.WordEnd), phrase.IsPrefix)),
    ];

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
                entries.IntersectWith(HavingInARow(words, isPrefix, first, entries));
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

    private EntrySet HavingInARow(string[] words, bool isPrefix, long first, EntrySet candidates)
    {
        var having = new EntrySet();
        foreach (var source in Sources)
        {
            var ends = Places(words[0], false, first, source, candidates);
            for (var i = 1; i < words.Length && ends.Count > 0; i++)
                ends = Following(ends, Places(words[i], isPrefix && i == words.Length - 1, first, source, candidates));
            foreach (var end in ends)
                having.Add(WordPlaces.EntryOf(end));
        }
        return having;
    }

    private List<long> Places(string word, bool isPrefix, long first, WordSource source, EntrySet candidates)
    {
        var places = new List<long>();
        using var rows = Rows(word, isPrefix, first);
        while (rows.Next())
        {
            if (rows.Int64(0) != (long)source)
                continue;
            var entries = new EntrySet();
            entries.Add(rows.Span(1));
            WordPlaces.Read(rows.Span(2), entries, candidates, places);
        }
        if (isPrefix)
            places.Sort();
        return places;
    }

    /// <summary>Those places that directly follow one of the others; both in order.</summary>
    private static List<long> Following(List<long> before, List<long> places)
    {
        var following = new List<long>();
        var rest = CollectionsMarshal.AsSpan(before);
        foreach (var place in places)
        {
            while (rest.Length > 0 && rest[0] < place - 1)
                rest = rest[1..];
            if (rest.Length > 0 && rest[0] == place - 1)
                following.Add(place);
        }
        return following;
    }

    private Rows Rows(string word, bool isPrefix, long first) =>
        isPrefix ? database[WordsWithPrefix].Query(first, word, word + AfterAnyWord) : database[OneWord].Query(first, word);
}
