using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Halyard.Server.Authentication.Jwt;

/// <summary>JSON objects of others, read so that no two readers can see different things in them.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>
    /// The object; false for anything else, for a member that stands twice, invalid UTF-8, half a surrogate pair, comments, trailing
    /// commas and deep nesting.
    /// </summary>
    public static bool TryReadObject(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;
        if (!Utf8.IsValid(utf8.Span) || HasHalfPair(utf8.Span))
            return false;
        try
        {
            document = JsonDocument.Parse(utf8, Options);
        }
        catch (JsonException)
        {
            return false;
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return true;
        document.Dispose();
        document = null;
        return false;
    }

    /// <summary>Whether an escape stands for half a surrogate pair: such a text has no characters that could be compared.</summary>
    private static bool HasHalfPair(ReadOnlySpan<byte> utf8)
    {
        while (utf8.IndexOf((byte)'\\') is >= 0 and var at)
        {
            utf8 = utf8[at..];
            var unit = Escaped(utf8);
            if (unit is { } low && char.IsLowSurrogate(low))
                return true;
            if (unit is { } high && char.IsHighSurrogate(high))
            {
                if (Escaped(utf8[6..]) is not { } second || !char.IsLowSurrogate(second))
                    return true;
                utf8 = utf8[6..];
            }
            // Past the escape, so that the second of two backslashes begins none.
            utf8 = utf8[Math.Min(unit is null ? 2 : 6, utf8.Length)..];
        }
        return false;
    }

    /// <summary>The UTF-16 unit that an escape of six bytes at the beginning stands for, or <see langword="null"/>.</summary>
    private static char? Escaped(ReadOnlySpan<byte> utf8) =>
        utf8.StartsWith("\\u"u8)
        && utf8.Length >= 6
        && ushort.TryParse(utf8[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
