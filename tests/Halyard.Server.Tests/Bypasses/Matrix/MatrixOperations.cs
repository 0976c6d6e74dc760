using System.Globalization;
using System.Text.Json.Nodes;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Testing;

namespace Halyard.Server.Tests.Bypasses.Matrix;

/// <summary>
/// The examples of <c>tests/vectors/operations.json</c>, each aimed at one environment of a project that has all three and serves
/// the same in each of them, but for what development could promote.
/// </summary>
internal static class MatrixOperations
{
    /// <summary>The environments by key: one of each type, named like it.</summary>
    public static IReadOnlyList<string> Environments { get; } =
    [.. Enum.GetValues<EnvironmentType>().Select(type => WireNames.Of(type))];

    /// <summary>Every operation that can be sent in a change of a project. Projects are made by a route of their own.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. OperationJson.Names.Where(name => name != "createProject")];

    private static readonly JsonObject Vectors = JsonNode
        .Parse(File.ReadAllText(Path.Combine(Suites.RepositoryRoot, "tests", "vectors", "operations.json")))!
        .AsObject();

    private static long _made;

    /// <summary>What makes the project, without itself: environments, segments, then flags in the environments.</summary>
    public static IEnumerable<string> Given(params string[] environments)
    {
        foreach (var given in Vectors["given"]!.AsArray().Select(node => node!.DeepClone().AsObject()))
        {
            if (Name(given) is "createProject" or "createEnvironment")
                continue;
            if (given["environments"] is JsonObject configured)
            {
                var all = new JsonObject();
                foreach (var environment in environments)
                    all[environment] = configured["production"]!.DeepClone();
                given["environments"] = all;
            }
            yield return given.ToJsonString();
        }
    }

    /// <summary>What makes the environments.</summary>
    public static IEnumerable<string> GivenEnvironments =>
        Environments.Select(type =>
            $$"""{"op":"createEnvironment","environment":"{{type}}","name":"{{type}}","type":"{{type}}"}"""
        );

    /// <summary>What happens next in each project, so that there is something to promote and to return to.</summary>
    public static IEnumerable<string> Later =>
        [
            """{"op":"setOffVariant","flag":"checkout","environment":"development","variant":"treatment","baseRevision":1}""",
            .. Environments
                .Where(environment => environment != "development")
                .Select(environment =>
                    $$"""{"op":"setFallthrough","flag":"checkout","environment":"{{environment}}","serve":{"variant":"treatment"},"baseRevision":1}"""
                ),
        ];

    /// <summary>The example of an operation, aimed at an environment of a project. What it makes is named as nothing was before.</summary>
    public static JsonObject Aimed(string name, string environment, string project)
    {
        var json = Vectors["operations"]!
            .AsArray()
            .Select(node => node!.AsObject())
            .Single(node => Name(node) == name)
            .DeepClone()
            .AsObject();
        json.Remove("baseRevision");
        var made = string.Create(CultureInfo.InvariantCulture, $"m{Interlocked.Increment(ref _made)}");
        switch (name)
        {
            case "createFlag":
                json["flag"] = made;
                json["environments"] = new JsonObject { [environment] = json["environments"]!["production"]!.DeepClone() };
                json["environments"]![environment]!["enabled"] = true;
                break;
            case "createSegment":
                json["segment"] = made;
                break;
            case "createEnvironment":
                (json["environment"], json["type"]) = (made, environment);
                break;
            case "updateProject":
                (json["project"], json["name"]) = (project, made);
                break;
            default:
                if (json["environment"] is not null)
                    json["environment"] = environment;
                break;
        }
        if (json["from"] is not null)
            json["from"] = environment == "development" ? "staging" : "development";
        return json;
    }

    /// <summary>What an operation changes, in a project.</summary>
    public static ResourceName TargetOf(string project, JsonObject operation) =>
        operation["flag"] is { } flag ? Flag.NameOf(project, (string)flag!)
        : operation["segment"] is { } segment ? Segment.NameOf(project, (string)segment!)
        : operation["environment"] is { } environment ? ProjectEnvironment.NameOf(project, (string)environment!)
        : Project.NameOf(project);

    public static string Name(JsonObject operation) => (string)operation["op"]!;
}
