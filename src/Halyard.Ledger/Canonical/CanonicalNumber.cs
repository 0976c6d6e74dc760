using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Halyard.Ledger;

/// <summary>Numbers as RFC 8785, 3.2.2.3 writes them.</summary>
internal static class CanonicalNumber
{
    /// <summary>The longest text: sign, "0.", five zeros and 17 digits.</summary>
    public const int MaxLength = 32;

    /// <summary>Writes the canonical text of a JSON number, or says why a double cannot hold it.</summary>
    public static bool TryWrite(
        ReadOnlySpan<byte> literal,
        Span<byte> destination,
        out int length,
        [NotNullWhen(false)] out string? reason
    )
    {
        length = 0;
        var value = double.Parse(literal, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
        {
            reason = "the number is too large for a double";
            return false;
        }

        var written = DecimalText.Read(literal);
        var shortest = Shortest(value);
        if (!written.Equals(shortest) && !MayBeRounded(written, value))
        {
            reason = "a double cannot hold this number: it would become " + CanonicalJson.FormatNumber(value);
            return false;
        }
        length = Write(double.IsNegative(value), shortest, destination);
        reason = null;
        return true;
    }

    /// <summary>Writes a finite double; returns the number of bytes.</summary>
    public static int Write(double value, Span<byte> destination) =>
        Write(double.IsNegative(value), Shortest(value), destination);

    // 17 digits name any double, and programs write fractions so; an integer that is off by one is a different identifier.
    private static bool MayBeRounded(DecimalText written, double value) =>
        written.Count is DecimalText.MaxDigits or DecimalText.MaxDigits - 1 && !written.IsInteger && double.IsNormal(value);

    private static DecimalText Shortest(double value)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture)
            ? DecimalText.Read(text[..length])
            : throw new InvalidOperationException("A double's text is longer than any double's text.");
    }

    private static int Write(bool negative, DecimalText number, Span<byte> destination)
    {
        if (number.Count == 0)
        {
            destination[0] = (byte)'0';
            return 1;
        }

        var at = 0;
        if (negative)
            destination[at++] = (byte)'-';
        var digits = number.Digits;
        var point = (int)number.Point;
        switch (point)
        {
            case > 21 or < -5:
                destination[at++] = digits[0];
                if (digits.Length > 1)
                {
                    destination[at++] = (byte)'.';
                    at += Copy(digits[1..], destination[at..]);
                }
                destination[at++] = (byte)'e';
                destination[at++] = (byte)(point > 0 ? '+' : '-');
                Math.Abs(point - 1).TryFormat(destination[at..], out var exponent, default, CultureInfo.InvariantCulture);
                return at + exponent;
            case <= 0:
                at += Copy("0."u8, destination[at..]);
                destination.Slice(at, -point).Fill((byte)'0');
                at -= point;
                return at + Copy(digits, destination[at..]);
            default:
                if (digits.Length <= point)
                {
                    at += Copy(digits, destination[at..]);
                    destination.Slice(at, point - digits.Length).Fill((byte)'0');
                    return at + point - digits.Length;
                }
                at += Copy(digits[..point], destination[at..]);
                destination[at++] = (byte)'.';
                return at + Copy(digits[point..], destination[at..]);
        }
    }

    private static int Copy(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        bytes.CopyTo(destination);
        return bytes.Length;
    }
}
