using System.Text;
using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Benchmarks.Measuring;

/// <summary>Definitions and operations written as the JSON that people send.</summary>
internal static class Written
{
    public static Operation Operation(string json) => Read(OperationJson.Read, json)!;

    public static T Read<T>(Func<JsonCursor, T> read, string json)
    {
        var problems = new List<DefinitionProblem>();
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json));
        var value = read(JsonCursor.Root(document.RootElement, problems));
        return problems.Count == 0 ? value : throw new FormatException($"{problems[0].Pointer} {problems[0].Message}: {json}");
    }
}
