using System.Numerics;

namespace Halyard.Rego;

/// <summary>Whole numbers as bits, negative ones as two's complement of any width.</summary>
internal static class Bits
{
    private static readonly RegoType[] Two = [RegoType.Number, RegoType.Number];

    public static IReadOnlyList<Builtin> All { get; } =
    [
        Pairwise("bits.and", (left, right) => left & right),
        Pairwise("bits.or", (left, right) => left | right),
        Pairwise("bits.xor", (left, right) => left ^ right),
        new("bits.negate", [RegoType.Number], RegoType.Number, Negate),
        Shift("bits.lsh", (number, bits) => number << bits),
        Shift("bits.rsh", (number, bits) => number >> bits),
    ];

    private static Builtin Pairwise(string name, Func<BigInteger, BigInteger, BigInteger> operation) =>
        new(
            name,
            Two,
            RegoType.Number,
            (context, x) =>
                TryWhole(context, x, 0, out var left) && TryWhole(context, x, 1, out var right)
                    ? RegoNumber.Of(operation(left, right))
                    : null
        );

    private static RegoNumber? Negate(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        TryWhole(context, arguments, 0, out var number) ? RegoNumber.Of(~number) : null;

    private static Builtin Shift(string name, Func<BigInteger, int, BigInteger> operation) =>
        new(
            name,
            Two,
            RegoType.Number,
            (context, x) =>
            {
                if (!TryWhole(context, x, 0, out var number) || !TryWhole(context, x, 1, out var bits))
                    return null;
                if (bits.Sign < 0)
                    return context.FailType("operand 2 must be an unsigned integer number but got a negative integer");
                // Ten bits for each of a number's digits are more than any number has.
                var shifted = operation(number, (int)BigInteger.Min(bits, 10 * Decimal10.MaxDigits));
                var result = new Decimal10(shifted, 0);
                return result.IsInRange ? RegoNumber.Of(result, null) : context.Fail("the result is out of range");
            }
        );

    private static bool TryWhole(BuiltinContext context, ReadOnlySpan<RegoValue> arguments, int at, out BigInteger number)
    {
        context.Spend(1);
        if (((RegoNumber)arguments[at]).TryGetInteger(out number))
            return true;
        context.FailType($"operand {at + 1} must be integer number but got floating-point number");
        return false;
    }
}
