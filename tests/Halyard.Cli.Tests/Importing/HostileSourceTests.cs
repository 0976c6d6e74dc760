using System.Text;
using System.Text.Json.Nodes;
using Halyard.Cli.Importing;
using Halyard.Cli.Importing.FeatBit;
using Halyard.Cli.Importing.LaunchDarkly;
using Halyard.Cli.Importing.Planning;
using Halyard.Cli.Importing.Unleash;
using Halyard.Testing;

namespace Halyard.Cli.Tests.Importing;

public sealed class HostileSourceTests
{
    private static readonly string[] Values =
    [
        "null",
        "true",
        "-1",
        "1e999",
        "2147483648",
        "\"\"",
        "\"\\u0000/..\"",
        "\"NaN\"",
        "[]",
        "[null]",
        "{}",
        "[[[[]]]]",
        "{\"key\":{}}",
    ];

    public static TheoryData<string, string> Samples =>
        new()
        {
            { "unleash", "unleash/specifications/15-global-constraints.json" },
            { "unleash", "unleash/specifications/10-flexible-rollout-strategy.json" },
            { "launchdarkly", "launchdarkly/segment-match.yml" },
            { "launchdarkly", "launchdarkly/target-match.yml" },
            { "featbit", "import-samples/featbit/featbit-bootstrap.json" },
        };

    /// <summary>Whatever is put in whatever place: the file is refused in words, or what is left of it compiles.</summary>
    [Theory]
    [MemberData(nameof(Samples))]
    public void Sample_WithAnyValueReplaced_IsRefusedOrPlanned(string format, string file)
    {
        var root = Sample(format, file);
        var reader = DefinitionReaders.All.Single(each => each.Format == format);
        var (refused, planned) = (0, 0);
        foreach (var path in Paths(root, []).ToList())
        {
            foreach (var value in Values)
            {
                if (Read(reader, Replaced(root, path, value)))
                    planned++;
                else
                    refused++;
            }
        }
        refused.ShouldBeGreaterThan(100);
        planned.ShouldBeGreaterThan(100);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("\"flags\"")]
    [InlineData("{}")]
    [InlineData("{\"features\":{},\"flags\":5,\"featureFlags\":\"x\"}")]
    [InlineData("{\"features\":[],\"features\":[],\"flags\":{},\"flags\":{},\"featureFlags\":[],\"featureFlags\":[]}")]
    [InlineData("{\"features\":[{\"name\":\"\\ud800\"}],\"flags\":{\"\\ud800\":{}},\"featureFlags\":[{\"key\":\"\\ud800\"}]}")]
    public void File_ThatIsNoneOfTheFormat_IsRefused(string text)
    {
        foreach (var reader in new IDefinitionReader[] { new UnleashReader(), new LaunchDarklyReader(), new FeatBitReader() })
            Should.Throw<UnreadableSourceException>(() => reader.Read(Encoding.UTF8.GetBytes(text)), reader.Format);
    }

    [Fact]
    public void File_NestedDeep_IsRefused()
    {
        var deep = Encoding.UTF8.GetBytes(new string('[', 100_000));
        foreach (var reader in DefinitionReaders.All.Where(each => each.Format != "flagd"))
            Should.Throw<UnreadableSourceException>(() => reader.Read(deep), reader.Format);
    }

    private static JsonNode Sample(string format, string file)
    {
        var path = Suites.Require(file);
        if (file.EndsWith(".yml", StringComparison.Ordinal))
            return YamlSuite.Read(path).First()["sdkData"]!;
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        return format == "unleash" ? root["state"]! : root;
    }

    private static bool Read(IDefinitionReader reader, JsonNode file)
    {
        ImportedProject project;
        try
        {
            project = reader.Read(Encoding.UTF8.GetBytes(file.ToJsonString()));
        }
        catch (UnreadableSourceException problem)
        {
            problem.Message.ShouldNotBeEmpty();
            return false;
        }
        // Planning compiles, and leaves out what does not.
        var plan = ImportPlanner.Plan(
            project,
            [new EnvironmentMapping(ImportedProject.OnlyEnvironment, "here")],
            [Loss.Words, Loss.Chance]
        );
        plan.Flags.Count.ShouldBeLessThanOrEqualTo(project.Flags.Count);
        return true;
    }

    private static IEnumerable<object[]> Paths(JsonNode? node, object[] path)
    {
        if (path.Length > 0)
            yield return path;
        var children = node switch
        {
            JsonObject members => members.Select(member => ((object)member.Key, member.Value)),
            JsonArray items => items.Select((item, i) => ((object)i, item)),
            _ => [],
        };
        foreach (var (step, child) in children)
        {
            foreach (var below in Paths(child, [.. path, step]))
                yield return below;
        }
    }

    private static JsonNode Replaced(JsonNode root, object[] path, string value)
    {
        var copy = root.DeepClone();
        var parent = path[..^1].Aggregate(copy, (node, step) => step is int index ? node[index]! : node[(string)step]!);
        if (path[^1] is int last)
            parent[last] = JsonNode.Parse(value);
        else
            parent[(string)path[^1]] = JsonNode.Parse(value);
        return copy;
    }
}
