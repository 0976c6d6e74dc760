using Halyard.Core.Audit.Privacy;
using Halyard.Core.Audit.Searching;
using Halyard.Ledger;

namespace Halyard.Core.Storage.Copying;

/// <summary>Puts the entries of one block of <see cref="EntrySet.BlockSize"/> together again from what a store keeps of them apart.</summary>
/// <param name="first">The index of its first entry.</param>
public sealed class CopiedBlock(long first)
{
    private readonly List<Digest> _hashes = [];
    private readonly Dictionary<long, StoredEntry> _entries = [];
    private readonly Dictionary<long, EntryText> _texts = [];
    private readonly WordUnfolder _content = new();
    private readonly WordUnfolder _reason = new();
    private readonly Dictionary<long, List<ResourceVersion>> _versions = [];
    private readonly Dictionary<long, List<SealedValue>> _privates = [];

    /// <summary>The index after its last entry, if it is whole.</summary>
    public long End => first + EntrySet.BlockSize;

    /// <summary>Adds the hash of the next entry.</summary>
    public void Add(Digest hash) => _hashes.Add(hash);

    /// <summary>Adds an entry that was not purged; its words come apart from it.</summary>
    public void Add(long index, StoredEntry entry) => _entries.Add(index, entry);

    /// <summary>Adds the words of an entry that is not folded yet.</summary>
    public void Add(long index, EntryText text) => _texts.Add(index, text);

    /// <summary>Adds a word of the folded block.</summary>
    /// <exception cref="InvalidDataException">The bytes are not what was written for these entries.</exception>
    public void Add(WordSource source, string word, ReadOnlySpan<byte> entries, ReadOnlySpan<byte> places) =>
        (source == WordSource.Reason ? _reason : _content).Add(word, entries, places);

    /// <summary>Adds a version; an entry's come in order.</summary>
    public void Add(ResourceVersion version) => AddTo(_versions, version.Index, version);

    /// <summary>Adds a private value; an entry's come in order.</summary>
    public void Add(long index, SealedValue value) => AddTo(_privates, index, value);

    /// <summary>The entries, in order.</summary>
    public IReadOnlyList<CopiedEntry> Entries()
    {
        var entries = new List<CopiedEntry>(_hashes.Count);
        for (var place = 0; place < _hashes.Count; place++)
        {
            var index = first + place;
            var stored = _entries.GetValueOrDefault(index);
            if (stored is not null)
                stored = stored with
                {
                    Text = _texts.GetValueOrDefault(index) ?? new EntryText(_content.TextOf(place), _reason.TextOf(place)),
                };
            entries.Add(
                new CopiedEntry(
                    index,
                    _hashes[place],
                    stored,
                    _versions.GetValueOrDefault(index) ?? [],
                    _privates.GetValueOrDefault(index) ?? []
                )
            );
        }
        return entries;
    }

    private static void AddTo<T>(Dictionary<long, List<T>> lists, long index, T item)
    {
        if (!lists.TryGetValue(index, out var list))
            lists[index] = list = [];
        list.Add(item);
    }
}
