using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Halyard.Evaluation.Definitions;

/// <summary>
/// A JSON value kept as its text. Documents are canonical (RFC 8785) before they are read, so equal text means equal value.
/// </summary>
/// <param name="Json">The value's JSON text; the default is <c>null</c>.</param>
public readonly record struct FlagValue(string Json)
{
    /// <summary>The value of a JSON element, with the text it was written in.</summary>
    public static FlagValue From(JsonElement element) => new(element.GetRawText());

    /// <summary>A string value, in the form of RFC 8785; half a surrogate pair becomes U+FFFD, as in UTF-8.</summary>
    public static FlagValue Of(string value)
    {
        if (IsPlain(value))
            return new($"\"{value}\"");
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append("\\u").Append(rune.Value.ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(rune),
            };
        }
        return new(text.Append('"').ToString());
    }

    /// <summary>A boolean value.</summary>
    public static FlagValue Of(bool value) => new(value ? "true" : "false");

    // Neither escapes nor surrogates, paired or not: the text stands as it is.
    private static bool IsPlain(ReadOnlySpan<char> text) =>
        !text.ContainsAnyInRange('\0', '\u001F') && !text.ContainsAny('"', '\\') && !text.ContainsAnyInRange('\uD800', '\uDFFF');

    /// <inheritdoc/>
    public override string ToString() => Json ?? "null";
}
