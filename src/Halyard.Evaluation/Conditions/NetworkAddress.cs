using System.Globalization;

namespace Halyard.Evaluation;

/// <summary>
/// An IPv4 or IPv6 address, read without allocating. IPv4 is four decimal numbers without leading zeros; IPv6 is as RFC 4291
/// section 2.2 writes it, without a zone. An IPv4-mapped IPv6 address (<c>::ffff:10.0.0.1</c>) is that IPv4 address.
/// </summary>
internal readonly record struct NetworkAddress(bool IsV6, UInt128 Bits)
{
    /// <summary>The prefix that IPv4-mapped addresses share, in bits.</summary>
    public const int MappedPrefix = 96;

    private const int Groups = 8;
    private static readonly UInt128 Mapped = 0xffff;

    public int Width => IsV6 ? 128 : 32;

    public static bool TryParse(ReadOnlySpan<char> text, out NetworkAddress address)
    {
        address = default;
        if (text.IndexOf(':') < 0)
        {
            if (!TryParseV4(text, out var v4))
                return false;
            address = new NetworkAddress(IsV6: false, v4);
            return true;
        }
        if (!TryParseV6(text, out var bits))
            return false;
        address = bits >> 32 == Mapped ? new NetworkAddress(IsV6: false, (uint)bits) : new NetworkAddress(IsV6: true, bits);
        return true;
    }

    private static bool TryParseV4(ReadOnlySpan<char> text, out uint bits)
    {
        bits = 0;
        for (var part = 0; part < 4; part++)
        {
            var end = part == 3 ? text.Length : text.IndexOf('.');
            if (end is < 1 or > 3 || (end > 1 && text[0] == '0'))
                return false;
            if (!uint.TryParse(text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 255)
                return false;
            bits = (bits << 8) | number;
            text = part == 3 ? default : text[(end + 1)..];
        }
        return true;
    }

    private static bool TryParseV6(ReadOnlySpan<char> text, out UInt128 bits)
    {
        bits = default;
        var gap = text.IndexOf("::");
        if (gap < 0)
            return TryGroups(text, out bits, out var all) && all == Groups;
        if (!TryGroups(text[..gap], out var high, out var before) || !TryGroups(text[(gap + 2)..], out var low, out var after))
            return false;
        // The gap stands for at least one group of zeros; an embedded IPv4 address can only be at the end.
        if (before + after >= Groups || text[..gap].Contains('.'))
            return false;
        bits = before == 0 ? low : (high << (16 * (Groups - before))) | low;
        return true;
    }

    private static bool TryGroups(ReadOnlySpan<char> text, out UInt128 bits, out int count)
    {
        bits = default;
        count = 0;
        while (!text.IsEmpty)
        {
            var end = text.IndexOf(':');
            var group = end < 0 ? text : text[..end];
            if (end < 0 && group.Contains('.'))
            {
                if (!TryParseV4(group, out var v4))
                    return false;
                bits = (bits << 32) | v4;
                count += 2;
                return count <= Groups;
            }
            if (group.Length is < 1 or > 4 || ++count > Groups || end == text.Length - 1)
                return false;
            if (!uint.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
                return false;
            bits = (bits << 16) | number;
            text = end < 0 ? default : text[(end + 1)..];
        }
        return true;
    }
}
