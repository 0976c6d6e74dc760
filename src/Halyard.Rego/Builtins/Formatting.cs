using System.Numerics;

namespace Halyard.Rego;

/// <summary>Values written as text by a format.</summary>
internal static class Formatting
{
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("sprintf", [RegoType.String, RegoType.Array], RegoType.String, Sprintf),
        new("format_int", [RegoType.Number, RegoType.Number], RegoType.String, FormatInteger),
    ];

    private static RegoString Sprintf(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var values = (RegoArray)arguments[1];
        context.Spend(1 + values.Count + arguments.Text(0).Length / 16);
        context.Reserve(2L * arguments.Text(0).Length + 32L * values.Count);
        return context.Give(
            new GoFormat(context, arguments.Text(0), [.. values.Select(value => Plain(context, value))]).Format()
        );
    }

    // What Go's formatter is given: whole numbers as they are written, the others as doubles, all else as text.
    private static object Plain(BuiltinContext context, RegoValue value)
    {
        switch (value)
        {
            case RegoString text:
                return text.Value;
            case RegoNumber number:
                var written = number.Text;
                if (BigInteger.TryParse(written, out var whole))
                    return whole >= long.MinValue && whole <= long.MaxValue ? (object)(long)whole : whole;
                var nearest = number.ToDouble();
                return double.IsFinite(nearest) ? nearest : written;
            default:
                var shown = value.ToString();
                context.Reserve(2L * shown.Length);
                return shown;
        }
    }

    private static RegoValue? FormatInteger(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (!((RegoNumber)arguments[1]).TryGetInt64(out var radix) || radix is not (2 or 8 or 10 or 16))
            return context.FailType("operand 2 must be one of {2, 8, 10, 16}");
        var exact = ((RegoNumber)arguments[0]).Exact;
        var whole = exact.IsInteger ? exact.ToInteger() : exact.Mantissa / BigInteger.Pow(10, -exact.Exponent);
        return context.Give((whole.Sign < 0 ? "-" : "") + GoNumber.Digits(BigInteger.Abs(whole), (int)radix));
    }
}
