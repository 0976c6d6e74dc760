using System.Numerics;

namespace Halyard.Rego;

/// <summary>Arithmetic on numbers rounded to 64 bits of mantissa (half to even), of any exponent.</summary>
internal readonly record struct Binary64(BigInteger Mantissa, int Exponent)
{
    private const int Precision = 64;

    public static Decimal10 Add(RegoNumber left, RegoNumber right) => Sum(From(left), From(right)).ToDecimal();

    public static Decimal10 Subtract(RegoNumber left, RegoNumber right)
    {
        var second = From(right);
        return Sum(From(left), second with { Mantissa = -second.Mantissa }).ToDecimal();
    }

    public static Decimal10 Multiply(RegoNumber left, RegoNumber right)
    {
        var (first, second) = (From(left), From(right));
        return Round(first.Mantissa * second.Mantissa, first.Exponent + second.Exponent).ToDecimal();
    }

    public static Decimal10 Divide(RegoNumber left, RegoNumber right)
    {
        var (first, second) = (From(left), From(right));
        return Quotient(first.Mantissa, second.Mantissa, first.Exponent - second.Exponent).ToDecimal();
    }

    private static Binary64 From(RegoNumber number)
    {
        var exact = number.Exact;
        return exact.Exponent >= 0
            ? Round(exact.ToInteger(), 0)
            : Quotient(exact.Mantissa, BigInteger.Pow(10, -exact.Exponent), 0);
    }

    private static Binary64 Sum(Binary64 first, Binary64 second)
    {
        var lowest = Math.Min(first.Exponent, second.Exponent);
        return Round((first.Mantissa << first.Exponent - lowest) + (second.Mantissa << second.Exponent - lowest), lowest);
    }

    private static Binary64 Quotient(BigInteger dividend, BigInteger divisor, int exponent)
    {
        // Two bits more than are kept, and a last one that says whether anything was left: enough to round once.
        var shift = (int)Math.Max(0, Precision + 2 + divisor.GetBitLength() - dividend.GetBitLength() + 1);
        var quotient = BigInteger.DivRem(dividend << shift, divisor, out var rest);
        quotient <<= 1;
        if (!rest.IsZero)
            quotient += dividend.Sign * divisor.Sign;
        return Round(quotient, exponent - shift - 1);
    }

    private static Binary64 Round(BigInteger mantissa, int exponent)
    {
        var magnitude = BigInteger.Abs(mantissa);
        var excess = (int)(magnitude.GetBitLength() - Precision);
        if (excess <= 0)
            return new Binary64(mantissa, exponent);
        var kept = magnitude >> excess;
        var rest = magnitude - (kept << excess);
        var half = BigInteger.One << excess - 1;
        if (rest > half || rest == half && !kept.IsEven)
            kept += 1;
        return new Binary64(mantissa.Sign * kept, exponent + excess);
    }

    /// <summary>The decimal of fewest digits that rounds to this.</summary>
    private Decimal10 ToDecimal()
    {
        if (Mantissa.IsZero)
            return default;
        var magnitude = BigInteger.Abs(Mantissa);
        var missing = Precision - (int)magnitude.GetBitLength();
        // In units of half the last place, so that the neighbours are one away; then as integers × 10^exponent.
        var (value, exponent) = (magnitude << missing + 1, Exponent - missing - 1);
        if (Exponent >= 0)
            return new Decimal10(Mantissa << Exponent, 0);
        var five = BigInteger.Pow(5, -exponent);
        var (low, high, exact) = ((value - 1) * five, (value + 1) * five, value * five);
        var inclusive = magnitude.IsEven || missing > 0;
        // Fewer and fewer digits while one such decimal lies between.
        var (best, bestPower) = (exact, 0);
        var (from, to) = (1, exact.ToString().Length);
        while (from <= to)
        {
            var power = (from + to) / 2;
            if (Nearest(exact, low, high, inclusive, power) is { } shorter)
            {
                (best, bestPower) = (shorter, power);
                from = power + 1;
            }
            else
            {
                to = power - 1;
            }
        }
        return new Decimal10(Mantissa.Sign * best, exponent + bestPower);
    }

    private static BigInteger? Nearest(BigInteger exact, BigInteger low, BigInteger high, bool inclusive, int power)
    {
        var unit = BigInteger.Pow(10, power);
        var down = exact / unit;
        var rest = exact - down * unit;
        var nearest = rest * 2 >= unit ? down + 1 : down;
        var candidate = nearest * unit;
        return inclusive
            ? candidate >= low && candidate <= high
                ? nearest
                : null
            : candidate > low && candidate < high
                ? nearest
                : null;
    }
}
