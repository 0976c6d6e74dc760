using System.Collections;
using System.Text;

namespace Halyard.Rego;

/// <summary>Distinct values, held sorted.</summary>
public sealed class RegoSet : RegoValue, IReadOnlyCollection<RegoValue>
{
    private readonly RegoValue[] _items;
    private HashSet<RegoValue>? _lookup;

    private RegoSet(RegoValue[] sorted)
    {
        _items = sorted;
        Depth = 1 + Nesting.Deepest(sorted);
        Weight = 1 + Nesting.Heaviness(sorted);
    }

    public static RegoSet Empty { get; } = new([]);

    public override RegoKind Kind => RegoKind.Set;

    public override int Depth { get; }

    internal override long Weight { get; }

    public int Count => _items.Length;

    /// <summary>The item at a place of the sorted order.</summary>
    public RegoValue this[int index] => _items[index];

    /// <summary>The set of the values; repeated ones count once.</summary>
    public static RegoSet From(IEnumerable<RegoValue> items) => OfOwned([.. items]);

    /// <inheritdoc cref="From(IEnumerable{RegoValue})"/>
    public static RegoSet Of(params RegoValue[] items) => OfOwned([.. items]);

    /// <summary>The items, sorted.</summary>
    public ReadOnlySpan<RegoValue> AsSpan() => _items;

    public bool Contains(RegoValue item)
    {
        if (_items.Length <= SortedKeys.ScanLimit)
            return SortedKeys.Scan(_items, item) >= 0;
        // Two threads may build it twice; either is right.
        return (_lookup ??= [.. _items]).Contains(item);
    }

    public IEnumerator<RegoValue> GetEnumerator() => ((IEnumerable<RegoValue>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    internal static RegoSet OfOwned(RegoValue[] items)
    {
        if (items.Length == 0)
            return Empty;
        if (items.Length == 1)
            return new RegoSet(items);
        Array.Sort(items);
        var kept = 1;
        for (var i = 1; i < items.Length; i++)
        {
            if (!items[i].Equals(items[kept - 1]))
                items[kept++] = items[i];
        }
        return new RegoSet(kept == items.Length ? items : items[..kept]);
    }

    internal override void AppendTo(StringBuilder text)
    {
        if (_items.Length == 0)
            text.Append("set()");
        else
            Nesting.Append(text, '{', _items, '}');
    }

    private protected override int CompareSameKind(RegoValue other) => Nesting.Compare(_items, ((RegoSet)other)._items);

    private protected override bool EqualsSameKind(RegoValue other) => Nesting.AreEqual(_items, ((RegoSet)other)._items);

    private protected override int ComputeHash() => Nesting.Hash(RegoKind.Set, _items);
}
