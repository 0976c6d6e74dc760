using System.Text;

namespace Halyard.Rego;

/// <summary>What collections of values have in common.</summary>
internal static class Nesting
{
    private const long MaxWeight = 1L << 60;

    public static int Deepest(ReadOnlySpan<RegoValue> items)
    {
        var deepest = 0;
        foreach (var item in items)
            deepest = Math.Max(deepest, item.Depth);
        return deepest;
    }

    /// <summary>The weights together; no sum of them overflows.</summary>
    public static long Heaviness(ReadOnlySpan<RegoValue> items)
    {
        long sum = 0;
        foreach (var item in items)
            sum = Math.Min(sum + item.Weight, MaxWeight);
        return sum;
    }

    public static int Compare(ReadOnlySpan<RegoValue> left, ReadOnlySpan<RegoValue> right)
    {
        var common = Math.Min(left.Length, right.Length);
        for (var i = 0; i < common; i++)
        {
            if (left[i].CompareTo(right[i]) is var order and not 0)
                return order;
        }
        return left.Length.CompareTo(right.Length);
    }

    public static bool AreEqual(ReadOnlySpan<RegoValue> left, ReadOnlySpan<RegoValue> right)
    {
        if (left.Length != right.Length)
            return false;
        for (var i = 0; i < left.Length; i++)
        {
            if (!left[i].Equals(right[i]))
                return false;
        }
        return true;
    }

    public static int Hash(RegoKind kind, ReadOnlySpan<RegoValue> items)
    {
        var hash = new HashCode();
        hash.Add(kind);
        foreach (var item in items)
            hash.Add(item.GetHashCode());
        return hash.ToHashCode();
    }

    public static void Append(StringBuilder text, char open, ReadOnlySpan<RegoValue> items, char close)
    {
        text.Append(open);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            items[i].AppendTo(text);
        }
        text.Append(close);
    }
}
