using System.Collections;
using System.Text;

namespace Halyard.Rego;

/// <summary>A list of values in order.</summary>
public sealed class RegoArray : RegoValue, IReadOnlyList<RegoValue>
{
    private readonly RegoValue[] _items;

    private RegoArray(RegoValue[] items)
    {
        _items = items;
        Depth = 1 + Nesting.Deepest(items);
        Weight = 1 + Nesting.Heaviness(items);
    }

    public static RegoArray Empty { get; } = new([]);

    public override RegoKind Kind => RegoKind.Array;

    public override int Depth { get; }

    internal override long Weight { get; }

    public int Count => _items.Length;

    public RegoValue this[int index] => _items[index];

    /// <summary>An array of the items; it keeps the C# array, which must not change afterwards.</summary>
    public static RegoArray Of(params RegoValue[] items) => items.Length == 0 ? Empty : new(items);

    public static RegoArray From(IEnumerable<RegoValue> items) => Of([.. items]);

    public ReadOnlySpan<RegoValue> AsSpan() => _items;

    /// <summary>The item at an index that is a number of Rego; null unless it is an integer in range.</summary>
    public RegoValue? At(RegoValue index) =>
        index is RegoNumber number && number.TryGetInt64(out var at) && (ulong)at < (ulong)_items.Length ? _items[at] : null;

    public IEnumerator<RegoValue> GetEnumerator() => ((IEnumerable<RegoValue>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    internal override void AppendTo(StringBuilder text) => Nesting.Append(text, '[', _items, ']');

    private protected override int CompareSameKind(RegoValue other) => Nesting.Compare(_items, ((RegoArray)other)._items);

    private protected override bool EqualsSameKind(RegoValue other) => Nesting.AreEqual(_items, ((RegoArray)other)._items);

    private protected override int ComputeHash() => Nesting.Hash(RegoKind.Array, _items);
}
