using System.Globalization;
using System.Numerics;

namespace Halyard.Rego;

/// <summary>What plain scalars of YAML 1.1 mean.</summary>
internal static class YamlScalars
{
    /// <summary>The value of a plain scalar; null where it is a text. What JSON has no number for is not in JSON.</summary>
    public static RegoValue? Resolve(string written, out bool isInJson)
    {
        isInJson = written.TrimStart('+', '-').ToLowerInvariant() is not (".inf" or ".nan");
        switch (written)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return RegoValue.Null;
            case "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON":
                return RegoBoolean.True;
            case "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF":
                return RegoBoolean.False;
            default:
                return Number(written.Replace("_", "", StringComparison.Ordinal));
        }
    }

    private static RegoNumber? Number(string written)
    {
        var digits = written.TrimStart('+', '-');
        if (
            digits.Length is 0 or > 1000
            || written.Length - digits.Length > 1
            || !char.IsAsciiDigit(digits.TrimStart('.').FirstOrDefault())
        )
            return null;
        var sign = written[0] == '-' ? BigInteger.MinusOne : BigInteger.One;
        return digits switch
        {
            ['0', 'x', _, ..] => Whole(digits[2..], NumberStyles.AllowHexSpecifier) is { } whole
                ? RegoNumber.Of(sign * whole)
                : null,
            ['0', 'b', _, ..] => Whole(digits[2..], NumberStyles.AllowBinarySpecifier) is { } whole
                ? RegoNumber.Of(sign * whole)
                : null,
            ['0', 'o', _, ..] => Octal(digits[2..]) is { } whole ? RegoNumber.Of(sign * whole) : null,
            ['0', >= '0' and <= '7', ..] when digits.All(char.IsAsciiDigit) => Octal(digits) is { } whole
                ? RegoNumber.Of(sign * whole)
                : null,
            _ => RegoNumber.TryParse(written.TrimStart('+'), out var number) ? number : null,
        };
    }

    private static BigInteger? Whole(string digits, NumberStyles style) =>
        digits.Length <= 64 && BigInteger.TryParse("0" + digits, style, null, out var whole) ? whole : null;

    private static BigInteger? Octal(string digits) =>
        digits.Length <= 64 && digits.All(c => c is >= '0' and <= '7')
            ? digits.Aggregate(BigInteger.Zero, (whole, c) => whole * 8 + (c - '0'))
            : null;
}
