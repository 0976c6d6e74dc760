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

    /// <summary>A string value.</summary>
    public static FlagValue Of(string value) => new($"\"{JsonEncodedText.Encode(value, DefinitionJson.Encoder)}\"");

    /// <summary>A boolean value.</summary>
    public static FlagValue Of(bool value) => new(value ? "true" : "false");

    /// <inheritdoc/>
    public override string ToString() => Json ?? "null";
}
