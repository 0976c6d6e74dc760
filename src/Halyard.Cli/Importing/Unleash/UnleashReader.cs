using Halyard.Cli.Importing.Logic;

namespace Halyard.Cli.Importing.Unleash;

/// <summary>
/// Reads Unleash's features: what <c>/api/client/features</c> answers, which is one environment, or an export of several.
/// </summary>
internal sealed class UnleashReader : IDefinitionReader
{
    private const string Chance =
        "chance, by which Unleash answers whoever has neither a user nor a session, or lacks the attribute that variants stick to: "
        + "such a user is outside every share here, and gets the first variant that has a weight";

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
        var meetsChance = false;
        foreach (var feature in source.Features)
        {
            if (!used.Add(feature.Name))
            {
                notes.LeaveOutFlag(feature.Name, feature.Node.Pointer, "a second feature with this name");
                continue;
            }
            var reader = new UnleashFlagReader(feature, strategies, kinds, dependencies, notes);
            flags.Add(reader.Read());
            meetsChance |= reader.MeetsChance;
        }
        if (meetsChance)
            notes.LoseFileWords("/features", Chance);
        return new ImportedProject(source.Environments, segments.Imported, flags, notes.Notes);
    }
}
