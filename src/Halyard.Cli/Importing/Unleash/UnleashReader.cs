using Halyard.Cli.Importing.Logic;

namespace Halyard.Cli.Importing.Unleash;

/// <summary>
/// Reads Unleash's features: what <c>/api/client/features</c> answers, which is one environment, or an export of several.
/// </summary>
internal sealed class UnleashReader : IDefinitionReader
{
    /// <inheritdoc/>
    public string Format => "unleash";

    /// <inheritdoc/>
    public string Title => "Unleash features";

    /// <inheritdoc/>
    public ImportedProject Read(ReadOnlyMemory<byte> file)
    {
        var source = UnleashFile.Read(new SourceNode(SourceDocument.ParseJson(file), ""));
        var notes = new NoteList();
        var kinds = new AttributeKinds();
        var constraints = new ConstraintReader(kinds);
        var segments = new UnleashSegments(source.Segments, constraints, notes);
        var strategies = new StrategyReader(constraints, kinds, segments);
        var dependencies = new DependencyReader(source.Features);

        var flags = new List<ImportedFlag>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var feature in source.Features)
        {
            if (!used.Add(feature.Name))
            {
                notes.LeaveOutFlag(feature.Name, feature.Node.Pointer, "a second feature with this name");
                continue;
            }
            flags.Add(new UnleashFlagReader(feature, strategies, kinds, dependencies, notes).Read());
        }
        return new ImportedProject(source.Environments, segments.Imported, flags, notes.Notes);
    }
}
