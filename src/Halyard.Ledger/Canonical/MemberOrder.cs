using System.Runtime.InteropServices;

namespace Halyard.Ledger;

/// <summary>A member in the written text: where it starts (its opening quote), how long name and whole are, where it was read.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Member(int Start, int NameLength, int Offset)
{
    public int Length { get; init; }

    public ReadOnlySpan<byte> Name(byte[] text) => text.AsSpan(Start + 1, NameLength);
}

/// <summary>The order of member names in RFC 8785, 3.2.3: by UTF-16 code units of the unescaped name.</summary>
internal sealed class MemberOrder(byte[] text) : IComparer<Member>
{
    public int Compare(Member x, Member y) => Compare(x.Name(text), y.Name(text));

    /// <summary>Compares two names in canonical (escaped) UTF-8; zero means the same name.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var common = left.CommonPrefixLength(right);
        // No escape is a prefix of another, so a shorter text that is a prefix is a shorter name.
        if (common == left.Length || common == right.Length)
            return left.Length - right.Length;
        if (left[..(common + 1)].Contains((byte)'\\') || right[..(common + 1)].Contains((byte)'\\'))
            return string.CompareOrdinal(CanonicalString.Unescape(left), CanonicalString.Unescape(right));
        return Rank(left[common]) - Rank(right[common]);
    }

    // UTF-16 writes U+10000 and above (UTF-8 lead bytes F0–F4) with surrogates, which sort before U+E000–U+FFFF (EE, EF).
    private static int Rank(byte value) => value is 0xEE or 0xEF ? value + 0x10 : value;
}
