using System.Numerics;

namespace Halyard.Rego;

/// <summary>Arithmetic, rounding and ranges.</summary>
internal static class Numbers
{
    private static readonly RegoType[] Two = [RegoType.Number, RegoType.Number];
    private static readonly RegoType NumberOrSet = RegoType.AnyOf(RegoType.Number, RegoType.Set);

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("plus", Two, RegoType.Number, (context, x) => Ranged(context, Arithmetic.Add(N(x, 0), N(x, 1)))),
        new("minus", [NumberOrSet, NumberOrSet], NumberOrSet, Minus),
        new("mul", Two, RegoType.Number, (context, x) => Ranged(context, Arithmetic.Multiply(N(x, 0), N(x, 1)))),
        new("div", Two, RegoType.Number, Divide),
        new("rem", Two, RegoType.Number, Remainder),
        new("abs", [RegoType.Number], RegoType.Number, Absolute),
        new("round", [RegoType.Number], RegoType.Number, (_, x) => Whole(N(x, 0), Rounding.HalfAway)),
        new("ceil", [RegoType.Number], RegoType.Number, (_, x) => Whole(N(x, 0), Rounding.Up)),
        new("floor", [RegoType.Number], RegoType.Number, (_, x) => Whole(N(x, 0), Rounding.Down)),
        new("numbers.range", Two, RegoType.ArrayOfType(RegoType.Number), (context, x) => Range(context, x, BigInteger.One)),
        new(
            "numbers.range_step",
            [RegoType.Number, RegoType.Number, RegoType.Number],
            RegoType.ArrayOfType(RegoType.Number),
            RangeByStep
        ),
    ];

    private enum Rounding
    {
        Down,
        Up,
        HalfAway,
    }

    private static RegoNumber N(ReadOnlySpan<RegoValue> arguments, int at) => (RegoNumber)arguments[at];

    private static RegoValue? Ranged(BuiltinContext context, RegoNumber? result) =>
        result ?? context.Fail("the result is out of range");

    private static RegoValue? Minus(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        (arguments[0], arguments[1]) switch
        {
            (RegoNumber left, RegoNumber right) => Ranged(context, Arithmetic.Subtract(left, right)),
            (RegoSet left, RegoSet right) => Collections.Difference(context, left, right),
            var (left, right) => context.FailType($"operand 2 must be {left.KindName} but got {right.KindName}"),
        };

    private static RegoValue? Divide(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        arguments[1].Equals(RegoNumber.Of(0))
            ? context.Fail("divide by zero")
            : Ranged(context, Arithmetic.Divide(N(arguments, 0), N(arguments, 1)));

    private static RegoValue? Remainder(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (!N(arguments, 0).TryGetInteger(out var left) || !N(arguments, 1).TryGetInteger(out var right))
            return context.Fail("modulo on floating-point number");
        return right.IsZero ? context.Fail("modulo by zero") : RegoNumber.Of(BigInteger.Remainder(left, right));
    }

    private static RegoNumber Absolute(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var number = N(arguments, 0);
        var exact = number.Exact;
        return exact.Mantissa.Sign >= 0 ? number : RegoNumber.Of(new Decimal10(-exact.Mantissa, exact.Exponent), null);
    }

    private static RegoNumber Whole(RegoNumber number, Rounding rounding)
    {
        if (number.IsInteger)
            return number;
        var exact = number.Exact;
        var unit = BigInteger.Pow(10, -exact.Exponent);
        var magnitude = BigInteger.DivRem(BigInteger.Abs(exact.Mantissa), unit, out var rest);
        var away = rounding switch
        {
            Rounding.Down => exact.Mantissa.Sign < 0,
            Rounding.Up => exact.Mantissa.Sign > 0,
            _ => rest * 2 >= unit,
        };
        return RegoNumber.Of(exact.Mantissa.Sign * (away ? magnitude + 1 : magnitude));
    }

    private static RegoValue? RangeByStep(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (!N(arguments, 2).TryGetInteger(out var step))
            return context.FailType("operand 3 must be integer number but got floating-point number");
        return step.Sign > 0 ? Range(context, arguments, step) : context.Fail("step must be a positive integer");
    }

    private static RegoValue? Range(BuiltinContext context, ReadOnlySpan<RegoValue> arguments, BigInteger step)
    {
        if (!N(arguments, 0).TryGetInteger(out var first))
            return context.FailType("operand 1 must be integer number but got floating-point number");
        if (!N(arguments, 1).TryGetInteger(out var last))
            return context.FailType("operand 2 must be integer number but got floating-point number");
        var count = BigInteger.Abs(last - first) / step + 1;
        var bounded = count > int.MaxValue ? int.MaxValue : (int)count;
        context.Spend(bounded);
        context.Reserve(bounded * 48L);
        var items = new RegoValue[bounded];
        var stride = last < first ? -step : step;
        for (var i = 0; i < items.Length; i++)
            items[i] = RegoNumber.Of(first + stride * i);
        return RegoArray.Of(items);
    }
}
