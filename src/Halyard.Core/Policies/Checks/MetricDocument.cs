using System.Text.Json;

namespace Halyard.Core.Policies.Checks;

/// <summary>
/// Numbers in a JSON answer that somebody else wrote. A text is no number, null is none, and neither is an error's document.
/// </summary>
public static class MetricDocument
{
    private const int MaxDepth = 16;

    /// <summary>The numbers of these names at the top of a JSON object; each that is not there says why.</summary>
    public static IReadOnlyDictionary<string, Measured> Read(ReadOnlyMemory<byte> json, IEnumerable<string> fields)
    {
        var wanted = fields.Distinct(StringComparer.Ordinal).ToList();
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = document.RootElement;
            return wanted.ToDictionary(field => field, field => Read(root, field), StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            return wanted.ToDictionary(field => field, _ => Measured.Missing("the answer is no JSON"), StringComparer.Ordinal);
        }
    }

    private static Measured Read(JsonElement root, string field)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return Measured.Missing("the answer is no JSON object");
        var found = root.EnumerateObject().Where(member => member.NameEquals(field)).Take(2).ToList();
        return found switch
        {
            [] => Measured.Missing("the answer does not have it"),
            [{ Value: { ValueKind: JsonValueKind.Number } value }] => value.TryGetDouble(out var number)
                ? Measured.Of(number)
                : Measured.Missing("it is not a finite number"),
            [_] => Measured.Missing("it is not a number"),
            _ => Measured.Missing("the answer has it twice"),
        };
    }
}
