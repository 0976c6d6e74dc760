using System.Numerics;
using System.Text;

namespace Halyard.Rego;

/// <summary>The verbs of Go's package fmt for whole numbers and for floating-point numbers.</summary>
internal static class GoNumber
{
    /// <summary>
    /// Writes a whole number; false, with nothing written, if the verb says nothing about it. Big ones, which Go holds as *big.Int,
    /// have verbs that differ a little.
    /// </summary>
    public static bool AppendInteger(StringBuilder text, BigInteger value, char verb, GoFormatSpec spec, bool big)
    {
        switch (verb)
        {
            case 'c' or 'q' or 'U' when !big:
                AppendCharacter(text, value, verb, spec);
                return true;
            case 's' when big:
            case 'v' or 'd':
                AppendDigits(text, value, 10, "", spec);
                return true;
            case 'b':
                AppendDigits(text, value, 2, spec.Sharp ? "0b" : "", spec);
                return true;
            case 'o':
                AppendDigits(text, value, 8, spec.Sharp ? "0" : "", spec);
                return true;
            case 'O':
                AppendDigits(text, value, 8, "0o", spec);
                return true;
            case 'x':
                AppendDigits(text, value, 16, spec.Sharp ? "0x" : "", spec);
                return true;
            case 'X':
                AppendDigits(text, value, 16, spec.Sharp ? "0X" : "", spec, upper: true);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes a floating-point number; false, with nothing written, if the verb says nothing about it.</summary>
    public static bool AppendFloat(StringBuilder text, double value, char verb, GoFormatSpec spec)
    {
        if (verb is not ('v' or 'b' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or 'x' or 'X'))
            return false;
        var digits = GoFloat.Format(Math.Abs(value), verb == 'v' ? 'g' : verb, spec.Precision, spec.Sharp);
        var sign =
            double.IsNegative(value) ? "-"
            : spec.Plus ? "+"
            : spec.Space ? " "
            : "";
        AppendSigned(text, sign, digits, spec);
        return true;
    }

    /// <summary>The digits of a whole number that is not negative, in a base of 2, 8, 10 or 16.</summary>
    public static string Digits(BigInteger value, int radix)
    {
        switch (radix)
        {
            case 10:
                return value.ToString();
            case 16:
                return TrimZeros(value.ToString("x"));
            case 2:
                return TrimZeros(value.ToString("b"));
            default:
                var bits = Digits(value, 2);
                bits = bits.PadLeft((bits.Length + 2) / 3 * 3, '0');
                var octal = new StringBuilder(bits.Length / 3);
                for (var i = 0; i < bits.Length; i += 3)
                    octal.Append((char)('0' + ((bits[i] - '0') * 4) + ((bits[i + 1] - '0') * 2) + (bits[i + 2] - '0')));
                return TrimZeros(octal.ToString());
        }
    }

    private static string TrimZeros(string digits) => digits.TrimStart('0') is { Length: > 0 } rest ? rest : "0";

    private static void AppendDigits(
        StringBuilder text,
        BigInteger value,
        int radix,
        string prefix,
        GoFormatSpec spec,
        bool upper = false
    )
    {
        var digits = Digits(BigInteger.Abs(value), radix);
        digits = upper ? digits.ToUpperInvariant() : digits;
        var sign =
            value.Sign < 0 ? "-"
            : spec.Plus ? "+"
            : spec.Space ? " "
            : "";
        if (spec.Precision is { } least)
        {
            // A precision of nothing prints a zero as nothing, and takes the place of padding with zeros.
            digits = least == 0 && value.IsZero ? "" : digits.PadLeft(least, '0');
            sign = digits.Length == 0 ? "" : sign;
            prefix = digits.Length == 0 ? "" : prefix;
            spec.Zero = false;
        }
        else if (spec is { Zero: true, Minus: false, Width: { } width })
        {
            digits = digits.PadLeft(Math.Max(0, width - sign.Length), '0');
            spec.Zero = false;
        }

        if (prefix == "0" && digits.StartsWith('0'))
            prefix = "";
        spec.AppendPadded(text, sign + prefix + digits);
    }

    private static void AppendSigned(StringBuilder text, string sign, string digits, GoFormatSpec spec)
    {
        if (spec is { Zero: true, Minus: false, Width: { } width } && sign.Length > 0)
        {
            text.Append(sign).Append(digits.PadLeft(Math.Max(0, width - sign.Length), '0'));
            return;
        }

        spec.AppendPadded(text, sign + digits);
    }

    private static void AppendCharacter(StringBuilder text, BigInteger value, char verb, GoFormatSpec spec)
    {
        var rune = value >= 0 && value <= 0x10FFFF ? (int)value : 0xFFFD;
        switch (verb)
        {
            case 'c':
                spec.AppendPadded(text, (Rune.IsValid(rune) ? new Rune(rune) : Rune.ReplacementChar).ToString());
                break;
            case 'q':
                spec.AppendPadded(text, GoText.QuotedRune(rune, ascii: spec.Plus));
                break;
            default:
                var digits = Digits(value.Sign < 0 ? value + (BigInteger.One << 64) : value, 16).ToUpperInvariant();
                var code = "U+" + digits.PadLeft(Math.Max(4, spec.Precision ?? 4), '0');
                var shown = spec.Sharp && Rune.IsValid(rune) ? $"{code} '{new Rune(rune)}'" : code;
                spec.Zero = false;
                spec.AppendPadded(text, shown);
                break;
        }
    }
}
