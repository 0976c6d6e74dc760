using System.Numerics;

namespace Halyard.Rego;

/// <summary>Writes floating-point numbers as Go's package strconv does.</summary>
internal static class GoFloat
{
    /// <summary>
    /// Writes a number that is finite and not negative by one of the verbs b, e, E, f, F, g, G, x, X. The precision is digits after
    /// the point (for g all digits), null for the verb's own; sharp keeps the point, and for g its zeros, whatever the digits are.
    /// </summary>
    public static string Format(double value, char verb, int? precision, bool sharp)
    {
        switch (verb)
        {
            case 'e' or 'E':
                return Exponential(value, precision ?? 6, verb, sharp);
            case 'f' or 'F':
                var whole = value.ToString("F" + (precision ?? 6));
                return sharp && !whole.Contains('.', StringComparison.Ordinal) ? whole + "." : whole;
            case 'g' or 'G':
                return General(value, precision, verb, sharp);
            case 'b':
                var (mantissa, exponent) = Parts(value);
                return $"{mantissa}p{(exponent < 0 ? "" : "+")}{exponent}";
            default:
                return Hexadecimal(value, precision, verb);
        }
    }

    private static string Exponential(double value, int precision, char letter, bool sharp)
    {
        var text = value.ToString("E" + precision);
        var at = text.IndexOf('E', StringComparison.Ordinal);
        var digits = text[..at];
        if (sharp && !digits.Contains('.', StringComparison.Ordinal))
            digits += ".";
        return digits + Exponent(int.Parse(text.AsSpan(at + 1)), letter);
    }

    private static string Exponent(int exponent, char letter) => $"{letter}{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";

    private static string General(double value, int? precision, char verb, bool sharp)
    {
        var significant = Math.Max(1, precision ?? 17);
        var scientific = precision is null ? Shortest(value) : value.ToString("E" + (significant - 1));
        var at = scientific.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(scientific.AsSpan(at + 1));
        var digits = scientific[..at].Replace(".", "", StringComparison.Ordinal);
        var wanted = sharp ? precision ?? 6 : 0;
        if (!sharp || precision is null)
        {
            digits = digits.TrimEnd('0') is { Length: > 0 } rest ? rest : "0";
        }

        digits = digits.PadRight(wanted, '0');

        var threshold = precision is null ? 6 : significant;
        if (precision is not null && threshold > digits.Length && digits.Length >= exponent + 1)
            threshold = digits.Length;
        if (exponent < -4 || exponent >= threshold)
        {
            var fraction =
                digits.Length > 1 ? "." + digits[1..]
                : sharp ? "."
                : "";
            return digits[..1] + fraction + Exponent(exponent, verb == 'G' ? 'E' : 'e');
        }

        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + digits;
        var before = digits.PadRight(exponent + 1, '0');
        var after = before[(exponent + 1)..];
        return before[..(exponent + 1)] + (after.Length > 0 || sharp ? "." + after : "");
    }

    // The fewest digits that read back as the same number, with an exponent.
    private static string Shortest(double value)
    {
        var text = value.ToString("R");
        var at = text.IndexOf('E', StringComparison.Ordinal);
        var digits = at < 0 ? text : text[..at];
        var exponent = at < 0 ? 0 : int.Parse(text.AsSpan(at + 1));
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var all = digits.Replace(".", "", StringComparison.Ordinal);
        exponent += (point < 0 ? digits.Length : point) - 1;
        var leading = all.Length - all.TrimStart('0').Length;
        if (leading == all.Length)
            return "0E+0";
        return $"{all[leading..]}E{exponent - leading}";
    }

    private static (long Mantissa, int Exponent) Parts(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        return exponent == 0 ? (mantissa, -1074) : (mantissa | (1L << 52), exponent - 1075);
    }

    private static string Hexadecimal(double value, int? precision, char verb)
    {
        var (mantissa, exponent) = Parts(value);
        var scale = 0;
        var wide = (BigInteger)mantissa;
        if (mantissa != 0)
        {
            // One bit before the point, 52 after it.
            var shift = 53 - (int)wide.GetBitLength();
            wide <<= shift;
            scale = exponent + 52 - shift;
        }

        var places = 13;
        if (precision is { } asked && asked < places)
        {
            var drop = (places - asked) * 4;
            var half = BigInteger.One << (drop - 1);
            var rest = wide & ((BigInteger.One << drop) - 1);
            wide >>= drop;
            wide += rest > half || (rest == half && !wide.IsEven) ? 1 : 0;
            places = asked;
            if (wide >> places * 4 > BigInteger.One)
                (wide, scale) = (wide >> 1, scale + 1);
        }

        var digits = wide.ToString("x").TrimStart('0').PadLeft(places + 1, '0');
        var fraction = digits[^places..];
        fraction = precision is { } wanted ? fraction.PadRight(wanted, '0') : fraction.TrimEnd('0');
        var text = "0x" + digits[..^places] + (fraction.Length > 0 ? "." + fraction : "") + Exponent(scale, 'p');
        return verb == 'X' ? text.ToUpperInvariant() : text;
    }
}
