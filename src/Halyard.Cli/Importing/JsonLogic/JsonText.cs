using System.Text.Json;
using System.Text.Json.Serialization;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.JsonLogic;

/// <summary>Writes single values as JSON.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class JsonText : JsonSerializerContext
{
    /// <summary>The strings, numbers and booleans that are not truthy (https://jsonlogic.com/truthy.html).</summary>
    public static IReadOnlyList<FlagValue> FalsyValues { get; } = [FlagValue.Of(""), new FlagValue("0"), FlagValue.Of(false)];

    /// <summary>The value of a scalar, in the form that definitions keep.</summary>
    public static FlagValue ValueOf(JsonElement scalar) =>
        scalar.ValueKind == JsonValueKind.String ? FlagValue.Of(scalar.GetString()!) : FlagValue.From(scalar);
}
