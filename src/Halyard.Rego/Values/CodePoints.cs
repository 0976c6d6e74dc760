namespace Halyard.Rego;

/// <summary>Texts compared as their UTF-8 bytes would be: a surrogate pair sorts after every other character.</summary>
internal static class CodePoints
{
    public static int Compare(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length.CompareTo(right.Length);
        return Rank(left[common]).CompareTo(Rank(right[common]));
    }

    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
