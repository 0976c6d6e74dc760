using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Halyard.Ledger.Tests;

/// <summary>Random JSON texts with nasty member names, strings and numbers, and small enough name sets that documents overlap.</summary>
internal static class RandomJson
{
    private static readonly string[] Names =
    [
        "",
        "a",
        "b",
        "ab",
        "/",
        "~",
        "~1",
        "a/b",
        "m~n",
        "0",
        "1",
        "-",
        "é",
        "\u20ac",
        "\ue000",
        "\uffff",
        "\U0001d11e",
        "\U0001f600",
        "\"",
        "\\",
        "\u0000",
        "\u001f",
        "\u007f",
        "\u2028",
        "a\\",
        "a\"",
        "a!",
        "a\u0001",
        " ",
        "__proto__",
        "op",
        "value",
    ];

    private static readonly string[] Numbers =
    [
        "0",
        "-0",
        "1",
        "-1",
        "10",
        "1.0",
        "1e2",
        "0.1",
        "1e23",
        "5e-324",
        "1.7976931348623157e308",
        "9007199254740991",
        "-0.0",
        "1E-7",
        "123456789012345680000",
        "333333333.33333329",
    ];

    /// <summary>Any document, up to a few levels deep.</summary>
    public static Gen<string> Documents { get; } = Gen.Sized(size => Value(Math.Min(size, 4)));

    /// <summary>Runs a property with a fixed seed, so that a failure is found again.</summary>
    public static void Check<T>(Gen<T> values, Action<T> property, int runs = 1000) =>
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithReplay(20_260_302UL, 297UL).WithMaxTest(runs).WithQuietOnSuccess(true),
            Prop.ForAll(values.ToArbitrary(), property)
        );

    private static Gen<string> Value(int depth)
    {
        var scalars = Gen.OneOf(
            Gen.Elements("null", "true", "false"),
            Gen.Elements(Numbers),
            Gen.Choose(-1000, 1000).Select(n => n.ToString(CultureInfo.InvariantCulture)),
            Gen.Elements(Names).Select(Quote)
        );
        if (depth == 0)
            return scalars;
        var child = Value(depth - 1);
        var arrays = child.ArrayOf().Resize(6).Select(items => $"[{string.Join(',', items)}]");
        var objects = Gen.Zip(Gen.Shuffle(Names), child.ArrayOf().Resize(8)).Select(p => Object(p.Item1, p.Item2));
        return Gen.Frequency((1, scalars), (2, arrays), (3, objects));
    }

    private static string Object(string[] names, string[] values) =>
        $"{{{string.Join(", ", names.Zip(values, (name, value) => $"{Quote(name)} : {value}"))}}}";

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
