using System.Text;
using Halyard.Cli.Importing;
using Halyard.Evaluation;

namespace Halyard.Cli.Tests.Importing;

/// <summary>What a reader made of a document, ready to be evaluated.</summary>
internal sealed class Imported
{
    private readonly CompileResult _compiled;

    private Imported(ImportedProject project, string environment)
    {
        Project = project;
        var flags = project
            .Flags.Where(flag => flag.Environments.GetValueOrDefault(environment)?.Exact is not null)
            .Select(flag => new FlagInEnvironment(flag.Definition, flag.Environments[environment].Exact!, 1))
            .ToList();
        _compiled = SnapshotCompiler.Compile(
            new EnvironmentDefinition("p", environment, 0, flags, [.. project.Segments.Select(each => each.Definition)])
        );
        _compiled.Diagnostics.ShouldBeEmpty();
        Exact = [.. flags.Select(flag => flag.Flag.Key)];
    }

    public ImportedProject Project { get; }

    /// <summary>The keys of the flags that are imported exactly.</summary>
    public IReadOnlyList<string> Exact { get; }

    public IEnumerable<string> Gaps => Project.Notes.Select(note => $"{note.Key}: {note.What}");

    public static Imported Read(IDefinitionReader reader, string text, string environment = ImportedProject.OnlyEnvironment) =>
        new(reader.Read(Encoding.UTF8.GetBytes(text)), environment);

    public string? Evaluate(string flag, string context)
    {
        EvaluationContext.TryParse(Encoding.UTF8.GetBytes(context), out var parsed, out var problem).ShouldBeTrue(problem);
        return Evaluator.Evaluate(_compiled.Snapshot, flag, parsed!, DateTimeOffset.UnixEpoch).Variant?.Key;
    }
}
