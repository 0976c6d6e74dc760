using System.Globalization;

namespace Halyard.Evaluation.Definitions;

/// <summary>Times as RFC 3339 section 5.6 writes them, read strictly and without allocating.</summary>
public static class Rfc3339
{
    /// <summary>
    /// Reads a time with date, seconds and zone. Fractions beyond 100 nanoseconds are cut off; a leap second
    /// (<c>23:59:60Z</c>) is the instant that follows it. False for anything else, among it a space instead of <c>T</c>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (
            text.Length < 20
            || text[4] != '-'
            || text[7] != '-'
            || text[10] is not ('T' or 't')
            || text[13] != ':'
            || text[16] != ':'
            || !TryDigits(text[..4], out var year)
            || !TryDigits(text[5..7], out var month)
            || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour)
            || !TryDigits(text[14..16], out var minute)
            || !TryDigits(text[17..19], out var second)
        )
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        if (hour > 23 || minute > 59 || second > 60)
            return false;

        var rest = text[19..];
        if (!TryFraction(ref rest, out var fraction) || !TryOffset(rest, out var offset))
            return false;

        var date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified).Ticks;
        var ticks = date + ((hour * 60L + minute - offset) * 60 + second) * TimeSpan.TicksPerSecond + fraction;
        if (second == 60 && ticks / TimeSpan.TicksPerSecond % 86_400 != 0)
            return false;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>Writes a time in UTC with <c>Z</c> and only the fraction digits it needs.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static bool TryFraction(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest.IsEmpty || rest[0] != '.')
            return true;
        var digits = 0;
        var unit = TimeSpan.TicksPerSecond;
        for (digits = 1; digits < rest.Length && char.IsAsciiDigit(rest[digits]); digits++)
        {
            unit /= 10;
            ticks += unit * (rest[digits] - '0');
        }
        rest = rest[digits..];
        return digits > 1;
    }

    private static bool TryOffset(ReadOnlySpan<char> zone, out int minutes)
    {
        minutes = 0;
        if (zone is ['Z' or 'z'])
            return true;
        if (zone.Length != 6 || zone[0] is not ('+' or '-') || zone[3] != ':')
            return false;
        if (!TryDigits(zone[1..3], out var hour) || !TryDigits(zone[4..6], out var minute) || hour > 23 || minute > 59)
            return false;
        minutes = (hour * 60 + minute) * (zone[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            number = number * 10 + (digit - '0');
        }
        return true;
    }
}
