using System.Text;

namespace Halyard.Core.Audit.Searching;

/// <summary>Gives back the texts that <see cref="WordFolder"/> folded: words in their places, and a free place between two texts.</summary>
public sealed class WordUnfolder
{
    private readonly Dictionary<int, SortedList<int, string>> _texts = [];
    private readonly List<long> _keys = [];

    /// <summary>Adds a word of the block, with the entries that have it and its places in them.</summary>
    /// <exception cref="InvalidDataException">The bytes are not what was written for these entries.</exception>
    public void Add(string word, ReadOnlySpan<byte> entries, ReadOnlySpan<byte> places)
    {
        var having = new EntrySet();
        having.Add(entries);
        _keys.Clear();
        WordPlaces.Read(places, WordSource.None, having, having, _keys);
        foreach (var key in _keys)
        {
            if (!_texts.TryGetValue(WordPlaces.EntryOf(key), out var text))
                _texts[WordPlaces.EntryOf(key)] = text = [];
            text[WordPlaces.PlaceOf(key)] = word;
        }
    }

    /// <summary>The text of an entry, as <see cref="EntryText"/> has it.</summary>
    public string TextOf(int entry)
    {
        if (!_texts.TryGetValue(entry, out var words))
            return "";
        var text = new StringBuilder();
        var next = 0;
        foreach (var (place, word) in words)
        {
            if (text.Length > 0)
                text.Append(place == next ? EntryText.WordEnd : EntryText.TextEnd);
            text.Append(word);
            next = place + 1;
        }
        return text.ToString();
    }
}
