using System.Globalization;
using System.Text.Json.Nodes;
using Halyard.Cli.Importing;
using Halyard.Cli.Importing.Unleash;
using Halyard.Testing;

namespace Halyard.Cli.Tests.Importing.Unleash;

/// <summary>Unleash/client-specification, every case of the files in the suites.</summary>
public sealed class UnleashConformanceTests
{
    [Fact]
    public void Specification_Imported_AnswersAsItSays()
    {
        var suite = Conformance.Against("Unleash/unleash-not-applicable.json");
        foreach (var file in Directory.GetFiles(Suites.Require("unleash/specifications"), "*.json").Order(StringComparer.Ordinal))
        {
            var specification = JsonNode.Parse(File.ReadAllText(file))!;
            var imported = Imported.Read(new UnleashReader(), specification["state"]!.ToJsonString());
            var number = Path.GetFileName(file)[..2];
            foreach (var test in Tests(specification, "tests"))
                suite.Count($"{number} {test["description"]}", Compare(imported, test, answer => answer["feature_enabled"]!));
            foreach (var test in Tests(specification, "variantTests"))
                suite.Count($"{number} variant {test["description"]}", Compare(imported, test, answer => answer));
        }
        suite.Conclude(cases: 103);
    }

    private static IEnumerable<JsonNode> Tests(JsonNode specification, string kind) =>
        specification[kind]?.AsArray().Select(test => test!) ?? [];

    private static string? Compare(Imported imported, JsonNode test, Func<JsonObject, JsonNode> part)
    {
        var flag = (string)test["toggleName"]!;
        // The suite has percentages with default stickiness throughout: they are imported where the chance in them is accepted.
        if (imported.Project.Notes.FirstOrDefault(note => note.Key == flag && note.Loss != Loss.Chance) is { } note)
            return note.What;
        var actual = part(UnleashAnswer.Of(imported, flag, UnleashAnswer.Context(test["context"]!)));
        return JsonNode.DeepEquals(actual, test["expectedResult"]) ? null : $"expected {test["expectedResult"]}, got {actual}";
    }
}

/// <summary>What an application that moved from Unleash sends and makes of the answer.</summary>
internal static class UnleashAnswer
{
    private static readonly string[] Numbers = ["customNumber", "slicesLeft"];

    /// <summary>Unleash's context as Halyard's: the user is the targeting key, properties stand beside the rest.</summary>
    public static string Context(JsonNode context)
    {
        var flat = new JsonObject();
        foreach (var (name, value) in context.AsObject().Where(member => member.Key != "properties"))
            flat[name == "userId" ? "targetingKey" : name] = value?.DeepClone();
        foreach (var (name, value) in context["properties"]?.AsObject() ?? [])
            flat[name] = Numbers.Contains(name) ? double.Parse((string)value!, CultureInfo.InvariantCulture) : value?.DeepClone();
        return flat.ToJsonString();
    }

    /// <summary>The answer in the form of Unleash's getVariant.</summary>
    public static JsonObject Of(Imported imported, string flag, string context)
    {
        var value = JsonNode.Parse(imported.Value(flag, context) ?? "false")!;
        return value as JsonObject
            ?? new JsonObject
            {
                ["name"] = "disabled",
                ["enabled"] = false,
                ["feature_enabled"] = (bool)value,
            };
    }
}
