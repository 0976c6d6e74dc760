namespace Halyard.Core.Audit.Searching;

/// <summary>
/// Turns one kind of text of a block's entries into one row a word (ADR 0010): the same bytes in every store that keeps words in
/// blocks. Used for block after block, so that its buffers last.
/// </summary>
/// <param name="source">Which text.</param>
public sealed class WordFolder(WordSource source)
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<(int Word, long Key)> _occurrences = [];
    private readonly EntrySet _entries = new();
    private readonly List<byte> _places = [];

    /// <summary>Begins with the next block.</summary>
    public void Clear()
    {
        _numbers.Clear();
        _occurrences.Clear();
    }

    /// <summary>Adds an entry's words, as <see cref="EntryText"/> has them; entries come in order.</summary>
    public void Add(int entry, ReadOnlySpan<char> text)
    {
        var numbers = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var place = 0; text.Length > 0; place++)
        {
            var end = text.IndexOfAny(EntryText.WordEnd, EntryText.TextEnd);
            var word = end < 0 ? text : text[..end];
            if (!numbers.TryGetValue(word, out var number))
                numbers[word] = number = _numbers.Count;
            _occurrences.Add((number, WordPlaces.Key(source, entry, place)));
            if (end < 0)
                return;
            // A place is left free between two texts: no phrase goes across.
            if (text[end] == EntryText.TextEnd)
                place++;
            text = text[(end + 1)..];
        }
    }

    /// <summary>
    /// What was added since it was cleared: each word once, in ordinal order, with the entries that have it
    /// (<see cref="EntrySet.ToBytes"/>) and its places in them (<see cref="WordPlaces"/>).
    /// </summary>
    public IEnumerable<(string Word, byte[] Entries, byte[] Places)> Rows()
    {
        var (keys, starts) = Sort();
        foreach (var (word, number) in _numbers.OrderBy(word => word.Key, StringComparer.Ordinal))
        {
            Encode(keys.AsSpan(starts[number]..starts[number + 1]));
            yield return (word, _entries.ToBytes(), _places.ToArray());
        }
    }

    /// <summary>The occurrences word by word, each word's in order, and where each word's begin.</summary>
    private (long[] Keys, int[] Starts) Sort()
    {
        var starts = new int[_numbers.Count + 1];
        foreach (var (word, _) in _occurrences)
            starts[word + 1]++;
        for (var i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];
        var (keys, next) = (new long[_occurrences.Count], starts.ToArray());
        foreach (var (word, key) in _occurrences)
            keys[next[word]++] = key;
        return (keys, starts);
    }

    private void Encode(ReadOnlySpan<long> keys)
    {
        _entries.Clear();
        _places.Clear();
        var (entry, place) = (WordPlaces.EntryOf(keys[0]), WordPlaces.None);
        foreach (var key in keys)
        {
            if (WordPlaces.EntryOf(key) != entry)
            {
                WordPlaces.End(_places);
                (entry, place) = (WordPlaces.EntryOf(key), WordPlaces.None);
            }
            _entries.Add(entry);
            WordPlaces.Write(_places, WordPlaces.PlaceOf(key) - place);
            place = WordPlaces.PlaceOf(key);
        }
        WordPlaces.End(_places);
    }
}
