using System.Text.Json;
using Halyard.Cli.Importing.JsonLogic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing;

/// <summary>The type of a flag by the values that it serves.</summary>
internal static class VariantType
{
    /// <summary>The type; <see langword="null"/> for a list and for null, which no variant can be.</summary>
    public static FlagType? Of(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => FlagType.Boolean,
            JsonValueKind.String => FlagType.String,
            JsonValueKind.Number => FlagType.Number,
            JsonValueKind.Object => FlagType.Json,
            _ => null,
        };

    /// <summary>The value as definitions keep it.</summary>
    public static FlagValue ValueOf(JsonElement value) => JsonText.ValueOf(value);
}
