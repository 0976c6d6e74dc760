using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Fixtures;

/// <summary>Operations written as the JSON that people send.</summary>
internal static class Ops
{
    public static Operation Read(string json)
    {
        var (operation, problems) = TryRead(json);
        problems.ShouldBeEmpty(json);
        return operation!;
    }

    public static IReadOnlyList<Operation> ReadAll(params IEnumerable<string> json) => [.. json.Select(Read)];

    public static (Operation? Operation, IReadOnlyList<DefinitionProblem> Problems) TryRead(string json)
    {
        var problems = new List<DefinitionProblem>();
        using var document = JsonDocument.Parse(CanonicalJson.Canonicalize(System.Text.Encoding.UTF8.GetBytes(json)));
        return (OperationJson.Read(JsonCursor.Root(document.RootElement, problems, "/operations/0")), problems);
    }

    /// <summary>A boolean flag with on and off.</summary>
    public static string CreateFlag(string key) => $$"""{"op":"createFlag","flag":"{{key}}","name":"Flag {{key}}"}""";

    public static string Enable(string flag, string environment = "dev", bool enabled = true, long? baseRevision = null) =>
        $$"""{"op":"setEnabled","flag":"{{flag}}","environment":"{{environment}}","enabled":{{(enabled ? "true" : "false")}}{{Base(baseRevision)}}}""";

    public static string Rename(string flag, string name, long? baseRevision = null) =>
        $$"""{"op":"updateFlag","flag":"{{flag}}","name":{{FlagValue.Of(name)}}{{Base(baseRevision)}}}""";

    public static string AddRule(
        string flag,
        string id,
        string conditions = "",
        string variant = "on",
        string environment = "dev"
    ) => $$"""{"op":"addRule","flag":"{{flag}}","environment":"{{environment}}","rule":{{Rule(id, conditions, variant)}}}""";

    public static string Rule(string id, string conditions = "", string variant = "on") =>
        $$"""{"id":"{{id}}","conditions":[{{conditions}}],"serve":{"variant":"{{variant}}"} }""";

    public static string InSegment(string segment) => $$"""{"operator":"segment","values":["{{segment}}"]}""";

    public static string Needs(string flag, string needed, string variant = "on", string environment = "dev") =>
        $$"""{"op":"setPrerequisites","flag":"{{flag}}","environment":"{{environment}}","prerequisites":[{"flag":"{{needed}}","variants":["{{variant}}"]}]}""";

    private static string Base(long? revision) => revision is null ? "" : $",\"baseRevision\":{revision}";
}
