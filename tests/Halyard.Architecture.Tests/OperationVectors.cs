using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Evaluation.Definitions;
using Halyard.Testing;

namespace Halyard.Architecture.Tests;

/// <summary><c>tests/vectors/operations.json</c>: one example of every operation that can be sent, and the project they suit.</summary>
internal static class OperationVectors
{
    private const long Revision = 3;

    private static readonly JsonElement File = JsonDocument
        .Parse(System.IO.File.ReadAllText(Path.Combine(Suites.RepositoryRoot, "tests", "vectors", "operations.json")))
        .RootElement;

    /// <summary>The examples' names, in the file's order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [.. File.GetProperty("operations").EnumerateArray().Select(example => example.GetProperty("op").GetString()!)];

    /// <summary>The example with a name, and what reading it found wrong.</summary>
    public static (Operation? Operation, IReadOnlyList<DefinitionProblem> Problems) Read(string name)
    {
        var example = File.GetProperty("operations")
            .EnumerateArray()
            .Single(example => example.GetProperty("op").GetString() == name);
        return Read(example);
    }

    /// <summary>The project that the examples suit, its resources at revision 3 and its flags' first revision remembered.</summary>
    public static Workspace SampleProject()
    {
        var project = File.GetProperty("project").GetString()!;
        var ids = 0;
        var empty = new Workspace(project, [], new Dictionary<(string, long), Flag?>(), () => $"id_{ids++}");
        foreach (var given in File.GetProperty("given").EnumerateArray())
        {
            var (operation, problems) = Read(given);
            problems.ShouldBeEmpty();
            FlagEditor.Apply(empty, operation!, "").ShouldBeTrue();
        }
        empty.Problems.ShouldBeEmpty();

        var resources = empty.Edits().Select(edit => edit.After!).ToList();
        return new Workspace(
            project,
            resources.Select(resource => new Loaded(resource, Revision, resource.ToDocument(), null)),
            resources
                .OfType<Flag>()
                .ToDictionary(flag => (flag.Definition.Key, 1L), Flag? (flag) => flag with { Title = "As it began" }),
            () => $"id_{ids++}"
        );
    }

    private static (Operation? Operation, IReadOnlyList<DefinitionProblem> Problems) Read(JsonElement json)
    {
        var problems = new List<DefinitionProblem>();
        return (OperationJson.Read(JsonCursor.Root(json, problems)), problems);
    }
}
