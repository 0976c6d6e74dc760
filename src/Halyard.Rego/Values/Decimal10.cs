using System.Globalization;
using System.Numerics;

namespace Halyard.Rego;

/// <summary>An exact decimal: mantissa × 10^exponent, the mantissa without trailing zeros.</summary>
internal readonly record struct Decimal10
{
    public const int MaxDigits = 1000;

    /// <summary>The highest power of ten, up and down, so that no text makes arithmetic expensive.</summary>
    public const int MaxExponent = 1000;

    public Decimal10(BigInteger mantissa, int exponent)
    {
        while (!mantissa.IsZero && mantissa.IsEven && BigInteger.Remainder(mantissa, 10).IsZero)
        {
            mantissa /= 10;
            exponent++;
        }
        Mantissa = mantissa;
        Exponent = mantissa.IsZero ? 0 : exponent;
    }

    public BigInteger Mantissa { get; }

    public int Exponent { get; }

    public bool IsInteger => Exponent >= 0;

    public static bool TryParse(string text, out Decimal10 value)
    {
        value = default;
        var mantissaEnd = text.AsSpan().IndexOfAny('e', 'E');
        var written = mantissaEnd < 0 ? text : text[..mantissaEnd];
        long exponent = 0;
        if (mantissaEnd >= 0 && !long.TryParse(text.AsSpan(mantissaEnd + 1), NumberStyles.AllowLeadingSign, null, out exponent))
            return false;
        var point = written.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? written : written.Remove(point, 1);
        if (point >= 0)
            exponent -= written.Length - point - 1;
        if (
            digits.Length is 0 or > MaxDigits + 1
            || !BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, null, out var mantissa)
        )
            return false;
        if (mantissa.IsZero)
            return true;
        if (Math.Abs(exponent) > MaxExponent + MaxDigits)
            return false;
        value = new Decimal10(mantissa, (int)exponent);
        return value.IsInRange;
    }

    public bool IsInRange => Math.Abs(Magnitude) <= MaxExponent && DigitCount <= MaxDigits;

    public bool TryGetInt64(out long value)
    {
        value = 0;
        if (Exponent is < 0 or > 18)
            return false;
        var whole = Exponent == 0 ? Mantissa : ToInteger();
        if (whole < long.MinValue || whole > long.MaxValue)
            return false;
        value = (long)whole;
        return true;
    }

    public BigInteger ToInteger() => Mantissa * BigInteger.Pow(10, Exponent);

    public int CompareWith(Decimal10 other)
    {
        if (Mantissa.Sign != other.Mantissa.Sign || Mantissa.IsZero)
            return Mantissa.Sign.CompareTo(other.Mantissa.Sign);
        if (Magnitude.CompareTo(other.Magnitude) is var order and not 0)
            return order * Mantissa.Sign;
        var lowest = Math.Min(Exponent, other.Exponent);
        return (Mantissa * BigInteger.Pow(10, Exponent - lowest)).CompareTo(
            other.Mantissa * BigInteger.Pow(10, other.Exponent - lowest)
        );
    }

    public override string ToString() =>
        Exponent >= 0
            ? ToInteger().ToString()
            : DecimalText.General(Mantissa.Sign < 0, BigInteger.Abs(Mantissa).ToString(), Magnitude);

    private int DigitCount => BigInteger.Abs(Mantissa).ToString().Length;

    // The place of the decimal point: 10^(Magnitude-1) ≤ |value| < 10^Magnitude.
    private int Magnitude => DigitCount + Exponent;
}
