using System.Globalization;
using System.Text;

namespace Halyard.Rego;

/// <summary>
/// The layouts of Go's package time, which write the reference time "Mon Jan 2 15:04:05 MST 2006" as the wanted one shall look. This
/// class cuts a layout into its elements.
/// </summary>
internal static class GoLayout
{
    private const string Rfc3339 = "2006-01-02T15:04:05Z07:00";

    // Longer elements before the shorter ones that they begin with.
    private static readonly string[] Elements =
    [
        "January",
        "Jan",
        "Monday",
        "Mon",
        "MST",
        "2006",
        "__2",
        "_2",
        "002",
        "01",
        "02",
        "03",
        "04",
        "05",
        "06",
        "15",
        "-07:00:00",
        "-070000",
        "-07:00",
        "-0700",
        "-07",
        "Z07:00:00",
        "Z070000",
        "Z07:00",
        "Z0700",
        "Z07",
        "PM",
        "pm",
        "1",
        "2",
        "3",
        "4",
        "5",
    ];

    private static readonly Dictionary<string, string> Named = new(StringComparer.Ordinal)
    {
        ["ANSIC"] = "Mon Jan _2 15:04:05 2006",
        ["UnixDate"] = "Mon Jan _2 15:04:05 MST 2006",
        ["RubyDate"] = "Mon Jan 02 15:04:05 -0700 2006",
        ["RFC822"] = "02 Jan 06 15:04 MST",
        ["RFC822Z"] = "02 Jan 06 15:04 -0700",
        ["RFC850"] = "Monday, 02-Jan-06 15:04:05 MST",
        ["RFC1123"] = "Mon, 02 Jan 2006 15:04:05 MST",
        ["RFC1123Z"] = "Mon, 02 Jan 2006 15:04:05 -0700",
        ["RFC3339"] = Rfc3339,
        ["RFC3339Nano"] = "2006-01-02T15:04:05.999999999Z07:00",
    };

    /// <summary>The layout that a name stands for, or the text itself.</summary>
    public static string Of(string nameOrLayout) => Named.GetValueOrDefault(nameOrLayout, nameOrLayout);

    /// <summary>
    /// The next element from a place on: where it begins, and what it is. It is empty when only text follows. Fractions of a second
    /// begin with their point or comma: ".000" keeps its zeros, ".999" drops them.
    /// </summary>
    public static (int Start, string Element) Next(string layout, int from)
    {
        for (var at = from; at < layout.Length; at++)
        {
            if (FractionEnd(layout, at) is > 0 and var end)
                return (at, layout[at..end]);
            foreach (var element in Elements)
            {
                if (layout.AsSpan(at).StartsWith(element, StringComparison.Ordinal) && Counts(layout, at, element))
                    return element == "_2" && layout.AsSpan(at).StartsWith("_2006", StringComparison.Ordinal)
                        ? (at + 1, "2006")
                        : (at, element);
            }
        }
        return (layout.Length, "");
    }

    // A short name that runs on in small letters ("Mond", "Janus") is text.
    private static bool Counts(string layout, int at, string element) =>
        element is not ("Jan" or "Mon") || at + 3 >= layout.Length || !char.IsAsciiLetterLower(layout[at + 3]);

    private static int FractionEnd(string layout, int at)
    {
        if (layout[at] is not ('.' or ',') || at + 1 >= layout.Length || layout[at + 1] is not ('0' or '9'))
            return 0;
        var end = at + 1;
        while (end < layout.Length && layout[end] == layout[at + 1])
            end++;
        return end < layout.Length && char.IsAsciiDigit(layout[end]) ? 0 : end;
    }

    /// <summary>Writes a moment by a layout.</summary>
    public static string Format(WallTime time, string layout)
    {
        var text = new StringBuilder(layout.Length + 16);
        for (var at = 0; at < layout.Length; )
        {
            var (start, element) = Next(layout, at);
            text.Append(layout, at, start - at);
            Append(text, time, element);
            at = start + element.Length;
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, WallTime time, string element)
    {
        var hour12 = time.Hour % 12 == 0 ? 12 : time.Hour % 12;
        _ = element switch
        {
            "" => text,
            "January" => text.Append(MonthName(time.Month)),
            "Jan" => text.Append(MonthName(time.Month), 0, 3),
            "Monday" => text.Append(time.Weekday),
            "Mon" => text.Append(time.Weekday.ToString(), 0, 3),
            "2006" => text.Append($"{time.Year:0000}"),
            "06" => text.Append($"{time.Year % 100:00}"),
            "01" => text.Append($"{time.Month:00}"),
            "1" => text.Append(time.Month),
            "02" => text.Append($"{time.Day:00}"),
            "_2" => text.Append($"{time.Day, 2}"),
            "2" => text.Append(time.Day),
            "002" => text.Append($"{time.DayOfYear:000}"),
            "__2" => text.Append($"{time.DayOfYear, 3}"),
            "15" => text.Append($"{time.Hour:00}"),
            "03" => text.Append($"{hour12:00}"),
            "3" => text.Append(hour12),
            "04" => text.Append($"{time.Minute:00}"),
            "4" => text.Append(time.Minute),
            "05" => text.Append($"{time.Second:00}"),
            "5" => text.Append(time.Second),
            "PM" => text.Append(time.Hour >= 12 ? "PM" : "AM"),
            "pm" => text.Append(time.Hour >= 12 ? "pm" : "am"),
            "MST" => text.Append(time.Zone),
            ['.' or ',', ..] => AppendFraction(text, time.Nanosecond, element),
            ['Z', ..] when time.Offset == 0 => text.Append('Z'),
            _ => AppendOffset(text, time.Offset, element),
        };
    }

    private static StringBuilder AppendFraction(StringBuilder text, int nanosecond, string element)
    {
        var digits = $"{nanosecond:000000000}"[..Math.Min(9, element.Length - 1)].PadRight(element.Length - 1, '0');
        digits = element[1] == '9' ? digits.TrimEnd('0') : digits;
        return digits.Length == 0 ? text : text.Append(element[0]).Append(digits);
    }

    private static StringBuilder AppendOffset(StringBuilder text, int offset, string element)
    {
        var size = Math.Abs(offset);
        var colon = element.Contains(':', StringComparison.Ordinal) ? ":" : "";
        text.Append(offset < 0 ? '-' : '+').Append($"{size / 3600:00}");
        var digits = element.Count(char.IsAsciiDigit);
        if (digits >= 4)
            text.Append(colon).Append($"{size / 60 % 60:00}");
        if (digits >= 6)
            text.Append(colon).Append($"{size % 60:00}");
        return text;
    }

    public static string MonthName(int month) => DateTimeFormatInfo.InvariantInfo.GetMonthName(month);
}
