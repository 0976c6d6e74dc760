using System.Text.Json;

namespace Halyard.Cli.Importing;

/// <summary>Another product's file as JSON.</summary>
internal static class SourceDocument
{
    /// <summary>The largest file read.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>How deep a document may be nested.</summary>
    public const int MaxDepth = 128;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>
    /// Reads RFC 8259 JSON. A name that appears twice in an object is refused, since products differ on which counts, and so is
    /// text that is no Unicode.
    /// </summary>
    /// <returns>The root, independent of <paramref name="file"/>; every string in it can be read.</returns>
    /// <exception cref="UnreadableSourceException">It is not JSON, is nested too deep or repeats a name.</exception>
    public static JsonElement ParseJson(ReadOnlyMemory<byte> file)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutMark(file), Options);
            CheckText(document.RootElement);
            return document.RootElement.Clone();
        }
        catch (JsonException problem)
        {
            throw new UnreadableSourceException($"it is not JSON that can be read: {problem.Message}");
        }
        catch (InvalidOperationException)
        {
            throw new UnreadableSourceException("it holds text that is not valid Unicode");
        }
    }

    /// <summary>Reads a file as JSON where it begins like JSON, else as YAML.</summary>
    /// <exception cref="UnreadableSourceException">It is neither.</exception>
    public static JsonElement ParseJsonOrYaml(ReadOnlyMemory<byte> file)
    {
        var text = WithoutMark(file).Span.TrimStart(" \t\r\n"u8);
        return text is [(byte)'{' or (byte)'[', ..] ? ParseJson(file) : ParseJson(YamlDocument.ToJson(WithoutMark(file)));
    }

    /// <summary>An RFC 6901 pointer to a member of what <paramref name="pointer"/> points to.</summary>
    public static string Below(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>An RFC 6901 pointer to an element of what <paramref name="pointer"/> points to.</summary>
    public static string Below(string pointer, int index) => $"{pointer}/{index}";

    /// <summary>The member, where <paramref name="element"/> is an object that has it and it is not null.</summary>
    public static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var member)
        && member.ValueKind != JsonValueKind.Null
            ? member
            : null;

    // Editors on Windows put a byte order mark in front, which RFC 8259 allows a reader to ignore.
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> file) =>
        file.Span.StartsWith("\uFEFF"u8) ? file[3..] : file;

    // Well-formed JSON may escape half a surrogate pair; then there is no string to read, and reading throws.
    private static void CheckText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    CheckText(member.Value);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    CheckText(item);
                break;
            case JsonValueKind.String:
                _ = element.GetString();
                break;
        }
    }
}
