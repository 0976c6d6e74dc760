using System.Text.Json;
using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.FeatBit;

/// <summary>Reads a flag's variations, whose values are texts of the flag's type.</summary>
internal static class VariationReader
{
    /// <summary>The type that FeatBit's name means; null where there is none.</summary>
    public static FlagType? TypeOf(string variationType) =>
        variationType switch
        {
            "boolean" => FlagType.Boolean,
            "string" => FlagType.String,
            "number" => FlagType.Number,
            "json" => FlagType.Json,
            _ => null,
        };

    /// <summary>A value; null where the text is none of the type, or one that no variant can have.</summary>
    public static FlagValue? ValueOf(FlagType type, string text) =>
        type switch
        {
            FlagType.Boolean => bool.TryParse(text, out var value) ? FlagValue.Of(value) : null,
            FlagType.Number => Comparisons.NumberOf(text),
            FlagType.Json => ObjectOf(text),
            _ => FlagValue.Of(text),
        };

    /// <summary>The variants' keys by the variations' ids: their values for a boolean flag, else their names, else the ids.</summary>
    public static IReadOnlyDictionary<string, string> KeysOf(FlagType type, IReadOnlyList<SourceNode> variations)
    {
        var names = variations
            .Select(variation =>
                type == FlagType.Boolean ? variation.RequiredText("value").ToLowerInvariant() : variation.Text("name") ?? ""
            )
            .ToList();
        var areKeys =
            names.TrueForAll(name => name.Length is > 0 and <= Limits.Identifier) && names.Distinct().Count() == names.Count;
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < variations.Count; i++)
        {
            var id = variations[i].RequiredText("id");
            if (!keys.TryAdd(id, areKeys ? names[i] : id))
                throw new UnreadableSourceException($"at '{variations[i].Pointer}' is a second variation with the id '{id}'");
        }
        return keys;
    }

    private static FlagValue? ObjectOf(string text)
    {
        try
        {
            var root = SourceDocument.ParseJson(System.Text.Encoding.UTF8.GetBytes(text));
            return root.ValueKind == JsonValueKind.Object ? VariantType.ValueOf(root) : null;
        }
        catch (UnreadableSourceException)
        {
            return null;
        }
    }
}
