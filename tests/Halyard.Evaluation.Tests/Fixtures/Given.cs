using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests;

/// <summary>Definitions and contexts written as the JSON that people write.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>on and off, active.</summary>
    public static FlagDefinition Boolean(string key = "flag", FlagStatus status = FlagStatus.Active) =>
        new(key, FlagType.Boolean, status, [new("on", FlagValue.Of(true)), new("off", FlagValue.Of(false))]);

    /// <summary>a, b and c, active.</summary>
    public static FlagDefinition Letters(string key = "letters") =>
        new(
            key,
            FlagType.String,
            FlagStatus.Active,
            [new("a", FlagValue.Of("A")), new("b", FlagValue.Of("B")), new("c", FlagValue.Of("C"))]
        );

    /// <summary>A configuration; <c>enabled</c>, <c>offVariant</c> and <c>fallthrough</c> are true, "off" and "off" where the text leaves them out.</summary>
    public static FlagEnvironment Environment(string json)
    {
        var node = JsonNode.Parse(json)!.AsObject();
        node.TryAdd("enabled", true);
        node.TryAdd("offVariant", "off");
        node.TryAdd("fallthrough", new JsonObject { ["variant"] = "off" });
        return Read(DefinitionJson.ReadEnvironment, node.ToJsonString());
    }

    public static T Read<T>(Func<JsonCursor, T> read, string json)
    {
        var problems = new List<DefinitionProblem>();
        using var document = JsonDocument.Parse(json);
        var value = read(JsonCursor.Root(document.RootElement, problems));
        problems.ShouldBeEmpty(json);
        return value;
    }

    public static EvaluationContext Context(string json)
    {
        EvaluationContext.TryParse(Encoding.UTF8.GetBytes(json), out var context, out var problem).ShouldBeTrue(problem);
        return context!;
    }

    public static CompileResult Compile(params IEnumerable<FlagInEnvironment> flags) =>
        SnapshotCompiler.Compile(new("project", "production", 42, [.. flags], []));

    public static CompiledSnapshot Snapshot(params IEnumerable<FlagInEnvironment> flags)
    {
        var result = Compile(flags);
        result.Diagnostics.ShouldBeEmpty();
        return result.Snapshot;
    }

    public static FlagInEnvironment Flag(string configuration, FlagDefinition? flag = null) =>
        new(flag ?? Boolean(), Environment(configuration), 7);

    public static EvaluationResult Evaluate(string configuration, string context, FlagDefinition? flag = null)
    {
        var entry = Flag(configuration, flag);
        return Evaluator.Evaluate(Snapshot(entry), entry.Flag.Key, Context(context), Now);
    }

    /// <summary>Whether one condition holds in a context.</summary>
    public static bool Holds(string condition, string context) =>
        Evaluate($$"""{"rules":[{"id":"r","conditions":[{{condition}}],"serve":{"variant":"on"} } ] }""", context).Variant!.Key
        == "on";
}
