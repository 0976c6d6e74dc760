using System.Text.Encodings.Web;
using System.Text.Json;

namespace Halyard.Evaluation.Definitions;

/// <summary>
/// Reads and writes definitions as JSON. Readers take any document: they return something usable and report each problem
/// to the cursor's list. Writers leave out what has its default, so that documents stay small and stable.
/// </summary>
public static partial class DefinitionJson
{
    /// <summary>Escapes little, for JSON that is never put into HTML unescaped.</summary>
    public static JavaScriptEncoder Encoder { get; } = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Writes a value; its text must be JSON.</summary>
    /// <exception cref="JsonException">The value's text is not JSON.</exception>
    public static void WriteValue(Utf8JsonWriter writer, FlagValue value) => writer.WriteRawValue(value.ToString());

    private static void WriteList<T>(Utf8JsonWriter writer, string name, Sequence<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
            write(writer, item);
        writer.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, Sequence<string> items) =>
        WriteList(writer, name, items, static (output, item) => output.WriteStringValue(item));
}
