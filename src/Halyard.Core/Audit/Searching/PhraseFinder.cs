using System.Runtime.InteropServices;

namespace Halyard.Core.Audit.Searching;

/// <summary>Finds the entries of a block in which the words of a phrase stand in a row (ADR 0010). One search at a time.</summary>
public sealed class PhraseFinder
{
    private readonly EntrySet _entries = new();
    private List<long> _before = [];
    private List<long> _places = [];

    /// <summary>Leaves only those candidates that have the phrase.</summary>
    /// <param name="candidates">Entries of the block.</param>
    /// <param name="words">How many words the phrase has.</param>
    /// <param name="isPrefix">Whether the last word may go on.</param>
    /// <param name="read">Calls <see cref="Add"/> for the word of that number, in the order of sources.</param>
    public void Keep(EntrySet candidates, int words, bool isPrefix, Action<int> read)
    {
        for (var i = 0; i < words && (i == 0 || _places.Count > 0); i++)
        {
            (_before, _places) = (_places, _before);
            _places.Clear();
            read(i);
            if (isPrefix && i == words - 1)
                _places.Sort();
            if (i > 0)
                KeepFollowing();
        }
        _entries.Clear();
        foreach (var place in _places)
            _entries.Add(WordPlaces.EntryOf(place));
        candidates.IntersectWith(_entries);
    }

    /// <summary>Adds where a word stands.</summary>
    /// <param name="source">The text that it stands in.</param>
    /// <param name="entries">Which entries have it there, as <see cref="EntrySet"/> writes them.</param>
    /// <param name="places">Where in them, as <see cref="WordPlaces"/> writes it.</param>
    /// <param name="candidates">The entries that are looked at.</param>
    /// <exception cref="InvalidDataException">The bytes are not what was written for these entries.</exception>
    public void Add(WordSource source, ReadOnlySpan<byte> entries, ReadOnlySpan<byte> places, EntrySet candidates)
    {
        _entries.Clear();
        _entries.Add(entries);
        WordPlaces.Read(places, source, _entries, candidates, _places);
    }

    /// <summary>Leaves only those places that directly follow one of those before; both in order.</summary>
    private void KeepFollowing()
    {
        var before = CollectionsMarshal.AsSpan(_before);
        var places = CollectionsMarshal.AsSpan(_places);
        var (at, kept) = (0, 0);
        foreach (var place in places)
        {
            while (at < before.Length && before[at] < place - 1)
                at++;
            if (at < before.Length && before[at] == place - 1)
                places[kept++] = place;
        }
        _places.RemoveRange(kept, _places.Count - kept);
    }
}
