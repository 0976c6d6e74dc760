using System.Text.Json;
using Halyard.Testing;
using YamlDotNet.RepresentationModel;

namespace Halyard.Server.Tests.Ofrep;

/// <summary>
/// Holds answers against the schemas that OFREP publishes: as much of JSON Schema as those use. Two places where the published
/// text contradicts itself are read as its words mean it, and nowhere else.
/// </summary>
public sealed class OfrepSchema
{
    private const string File = "ofrep/service/openapi.yaml";
    private const string References = "#/components/schemas/";

    /// <summary>Every reason of the OpenFeature specification that a server can send; OFREP 0.3 lists fewer, and refers to it.</summary>
    private static readonly string[] Reasons = ["STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "DISABLED", "UNKNOWN"];

    private readonly YamlMappingNode _schemas;

    private OfrepSchema(YamlMappingNode schemas) => _schemas = schemas;

    public static OfrepSchema Load()
    {
        using var text = System.IO.File.OpenText(Suites.Require(File));
        var yaml = new YamlStream();
        yaml.Load(text);
        return new OfrepSchema((YamlMappingNode)yaml.Documents[0].RootNode["components"]["schemas"]);
    }

    /// <summary>What is wrong with the value; empty where nothing is.</summary>
    public IReadOnlyList<string> Violations(string schema, JsonElement value) => [.. Check(_schemas[schema], value, "$")];

    private IEnumerable<string> Check(YamlNode node, JsonElement value, string at)
    {
        var schema = (YamlMappingNode)node;
        if (Find(schema, "$ref") is YamlScalarNode reference)
            return Check(_schemas[reference.Value![References.Length..]], value, at);
        return Own(schema, value, at).Concat(Combined(schema, value, at));
    }

    private IEnumerable<string> Own(YamlMappingNode schema, JsonElement value, string at)
    {
        if (Find(schema, "type") is YamlScalarNode type && !Is(type.Value!, value))
            yield return $"{at} is {value.ValueKind}, not {type.Value}";
        if (Find(schema, "enum") is YamlSequenceNode allowed)
        {
            string[] words = [.. allowed.Children.Select(item => ((YamlScalarNode)item).Value!)];
            var known = words.Contains("TARGETING_MATCH", StringComparer.Ordinal) ? Reasons : words;
            if (!known.Contains(value.GetString(), StringComparer.Ordinal))
                yield return $"{at} is '{value}', not one of {string.Join(", ", known)}";
        }
        if (value.ValueKind == JsonValueKind.Array && Find(schema, "items") is { } items)
        {
            foreach (var problem in value.EnumerateArray().SelectMany((item, i) => Check(items, item, $"{at}[{i}]")))
                yield return problem;
        }
        if (value.ValueKind != JsonValueKind.Object)
            yield break;
        if (Find(schema, "required") is YamlSequenceNode required)
            foreach (
                var name in required
                    .Children.Select(item => ((YamlScalarNode)item).Value!)
                    .Where(name => !value.TryGetProperty(name, out _))
            )
                yield return $"{at} has no {name}";
        var properties = Find(schema, "properties") as YamlMappingNode;
        foreach (var member in value.EnumerateObject())
        {
            var rule = properties is null ? null : Find(properties, member.Name);
            rule ??= Find(schema, "additionalProperties") as YamlMappingNode;
            if (rule is not null)
                foreach (var problem in Check(rule, member.Value, $"{at}.{member.Name}"))
                    yield return problem;
        }
    }

    /// <summary>
    /// The alternatives of a value overlap as published (an integer is a number too, and a code default has no member that
    /// another lacks), so that <c>oneOf</c> can only be meant as <c>anyOf</c>.
    /// </summary>
    private IEnumerable<string> Combined(YamlMappingNode schema, JsonElement value, string at)
    {
        var problems = Find(schema, "allOf") is YamlSequenceNode all
            ? all.Children.SelectMany(part => Check(part, value, at))
            : [];
        if (Find(schema, "oneOf") is not YamlSequenceNode one)
            return problems;
        var alternatives = one.Children.Select(part => Check(part, value, at).ToList()).ToList();
        return alternatives.Exists(found => found.Count == 0)
            ? problems
            : problems.Append($"{at} is none of: {string.Join(" | ", alternatives.Select(found => string.Join(", ", found)))}");
    }

    private static bool Is(string type, JsonElement value) =>
        type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            _ => throw new InvalidOperationException($"The schemas use a type that this does not know: {type}."),
        };

    private static YamlNode? Find(YamlMappingNode node, string name) =>
        node.Children.TryGetValue(new YamlScalarNode(name), out var found) ? found : null;
}
