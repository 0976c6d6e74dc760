using System.Text.Json.Nodes;
using Halyard.Cli.Importing.LaunchDarkly;
using Halyard.Testing;

namespace Halyard.Cli.Tests.Importing.LaunchDarkly;

/// <summary>launchdarkly/sdk-test-harness, every evaluation of the files in the suites.</summary>
public sealed class LaunchDarklyConformanceTests
{
    [Fact]
    public void Harness_Imported_AnswersAsItSays()
    {
        var suite = Conformance.Against("LaunchDarkly/launchdarkly-not-applicable.json");
        foreach (var path in Directory.GetFiles(Suites.Require("launchdarkly"), "*.yml").Order(StringComparer.Ordinal))
        {
            var set = 0;
            foreach (var file in YamlSuite.Read(path))
            {
                set++;
                var imported = Imported.Read(new LaunchDarklyReader(), file["sdkData"]!.ToJsonString());
                foreach (var evaluation in file["evaluations"]!.AsArray())
                {
                    var name = evaluation!["name"] ?? evaluation["flagKey"];
                    suite.Count($"{Path.GetFileNameWithoutExtension(path)} {set}: {name}", Compare(imported, evaluation));
                }
            }
        }
        suite.Conclude(cases: 175);
    }

    private static string? Compare(Imported imported, JsonNode evaluation)
    {
        var flag = (string)evaluation["flagKey"]!;
        if (
            imported.Project.Notes.FirstOrDefault(note =>
                note.Key == flag && note.Loss == Halyard.Cli.Importing.Loss.Evaluation
            ) is
            { } note
        )
            return note.What;
        var answer = imported.Value(flag, LaunchDarklyContext.Of(evaluation["context"]!.AsObject()));
        var expected = evaluation["expect"]!;
        var actual = answer is null ? evaluation["default"] : JsonNode.Parse(answer);
        if (answer is null && (string?)expected["reason"]!["errorKind"] != "FLAG_NOT_FOUND")
            return "there is no such flag";
        return JsonNode.DeepEquals(actual, expected["value"]) ? null : $"expected {expected["value"]}, got {actual}";
    }
}

/// <summary>LaunchDarkly's contexts as Halyard's.</summary>
internal static class LaunchDarklyContext
{
    /// <summary>The user is the context, every other kind an attribute of its name.</summary>
    public static string Of(JsonObject context)
    {
        var flat = new JsonObject();
        var kind = (string?)context["kind"] ?? "user";
        if (kind != "multi")
            Add(kind, context);
        foreach (var (name, value) in kind == "multi" ? context : [])
        {
            if (name != "kind")
                Add(name, value!.AsObject());
        }
        return flat.ToJsonString();

        void Add(string name, JsonObject single)
        {
            var target = flat;
            if (name != "user")
                flat[name] = target = [];
            // Users from before there were kinds keep their own attributes in an object.
            var attributes = single.Where(each => each.Key is not ("kind" or "custom"));
            foreach (var (attribute, value) in attributes.Concat(single["custom"]?.AsObject() ?? []))
                target[attribute == "key" && name == "user" ? "targetingKey" : attribute] = value?.DeepClone();
        }
    }
}
