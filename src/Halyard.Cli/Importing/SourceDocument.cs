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

    /// <summary>Reads RFC 8259 JSON; a name that appears twice in an object is refused, since products differ on which counts.</summary>
    /// <returns>The root, independent of <paramref name="file"/>.</returns>
    /// <exception cref="UnreadableSourceException">It is not JSON, is nested too deep or repeats a name.</exception>
    public static JsonElement ParseJson(ReadOnlyMemory<byte> file)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutMark(file), Options);
            return document.RootElement.Clone();
        }
        catch (JsonException problem)
        {
            throw new UnreadableSourceException($"it is not JSON that can be read: {problem.Message}");
        }
    }

    /// <summary>An RFC 6901 pointer to a member of what <paramref name="pointer"/> points to.</summary>
    public static string Below(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>An RFC 6901 pointer to an element of what <paramref name="pointer"/> points to.</summary>
    public static string Below(string pointer, int index) => $"{pointer}/{index}";

    // Editors on Windows put a byte order mark in front, which RFC 8259 allows a reader to ignore.
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> file) =>
        file.Span.StartsWith("\uFEFF"u8) ? file[3..] : file;
}
