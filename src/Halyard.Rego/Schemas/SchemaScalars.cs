using System.Net;
using System.Numerics;

namespace Halyard.Rego;

/// <summary>What a schema asks of numbers and texts.</summary>
internal static class SchemaScalars
{
    public static IEnumerable<(string Type, string Description)> OfNumber(RegoNumber number, RegoObject keywords)
    {
        if (keywords.Get("multipleOf") is RegoNumber divisor && !IsMultiple(number, divisor))
            yield return ("multiple_of", $"Must be a multiple of {divisor.Text}");
        // In draft 4 "exclusiveMinimum" says whether "minimum" itself is left out; later it is a bound of its own.
        var (low, isOpenLow) = Bound(keywords, "minimum", "exclusiveMinimum");
        if (low is not null && !isOpenLow && number < low)
            yield return ("number_gte", $"Must be greater than or equal to {low.Text}");
        foreach (var bound in OpenBounds(low, isOpenLow, keywords.Get("exclusiveMinimum")).Where(bound => number <= bound))
            yield return ("number_gt", $"Must be greater than {bound.Text}");
        var (high, isOpenHigh) = Bound(keywords, "maximum", "exclusiveMaximum");
        if (high is not null && !isOpenHigh && number > high)
            yield return ("number_lte", $"Must be less than or equal to {high.Text}");
        foreach (var bound in OpenBounds(high, isOpenHigh, keywords.Get("exclusiveMaximum")).Where(bound => number >= bound))
            yield return ("number_lt", $"Must be less than {bound.Text}");
    }

    public static IEnumerable<(string Type, string Description)> OfText(BuiltinContext context, string text, RegoObject keywords)
    {
        context.Spend(1 + text.Length / 16);
        var length = RegoNumber.Of(text.EnumerateRunes().Count());
        if (keywords.Get("minLength") is RegoNumber least && length < least)
            yield return ("string_gte", $"String length must be greater than or equal to {least.Text}");
        if (keywords.Get("maxLength") is RegoNumber most && length > most)
            yield return ("string_lte", $"String length must be less than or equal to {most.Text}");
        if (keywords.Get("pattern") is RegoString pattern && !GoPattern.Of(context, pattern.Value).IsMatch(context, text))
            yield return ("pattern", $"Does not match pattern '{pattern.Value}'");
        if (keywords.Get("format") is RegoString format && !IsOfFormat(context, text, format.Value))
            yield return ("format", $"Does not match format '{format.Value}'");
    }

    private static (RegoNumber? Bound, bool IsOpen) Bound(RegoObject keywords, string keyword, string exclusive) =>
        (keywords.Get(keyword) as RegoNumber, ReferenceEquals(keywords.Get(exclusive), RegoBoolean.True));

    private static IEnumerable<RegoNumber> OpenBounds(RegoNumber? bound, bool isOpen, RegoValue? exclusive)
    {
        if (bound is not null && isOpen)
            yield return bound;
        if (exclusive is RegoNumber own)
            yield return own;
    }

    private static bool IsMultiple(RegoNumber number, RegoNumber divisor)
    {
        var (left, right) = (number.Exact, divisor.Exact);
        var lowest = Math.Min(left.Exponent, right.Exponent);
        var scaled = left.Mantissa * BigInteger.Pow(10, left.Exponent - lowest);
        return BigInteger.Remainder(scaled, right.Mantissa * BigInteger.Pow(10, right.Exponent - lowest)).IsZero;
    }

    // Other formats say something to people, not to this check.
    private static bool IsOfFormat(BuiltinContext context, string text, string format) =>
        format switch
        {
            "date-time" => Parses("RFC3339", text),
            "date" => Parses("2006-01-02", text),
            "time" => Parses("15:04:05Z07:00", text) || Parses("15:04:05", text),
            "ipv4" => IsAddress(text, bytes: 4) && text.Count(c => c == '.') == 3,
            "ipv6" => IsAddress(text, bytes: 16),
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "regex" => GoPattern.Of(context, text).Problem is null,
            _ => true,
        };

    private static bool IsAddress(string text, int bytes) =>
        IPAddress.TryParse(text, out var address) && address.GetAddressBytes().Length == bytes;

    private static bool Parses(string layout, string text) => new GoTimeParser(layout, text).Parse(out _) is not null;
}
