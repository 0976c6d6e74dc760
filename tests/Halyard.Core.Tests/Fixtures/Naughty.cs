using System.Text;
using System.Text.Json;
using Halyard.Testing;

namespace Halyard.Core.Tests.Fixtures;

/// <summary>The Big List of Naughty Strings, and some of our own.</summary>
internal static class Naughty
{
    public static readonly IReadOnlyList<string> Own =
    [
        "\u0000",
        "line\nbreak\r\n",
        "\u202Eright to left\u202C",
        "\u2066isolate\u2069",
        "\u200Bzero\uFEFFwidth",
        "\u2028\u2029",
        "quote ' and \" and \\",
        "' disabled; flag 'other",
        "<script>alert(1)</script>",
        "\uE000private",
        "\U000E0001tag",
        "é vs e\u0301",
        "😀",
    ];

    public static IReadOnlyList<string> All() =>
        [.. JsonSerializer.Deserialize<string[]>(File.ReadAllText(Suites.Require("blns/blns.json")))!, .. Own];

    /// <summary>Whether the text could forge a line, hide itself or turn its reading direction.</summary>
    public static bool IsTreacherous(string text) =>
        text.EnumerateRunes()
            .Any(rune =>
                Rune.GetUnicodeCategory(rune)
                    is System.Globalization.UnicodeCategory.Control
                        or System.Globalization.UnicodeCategory.Format
                        or System.Globalization.UnicodeCategory.LineSeparator
                        or System.Globalization.UnicodeCategory.ParagraphSeparator
            );
}
