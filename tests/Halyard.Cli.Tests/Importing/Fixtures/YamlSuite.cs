using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Halyard.Cli.Tests.Importing;

/// <summary>
/// The data files of launchdarkly/sdk-test-harness (docs/data_files.md): YAML with merge keys, in which <c>&lt;NAME&gt;</c> stands
/// for a constant or parameter; each set of parameters makes a file of its own.
/// </summary>
internal static partial class YamlSuite
{
    /// <summary>The files that a file stands for.</summary>
    public static IEnumerable<JsonObject> Read(string path)
    {
        var yaml = new YamlStream();
        using (var text = new StreamReader(path))
            yaml.Load(new MergingParser(new Parser(text)));
        var root = Convert(yaml.Documents[0].RootNode)!.AsObject();
        var constants = Values(root["constants"]);
        foreach (var set in root["parameters"]?.AsArray() ?? [null])
        {
            var names = constants.Concat(Values(set)).ToDictionary(each => each.Key, each => each.Value);
            yield return Expand(root, names)!.AsObject();
        }
    }

    private static Dictionary<string, JsonNode?> Values(JsonNode? node) =>
        node?.AsObject().ToDictionary(each => each.Key, each => each.Value) ?? [];

    private static JsonNode? Convert(YamlNode node) =>
        node switch
        {
            YamlMappingNode mapping => new JsonObject(
                mapping.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, Convert(child.Value)))
            ),
            YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
            YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value!),
            YamlScalarNode scalar => JsonValue.Create(scalar.Value),
            _ => throw new InvalidOperationException(node.NodeType.ToString()),
        };

    private static JsonValue? Plain(string text) =>
        text switch
        {
            "null" or "" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(
                number
            ),
            _ => JsonValue.Create(text),
        };

    private static JsonNode? Expand(JsonNode? node, Dictionary<string, JsonNode?> names) =>
        node switch
        {
            JsonObject members => new JsonObject(
                members
                    .Where(member => member.Key is not ("constants" or "parameters"))
                    .Select(member => KeyValuePair.Create(Text(member.Key, names), Expand(member.Value, names)))
            ),
            JsonArray items => new JsonArray([.. items.Select(item => Expand(item, names))]),
            JsonValue value when value.TryGetValue<string>(out var text) => ExpandText(text, names),
            JsonValue value => value.DeepClone(),
            _ => null,
        };

    private static JsonNode? ExpandText(string text, Dictionary<string, JsonNode?> names) =>
        Name().Match(text) is { Success: true } found
        && found.Length == text.Length
        && names.TryGetValue(text[1..^1], out var value)
            ? Expand(value, names)
            : JsonValue.Create(Text(text, names));

    private static string Text(string text, Dictionary<string, JsonNode?> names) =>
        Name()
            .Replace(
                text,
                found => names.TryGetValue(found.Value[1..^1], out var value) ? value?.ToString() ?? "null" : found.Value
            );

    [GeneratedRegex("<[A-Z_0-9]+>", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Name();
}
