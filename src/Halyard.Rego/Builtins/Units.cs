using System.Numerics;

namespace Halyard.Rego;

/// <summary>Amounts with a unit: <c>10K</c>, <c>1.5Gi</c>, <c>100m</c>; bytes with or without a <c>b</c> at the end.</summary>
internal static class Units
{
    // K, M, G, T, P, E: the power of a thousand or of 1,024 is the place.
    private const string Steps = " kmgtpe";

    // Digits after the point that an amount keeps.
    private const int Places = 10;

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("units.parse", [RegoType.String], RegoType.Number, (context, x) => Parse(context, x.Text(0), "amount", bytes: false)),
        new(
            "units.parse_bytes",
            [RegoType.String],
            RegoType.Number,
            (context, x) => Parse(context, x.Text(0), "byte amount", bytes: true)
        ),
    ];

    private static RegoValue? Parse(BuiltinContext context, string written, string what, bool bytes)
    {
        context.Spend(1 + written.Length);
        var text = written.Replace("\"", "", StringComparison.Ordinal);
        if (text.Contains(' ', StringComparison.Ordinal))
            return context.Fail("spaces not allowed in resource strings");
        var end = NumberEnd(text);
        if (end == 0)
            return context.Fail($"no {what} provided");
        var unit = text[end..];
        if (Factor(unit, bytes) is not { } factor)
            return context.Fail($"{(bytes ? "byte unit" : "unit")} {unit} not recognized");
        if (!Decimal10.TryParse(text[..end].TrimStart('+'), out var number))
            return context.Fail($"could not parse {what} to a number");
        var product = new Decimal10(number.Mantissa * factor.Mantissa, number.Exponent + factor.Exponent);
        var result = bytes ? Cut(product, 0) : Rounded(product);
        return result.IsInRange ? RegoNumber.Of(result, null) : context.Fail("the result is out of range");
    }

    // Digits, points, a sign before them, and an exponent: an "e" that no digits follow is a unit.
    private static int NumberEnd(string text)
    {
        var at = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        var start = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
            at++;
        if (at == start)
            return 0;
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            var digits = at + 1 < text.Length && text[at + 1] is '+' or '-' ? at + 2 : at + 1;
            var end = digits;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
            at = end > digits ? end : at;
        }
        return at;
    }

    private static Decimal10? Factor(string unit, bool bytes)
    {
        // Alone, a small m is a thousandth and a large one a million.
        if (!bytes && unit == "m")
            return new Decimal10(1, -3);
        var name = unit.ToLowerInvariant();
        if (bytes && name.EndsWith('b'))
            name = name[..^1];
        if (name.Length == 0)
            return new Decimal10(1, 0);
        var step = Steps.IndexOf(name[0], StringComparison.Ordinal);
        return name[1..] switch
        {
            _ when step <= 0 => null,
            "" => new Decimal10(1, 3 * step),
            "i" => new Decimal10(BigInteger.Pow(1024, step), 0),
            _ => null,
        };
    }

    private static Decimal10 Cut(Decimal10 value, int places) =>
        value.Exponent >= -places ? value : new Decimal10(value.Mantissa / BigInteger.Pow(10, -value.Exponent - places), -places);

    private static Decimal10 Rounded(Decimal10 value)
    {
        if (value.Exponent >= -Places)
            return value;
        var half = 5 * BigInteger.Pow(10, -value.Exponent - Places - 1);
        return Cut(new Decimal10(value.Mantissa + value.Mantissa.Sign * half, value.Exponent), Places);
    }
}
