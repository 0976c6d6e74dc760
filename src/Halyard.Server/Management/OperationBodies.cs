using System.Text.Json;
using System.Text.Json.Nodes;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Management;

/// <summary>Builds operations from the flat bodies of shortcuts, so that shortcuts and changes are read by one reader.</summary>
internal static class OperationBodies
{
    /// <summary>A string as JSON.</summary>
    public static JsonElement ToElement(this string text) => JsonSerializer.SerializeToElement(text, StringJson.Default.String);

    /// <summary>
    /// The operation in a body whose members are the operation's own, or <see langword="null"/> with problems reported.
    /// </summary>
    /// <param name="body">The body.</param>
    /// <param name="name">The operation's name.</param>
    /// <param name="wrapping">Members that belong to the change instead.</param>
    /// <param name="renamed">A member that <paramref name="given"/> takes the place of.</param>
    /// <param name="given">A member that the address gives.</param>
    public static Operation? Operation(
        this Body body,
        string name,
        string[] wrapping,
        string? renamed,
        (string Name, JsonElement Value) given
    )
    {
        if (body.Json.Element.ValueKind != JsonValueKind.Object)
        {
            body.Json.Problem("must be an object");
            return null;
        }
        var operation = new JsonObject { ["op"] = name };
        foreach (var member in body.Json.Element.EnumerateObject())
        {
            if (member.Name is "op" || member.Name == given.Name)
                body.Json[member.Name].Problem($"unknown member '{member.Name}'");
            else if (member.Name != renamed && !wrapping.Contains(member.Name, StringComparer.Ordinal))
                operation[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }
        if (given.Value.ValueKind != JsonValueKind.Undefined)
            operation[given.Name] = JsonNode.Parse(given.Value.GetRawText());
        using var parsed = JsonDocument.Parse(operation.ToJsonString());
        var problems = new List<DefinitionProblem>();
        var built = OperationJson.Read(JsonCursor.Root(parsed.RootElement.Clone(), problems));
        foreach (var problem in problems)
        {
            var pointer = renamed is not null && problem.Pointer == $"/{given.Name}" ? $"/{renamed}" : problem.Pointer;
            body.Problems.Add(problem with { Pointer = pointer });
        }
        return problems.Count == 0 ? built : null;
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class StringJson : System.Text.Json.Serialization.JsonSerializerContext;
