using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Halyard.Rego;

/// <summary>Keys with values, held sorted by key. A key may be any value.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "Object is the word of Rego and of JSON.")]
public sealed class RegoObject : RegoValue, IReadOnlyCollection<KeyValuePair<RegoValue, RegoValue>>
{
    private readonly RegoValue[] _keys;
    private readonly RegoValue[] _values;
    private Dictionary<RegoValue, int>? _lookup;

    private RegoObject(RegoValue[] sortedKeys, RegoValue[] values)
    {
        _keys = sortedKeys;
        _values = values;
        Depth = 1 + Math.Max(Nesting.Deepest(sortedKeys), Nesting.Deepest(values));
        Weight = 1 + Nesting.Heaviness(sortedKeys) + Nesting.Heaviness(values);
    }

    public static RegoObject Empty { get; } = new([], []);

    public override RegoKind Kind => RegoKind.Object;

    public override int Depth { get; }

    internal override long Weight { get; }

    public int Count => _keys.Length;

    /// <summary>The keys, sorted.</summary>
    public ReadOnlySpan<RegoValue> Keys => _keys;

    /// <summary>The values, in the order of their keys.</summary>
    public ReadOnlySpan<RegoValue> Values => _values;

    /// <summary>An object of the members; of a repeated key the last counts.</summary>
    public static RegoObject From(IEnumerable<KeyValuePair<RegoValue, RegoValue>> members)
    {
        var builder = new RegoObjectBuilder();
        foreach (var (key, value) in members)
            builder.Set(key, value);
        return builder.Build();
    }

    /// <summary>An object whose keys are texts; of a repeated key the last counts.</summary>
    public static RegoObject Of(params (string Key, RegoValue Value)[] members) =>
        From(members.Select(member => KeyValuePair.Create(RegoValue.Of(member.Key), member.Value)));

    /// <summary>The value at a key, or null.</summary>
    public RegoValue? Get(RegoValue key)
    {
        if (_keys.Length <= SortedKeys.ScanLimit)
            return SortedKeys.Scan(_keys, key) is var at and >= 0 ? _values[at] : null;
        return (_lookup ??= Index()).TryGetValue(key, out var index) ? _values[index] : null;
    }

    public RegoValue? Get(string key) => Get(RegoValue.Of(key));

    public bool TryGet(RegoValue key, [NotNullWhen(true)] out RegoValue? value) => (value = Get(key)) is not null;

    public IEnumerator<KeyValuePair<RegoValue, RegoValue>> GetEnumerator()
    {
        for (var i = 0; i < _keys.Length; i++)
            yield return KeyValuePair.Create(_keys[i], _values[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The same object with a member added, or with another value of one.</summary>
    public RegoObject With(RegoValue key, RegoValue value)
    {
        var place = Array.BinarySearch(_keys, key);
        if (place >= 0)
        {
            var values = (RegoValue[])_values.Clone();
            values[place] = value;
            return new RegoObject(_keys, values);
        }
        return new RegoObject(Insert(_keys, ~place, key), Insert(_values, ~place, value));
    }

    /// <summary>Takes both arrays as its own; the keys must be sorted and distinct.</summary>
    internal static RegoObject OfSorted(RegoValue[] keys, RegoValue[] values) => keys.Length == 0 ? Empty : new(keys, values);

    /// <summary>Takes both arrays as its own; the keys must be distinct.</summary>
    internal static RegoObject OfOwned(RegoValue[] keys, RegoValue[] values)
    {
        if (keys.Length == 0)
            return Empty;
        Array.Sort(keys, values);
        return new RegoObject(keys, values);
    }

    internal override void AppendTo(StringBuilder text)
    {
        text.Append('{');
        for (var i = 0; i < _keys.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            _keys[i].AppendTo(text);
            text.Append(": ");
            _values[i].AppendTo(text);
        }
        text.Append('}');
    }

    // Key by key with its value, as Rego orders objects: {"a": 2} sorts after {"a": 1, "b": 0}.
    private protected override int CompareSameKind(RegoValue other)
    {
        var that = (RegoObject)other;
        var common = Math.Min(_keys.Length, that._keys.Length);
        for (var i = 0; i < common; i++)
        {
            if (_keys[i].CompareTo(that._keys[i]) is var byKey and not 0)
                return byKey;
            if (_values[i].CompareTo(that._values[i]) is var byValue and not 0)
                return byValue;
        }
        return _keys.Length.CompareTo(that._keys.Length);
    }

    private protected override bool EqualsSameKind(RegoValue other) =>
        Nesting.AreEqual(_keys, ((RegoObject)other)._keys) && Nesting.AreEqual(_values, ((RegoObject)other)._values);

    private protected override int ComputeHash() =>
        HashCode.Combine(Nesting.Hash(RegoKind.Object, _keys), Nesting.Hash(RegoKind.Object, _values));

    private static RegoValue[] Insert(RegoValue[] items, int place, RegoValue item)
    {
        var all = new RegoValue[items.Length + 1];
        items.AsSpan(0, place).CopyTo(all);
        all[place] = item;
        items.AsSpan(place).CopyTo(all.AsSpan(place + 1));
        return all;
    }

    private Dictionary<RegoValue, int> Index()
    {
        var lookup = new Dictionary<RegoValue, int>(_keys.Length);
        for (var i = 0; i < _keys.Length; i++)
            lookup.Add(_keys[i], i);
        return lookup;
    }
}

/// <summary>Collects members into an object.</summary>
public sealed class RegoObjectBuilder
{
    private readonly Dictionary<RegoValue, RegoValue> _members = [];

    public int Count => _members.Count;

    public void Set(RegoValue key, RegoValue value) => _members[key] = value;

    public RegoValue? Get(RegoValue key) => _members.GetValueOrDefault(key);

    public bool Remove(RegoValue key) => _members.Remove(key);

    public RegoObject Build()
    {
        var keys = new RegoValue[_members.Count];
        var values = new RegoValue[_members.Count];
        _members.Keys.CopyTo(keys, 0);
        _members.Values.CopyTo(values, 0);
        return RegoObject.OfOwned(keys, values);
    }
}
