using FsCheck;
using FsCheck.Fluent;

namespace Halyard.Rego.Tests.Values;

/// <summary>Values of every kind, small enough that equal ones meet.</summary>
internal static class RandomValues
{
    private static readonly string[] Numbers =
    [
        "0",
        "1",
        "-1",
        "1.0",
        "10e-1",
        "1.5",
        "9007199254740993",
        "1e30",
        "1e-30",
        "-0.0",
    ];
    private static readonly string[] Texts = ["", "a", "ab", "é", "\uE000", "\U0001F600", "\uFFFF", "\"\n"];

    public static Gen<RegoValue> All { get; } = Of(3);

    private static Gen<RegoValue> Of(int depth)
    {
        var scalar = Gen.OneOf(
            Gen.Constant(RegoValue.Null),
            Gen.Elements(RegoValue.Of(true), RegoValue.Of(false)),
            Gen.Elements(Numbers).Select(text => RegoNumber.TryParse(text, out var number) ? number : RegoValue.Null),
            Gen.Elements(Texts).Select(RegoValue.Of)
        );
        if (depth == 0)
            return scalar;
        var items = Gen.Choose(0, 3).SelectMany(count => Of(depth - 1).ArrayOf(count));
        return Gen.Frequency(
            (3, scalar),
            (1, items.Select(values => (RegoValue)RegoArray.Of(values))),
            (1, items.Select(values => (RegoValue)RegoSet.From(values))),
            (
                1,
                items.Select(values =>
                    (RegoValue)RegoObject.From(values.Select((value, at) => KeyValuePair.Create(value, values[^(at + 1)])))
                )
            )
        );
    }
}
