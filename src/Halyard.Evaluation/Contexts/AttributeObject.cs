using System.Runtime.InteropServices;

namespace Halyard.Evaluation;

/// <summary>Named attributes: few are searched by hash in a row, many through a table.</summary>
internal sealed class AttributeObject
{
    private const int Few = 16;
    private static readonly AttributeValue Missing;

    private readonly Entry[] _entries;
    private readonly Dictionary<string, int>? _table;

    public AttributeObject(ReadOnlySpan<KeyValuePair<string, AttributeValue>> members)
    {
        var entries = new List<Entry>(members.Length);
        var table = new Dictionary<string, int>(members.Length, StringComparer.Ordinal);
        foreach (var (name, value) in members)
        {
            ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(table, name, out var exists);
            var entry = new Entry(Hash(name), name, value);
            if (exists)
            {
                entries[index] = entry;
                continue;
            }
            index = entries.Count;
            entries.Add(entry);
        }
        _entries = [.. entries];
        _table = entries.Count > Few ? table : null;
    }

    public static AttributeObject Empty { get; } = new([]);

    public static ref readonly AttributeValue None => ref Missing;

    public int Count => _entries.Length;

    // The process's own string hash: seeded, so that a hostile context cannot make attributes collide.
    public static int Hash(string name) => string.GetHashCode(name, StringComparison.Ordinal);

    public ref readonly AttributeValue Find(string name, int hash)
    {
        if (_table is not null)
        {
            ref var index = ref CollectionsMarshal.GetValueRefOrNullRef(_table, name);
            if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref index))
                return ref _entries[index].Value;
            return ref Missing;
        }
        var entries = _entries;
        for (var i = 0; i < entries.Length; i++)
        {
            ref var entry = ref entries[i];
            if (entry.Hash == hash && entry.Name == name)
                return ref entry.Value;
        }
        return ref Missing;
    }

    private struct Entry(int hash, string name, AttributeValue value)
    {
        public readonly int Hash = hash;
        public readonly string Name = name;
        public AttributeValue Value = value;
    }
}
