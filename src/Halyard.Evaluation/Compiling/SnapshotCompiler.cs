namespace Halyard.Evaluation;

/// <summary>
/// Compiles an environment: does every piece of work that depends on no context. Never throws on a definition; a flag with a
/// problem serves its off variant with <c>PARSE_ERROR</c> and never blocks the others.
/// </summary>
public static class SnapshotCompiler
{
    /// <summary>Compiles all flags and segments, and reports all problems.</summary>
    public static CompileResult Compile(EnvironmentDefinition definition)
    {
        var segments = new SegmentTable(definition.Segments);
        var entries = Distinct(definition.Flags, out var indexes);
        foreach (var entry in entries)
            entry.Compile(segments);
        foreach (var entry in entries)
            entry.Link(entries, indexes);
        RefuseCycles(entries);
        foreach (var entry in entries)
            entry.Settle();

        var diagnostics = segments.Diagnostics.Concat(entries.SelectMany(entry => entry.Diagnostics));
        var snapshot = new CompiledSnapshot(
            definition.Project,
            definition.Environment,
            definition.LedgerIndex,
            entries.Select(entry => entry.Flag)
        );
        return new CompileResult(snapshot, [.. diagnostics]);
    }

    private static List<FlagEntry> Distinct(IReadOnlyList<FlagInEnvironment> flags, out Dictionary<string, int> indexes)
    {
        indexes = new Dictionary<string, int>(flags.Count, StringComparer.Ordinal);
        var entries = new List<FlagEntry>(flags.Count);
        foreach (var flag in flags)
        {
            if (indexes.TryAdd(flag.Flag.Key, entries.Count))
                entries.Add(new FlagEntry(flag));
            else
                entries[indexes[flag.Flag.Key]].Problem("/key", $"'{flag.Flag.Key}' appears more than once");
        }
        return entries;
    }

    private static void RefuseCycles(List<FlagEntry> entries)
    {
        var reaches = ReferenceGraph.Analyse(entries.ConvertAll(entry => entry.Targets));
        for (var i = 0; i < entries.Count; i++)
        {
            if (reaches[i].Problem("prerequisites") is { } problem)
                entries[i].Problem("/prerequisites", problem);
        }
    }
}
