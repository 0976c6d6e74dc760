using System.Text;
using System.Text.Json;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>Reads the values that definitions compare with.</summary>
internal static class ScalarReader
{
    /// <summary>Reads a string, number or boolean; false for anything else and for what is not JSON.</summary>
    public static bool TryRead(FlagValue value, out AttributeValue scalar)
    {
        scalar = default;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(value.ToString()));
        try
        {
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                return false;
            var attributes = new AttributeReader(maxMembers: 0, maxDepth: 0);
            return attributes.TryValue(ref reader, out scalar) && !reader.Read() && scalar.Kind != AttributeKind.Missing;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
