using System.Collections.Immutable;

namespace Halyard.Evaluation;

/// <summary>Some of the users: those whose hashes lie in some ranges, and for whom attributes that are not known are so and not otherwise.</summary>
internal sealed class Cell
{
    private readonly ImmutableDictionary<Die, (double Low, double High)> _ranges;

    private Cell(ImmutableDictionary<Die, (double, double)> ranges, ImmutableSortedSet<string> attributes) =>
        (_ranges, Attributes) = (ranges, attributes);

    /// <summary>Everybody.</summary>
    public static Cell Everybody { get; } =
        new(ImmutableDictionary<Die, (double, double)>.Empty, ImmutableSortedSet.Create<string>(StringComparer.Ordinal));

    /// <summary>The attributes, not known, that decide who belongs.</summary>
    public ImmutableSortedSet<string> Attributes { get; }

    /// <summary>The share of users whose hashes lie so, 0…1. Different dice are independent of each other.</summary>
    public double Share => _ranges.Values.Aggregate(1.0, (share, range) => share * (range.High - range.Low));

    /// <summary>Those of them who lie in a range too; <see langword="null"/> where nobody does.</summary>
    public Cell? Within(Die die, double low, double high)
    {
        if (_ranges.TryGetValue(die, out var range))
            (low, high) = (Math.Max(low, range.Low), Math.Min(high, range.High));
        return low < high ? new Cell(_ranges.SetItem(die, (low, high)), Attributes) : null;
    }

    /// <summary>Those of them for whom these attributes decide it so.</summary>
    public Cell Given(IEnumerable<string> attributes)
    {
        var all = Attributes.Union(attributes);
        return ReferenceEquals(all, Attributes) ? this : new Cell(_ranges, all);
    }

    /// <summary>Joins cells of the same ranges, so that the number of cells follows the dice and not the ways to get there.</summary>
    public static List<Cell> Join(List<Cell> cells)
    {
        if (cells.Count < 2)
            return cells;
        var joined = new OrderedDictionary<Cell, Cell>(SameRanges.Instance);
        foreach (var cell in cells)
            joined[cell] = joined.TryGetValue(cell, out var same) ? same.Given(cell.Attributes) : cell;
        return [.. joined.Values];
    }

    private sealed class SameRanges : IEqualityComparer<Cell>
    {
        public static readonly SameRanges Instance = new();

        public bool Equals(Cell? x, Cell? y) =>
            ReferenceEquals(x, y)
            || x!._ranges.Count == y!._ranges.Count
                && x._ranges.All(range => y._ranges.TryGetValue(range.Key, out var same) && same == range.Value);

        // The order in which ranges are kept says nothing.
        public int GetHashCode(Cell cell) =>
            cell._ranges.Aggregate(0, (hash, range) => hash ^ HashCode.Combine(range.Key, range.Value));
    }
}
