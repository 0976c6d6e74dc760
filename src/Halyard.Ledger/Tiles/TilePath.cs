using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Halyard.Ledger;

/// <summary>
/// Which tile of a log: 256 hashes, or 256 entries, or fewer at the right edge (C2SP <c>tlog-tiles</c>). Its text is a path:
/// <c>tile/0/x001/234</c>, <c>tile/1/005.p/7</c>, <c>tile/entries/000</c>.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TilePath
{
    /// <summary>The hashes or entries of a full tile.</summary>
    public const int FullWidth = 256;

    /// <summary>The levels of the tree that one tile spans.</summary>
    public const int Height = 8;

    /// <summary>The highest level of tiles that a log of <see cref="Checkpoint.MaxSize"/> entries has.</summary>
    public const int MaxLevel = 6;

    private const string EntriesSegment = "entries";
    private const int MaxTextLength = 64;
    private const long MaxIndex = Checkpoint.MaxSize / FullWidth;

    private TilePath(int level, long index, int width)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, MaxLevel);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, MaxIndex);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, FullWidth);
        Level = level;
        Index = index;
        Width = width;
    }

    /// <summary>The level of a hash tile, 0 for leaf hashes; −1 for a bundle of entries.</summary>
    public int Level { get; }

    /// <summary>Which tile of the level, from 0.</summary>
    public long Index { get; }

    /// <summary>How many hashes or entries it has, 1 to 256.</summary>
    public int Width { get; }

    /// <summary>True for a bundle of entries.</summary>
    public bool IsEntries => Level < 0;

    /// <summary>True for fewer than 256.</summary>
    public bool IsPartial => Width < FullWidth;

    /// <summary>The same tile once it is full.</summary>
    public TilePath Full => new(Level, Index, FullWidth);

    /// <summary>A hash tile.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such tile.</exception>
    public static TilePath Hashes(int level, long index, int width = FullWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        return new TilePath(level, index, width);
    }

    /// <summary>A bundle of entries.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such bundle.</exception>
    public static TilePath Entries(long index, int width = FullWidth) => new(-1, index, width);

    /// <summary>Reads a path strictly: each tile has one text.</summary>
    public static bool TryParse(string text, out TilePath path)
    {
        path = default;
        if (text.Length > MaxTextLength)
            return false;
        var parts = text.Split('/');
        if (parts.Length < 3 || parts[0] != "tile")
            return false;
        var level = parts[1] == EntriesSegment ? -1 : Number(parts[1], 1);
        if (level is null or > MaxLevel)
            return false;
        int? width = FullWidth;
        var numbers = parts.AsSpan(2);
        if (numbers.Length > 1 && numbers[^2].EndsWith(".p", StringComparison.Ordinal))
        {
            width = Number(numbers[^1], 3);
            numbers[^2] = numbers[^2][..^2];
            numbers = numbers[..^1];
        }
        if (width is null or 0 or > FullWidth || !TryIndex(numbers, out var index))
            return false;
        path = new TilePath(level.Value, index, width.Value);
        // Leading zeros, a width of 256 and groups too many have another text.
        return path.ToString() == text;
    }

    /// <summary>The path, with forward slashes, relative to the log.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("tile/");
        if (IsEntries)
            text.Append(EntriesSegment);
        else
            text.Append(Level);
        text.Append('/');
        var digits = Index.ToString("D3", CultureInfo.InvariantCulture);
        digits = digits.PadLeft((digits.Length + 2) / 3 * 3, '0');
        for (var at = 0; at < digits.Length - 3; at += 3)
            text.Append('x').Append(digits, at, 3).Append('/');
        text.Append(digits, digits.Length - 3, 3);
        if (IsPartial)
            text.Append(".p/").Append(Width);
        return text.ToString();
    }

    private static bool TryIndex(ReadOnlySpan<string> groups, out long index)
    {
        index = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            var last = i == groups.Length - 1;
            var group = groups[i];
            if (group.Length != (last ? 3 : 4) || (!last && group[0] != 'x') || Number(group[^3..], 3) is not { } number)
                return false;
            index = (index * 1000) + number;
            if (index > MaxIndex)
                return false;
        }
        return true;
    }

    private static int? Number(string digits, int maxLength) =>
        digits.Length <= maxLength && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
