using System.Text.Json;
using System.Text.RegularExpressions;
using Halyard.Testing;

namespace Halyard.Cli.Tests.Exporting;

/// <summary>
/// Holds documents against the schemas that flagd publishes: as much of JSON Schema draft-07 as those use, and nothing that
/// they do not. A keyword that is not known fails, so that none is passed over unseen.
/// </summary>
internal sealed class FlagdSchema
{
    private static readonly string[] Silent = ["$id", "$schema", "$comment", "title", "description", "definitions"];

    private readonly Dictionary<string, JsonElement> _files = new(StringComparer.Ordinal);

    public static FlagdSchema Load()
    {
        var schema = new FlagdSchema();
        foreach (var name in (string[])["flags.json", "targeting.json"])
            schema._files[name] = JsonSerializer.Deserialize<JsonElement>(
                File.ReadAllBytes(Suites.Require($"flagd/docs/schema/v0/{name}"))
            );
        return schema;
    }

    public bool IsValid(string document) =>
        Check("flags.json", _files["flags.json"], JsonSerializer.Deserialize<JsonElement>(document));

    private bool Check(string file, JsonElement schema, JsonElement value)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return CheckReference(file, reference.GetString()!, value);
        return schema.EnumerateObject().All(keyword => Check(file, schema, keyword, value));
    }

    private bool CheckReference(string file, string reference, JsonElement value)
    {
        var parts = reference.Split('#');
        var target = parts[0].Length == 0 ? file : parts[0].Replace("./", "", StringComparison.Ordinal);
        var schema = _files[target];
        foreach (var name in parts.Length == 2 ? parts[1].Split('/', StringSplitOptions.RemoveEmptyEntries) : [])
            schema = schema.GetProperty(name);
        return Check(target, schema, value);
    }

    private bool Check(string file, JsonElement schema, JsonProperty keyword, JsonElement value)
    {
        var rule = keyword.Value;
        var isObject = value.ValueKind == JsonValueKind.Object;
        var isArray = value.ValueKind == JsonValueKind.Array;
        return keyword.Name switch
        {
            "type" => (rule.ValueKind == JsonValueKind.Array ? [.. rule.EnumerateArray()] : (JsonElement[])[rule]).Any(type =>
                Is(type.GetString()!, value)
            ),
            "enum" => rule.EnumerateArray().Any(each => JsonElement.DeepEquals(each, value)),
            "pattern" => value.ValueKind != JsonValueKind.String
                || Regex.IsMatch(value.GetString()!, rule.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)),
            "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() >= rule.GetDouble(),
            "minItems" => !isArray || value.GetArrayLength() >= rule.GetInt32(),
            "maxItems" => !isArray || value.GetArrayLength() <= rule.GetInt32(),
            "minLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= rule.GetInt32(),
            "minProperties" => !isObject || value.GetPropertyCount() >= rule.GetInt32(),
            "required" => !isObject || rule.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
            "not" => !Check(file, rule, value),
            "allOf" => rule.EnumerateArray().All(each => Check(file, each, value)),
            "anyOf" => rule.EnumerateArray().Any(each => Check(file, each, value)),
            "oneOf" => rule.EnumerateArray().Count(each => Check(file, each, value)) == 1,
            "items" => !isArray || CheckItems(file, schema, rule, value),
            "properties" => !isObject
                || rule.EnumerateObject()
                    .All(each => !value.TryGetProperty(each.Name, out var member) || Check(file, each.Value, member)),
            "patternProperties" => !isObject
                || value
                    .EnumerateObject()
                    .All(member => Patterns(rule, member.Name).All(each => Check(file, each, member.Value))),
            "additionalProperties" => !isObject
                || value.EnumerateObject().All(member => CheckAdditional(file, schema, rule, member)),
            "additionalItems" => true,
            _ => Silent.Contains(keyword.Name) ? true : throw new NotSupportedException(keyword.Name),
        };
    }

    private bool CheckItems(string file, JsonElement schema, JsonElement rule, JsonElement value)
    {
        if (rule.ValueKind == JsonValueKind.Object)
            return value.EnumerateArray().All(item => Check(file, rule, item));
        var rules = rule.EnumerateArray().ToList();
        return value
            .EnumerateArray()
            .Select((item, i) => (item, i))
            .All(pair =>
                pair.i < rules.Count
                    ? Check(file, rules[pair.i], pair.item)
                    : !schema.TryGetProperty("additionalItems", out var more) || Check(file, more, pair.item)
            );
    }

    private bool CheckAdditional(string file, JsonElement schema, JsonElement rule, JsonProperty member)
    {
        var isNamed = schema.TryGetProperty("properties", out var named) && named.TryGetProperty(member.Name, out _);
        var isMatched = schema.TryGetProperty("patternProperties", out var patterns) && Patterns(patterns, member.Name).Any();
        return isNamed
            || isMatched
            || (rule.ValueKind == JsonValueKind.Object ? Check(file, rule, member.Value) : rule.GetBoolean());
    }

    private static IEnumerable<JsonElement> Patterns(JsonElement patterns, string name) =>
        patterns
            .EnumerateObject()
            .Where(each => Regex.IsMatch(name, each.Name, RegexOptions.None, TimeSpan.FromSeconds(1)))
            .Select(each => each.Value);

    private static bool Is(string type, JsonElement value) =>
        type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
            _ => throw new NotSupportedException(type),
        };
}
