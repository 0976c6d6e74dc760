using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Halyard.Evaluation;

/// <summary>Named attributes: few are searched by hash in a row, many through a table.</summary>
internal sealed class AttributeObject
{
    private const int Few = 16;
    private static readonly AttributeValue Missing;

    // Hashes stand together, apart from names and values, so that a search reads one line of memory.
    private readonly int[] _hashes;
    private readonly Entry[] _entries;
    private readonly Dictionary<string, int>? _table;

    public AttributeObject(ReadOnlySpan<KeyValuePair<string, AttributeValue>> members)
    {
        _table = members.Length > Few ? new Dictionary<string, int>(members.Length, StringComparer.Ordinal) : null;
        var hashes = new int[members.Length];
        var entries = new Entry[members.Length];
        var count = 0;
        foreach (var (name, value) in members)
        {
            var hash = Hash(name);
            var index = _table is null
                ? IndexOf(hashes.AsSpan(0, count), entries, name, hash)
                : _table.GetValueOrDefault(name, -1);
            if (index < 0)
            {
                index = count++;
                _table?.Add(name, index);
            }
            hashes[index] = hash;
            entries[index] = new Entry(NamePool.Share(name, hash), value);
        }
        _hashes = count == hashes.Length ? hashes : hashes[..count];
        _entries = count == entries.Length ? entries : entries[..count];
    }

    public static AttributeObject Empty { get; } = new([]);

    public static ref readonly AttributeValue None => ref Missing;

    public int Count => _entries.Length;

    // The process's own string hash: seeded, so that a hostile context cannot make attributes collide.
    public static int Hash(ReadOnlySpan<char> name) => string.GetHashCode(name, StringComparison.Ordinal);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly AttributeValue Find(string name, int hash)
    {
        if (_table is not null)
            return ref FindInTable(name);
        var found = IndexOf(_hashes, _entries, name, hash);
        if (found >= 0)
            return ref _entries[found].Value;
        return ref Missing;
    }

    private ref readonly AttributeValue FindInTable(string name)
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrNullRef(_table!, name);
        if (Unsafe.IsNullRef(ref index))
            return ref Missing;
        return ref _entries[index].Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int IndexOf(ReadOnlySpan<int> hashes, Entry[] entries, string name, int hash)
    {
        for (var i = 0; i < hashes.Length; i++)
        {
            if (hashes[i] == hash && entries[i].Name == name)
                return i;
        }
        return -1;
    }

    private struct Entry(string name, AttributeValue value)
    {
        public readonly string Name = name;
        public AttributeValue Value = value;
    }
}
