using System.Numerics;

namespace Halyard.Rego;

/// <summary>
/// The four operations. Integers are exact; what has a fraction is computed with 64 bits of mantissa and shown with the fewest
/// digits that name it, as OPA does, so that 0.1 + 0.2 is 0.3. Null where the result is out of a number's range.
/// </summary>
internal static class Arithmetic
{
    public static RegoNumber? Add(RegoNumber left, RegoNumber right)
    {
        if (left.TryGetInt64(out var a) && right.TryGetInt64(out var b) && !AddOverflows(a, b, out var sum))
            return RegoNumber.Of(sum);
        return Exactly(left, right, BigInteger.Add) ?? Rounded(Binary64.Add(left, right));
    }

    public static RegoNumber? Subtract(RegoNumber left, RegoNumber right)
    {
        if (
            left.TryGetInt64(out var a)
            && right.TryGetInt64(out var b)
            && b != long.MinValue
            && !AddOverflows(a, -b, out var sum)
        )
            return RegoNumber.Of(sum);
        return Exactly(left, right, BigInteger.Subtract) ?? Rounded(Binary64.Subtract(left, right));
    }

    public static RegoNumber? Multiply(RegoNumber left, RegoNumber right)
    {
        if (
            left.TryGetInt64(out var a)
            && right.TryGetInt64(out var b)
            && Math.BigMul(a, b) is var product
            && product == (long)product
        )
            return RegoNumber.Of((long)product);
        return Exactly(left, right, BigInteger.Multiply) ?? Rounded(Binary64.Multiply(left, right));
    }

    /// <summary>Divides; the divisor is not zero.</summary>
    public static RegoNumber? Divide(RegoNumber left, RegoNumber right)
    {
        if (left.TryGetInteger(out var a) && right.TryGetInteger(out var b))
        {
            var quotient = BigInteger.DivRem(a, b, out var rest);
            if (rest.IsZero)
                return RegoNumber.Of(quotient);
        }
        return Rounded(Binary64.Divide(left, right));
    }

    private static RegoNumber? Exactly(RegoNumber left, RegoNumber right, Func<BigInteger, BigInteger, BigInteger> operation)
    {
        if (!left.TryGetInteger(out var a) || !right.TryGetInteger(out var b))
            return null;
        var result = new Decimal10(operation(a, b), 0);
        return result.IsInRange ? RegoNumber.Of(result, null) : null;
    }

    private static RegoNumber? Rounded(Decimal10 value) => value.IsInRange ? RegoNumber.Of(value, null) : null;

    private static bool AddOverflows(long a, long b, out long sum)
    {
        sum = unchecked(a + b);
        return ((a ^ sum) & (b ^ sum)) < 0;
    }
}
