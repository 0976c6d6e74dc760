namespace Halyard.Cli.Importing.LaunchDarkly;

/// <summary>Reads LaunchDarkly's flags and segments: the data that SDKs get, or answers of the REST API.</summary>
internal sealed class LaunchDarklyReader : IDefinitionReader
{
    /// <inheritdoc/>
    public string Format => "launchdarkly";

    /// <inheritdoc/>
    public string Title => "LaunchDarkly flags";

    /// <inheritdoc/>
    public ImportedProject Read(ReadOnlyMemory<byte> file)
    {
        var source = LaunchDarklyFile.Read(new SourceNode(SourceDocument.ParseJson(file), ""));
        var notes = new NoteList();
        var segments = source.Segments.ToDictionary(
            environment => environment.Key,
            environment =>
                LaunchDarklySegments.Read(environment.Value, source.Segments.Count > 1 ? $"-{environment.Key}" : "", notes),
            StringComparer.Ordinal
        );
        var flags = new Dictionary<string, LaunchDarklyFlag>(StringComparer.Ordinal);
        foreach (var flag in source.Flags)
        {
            if (!flags.TryAdd(flag.Key, flag))
                throw new UnreadableSourceException($"at '{flag.Node.Pointer}' is a second flag '{flag.Key}'");
        }
        var read = source
            .Flags.Select(flag => new LaunchDarklyFlagReader(flag, flags, SegmentsOf, notes).Read())
            .OfType<ImportedFlag>()
            .ToList();
        return new ImportedProject(
            source.Environments,
            [.. segments.Values.SelectMany(environment => environment.Imported)],
            read,
            notes.Notes
        );

        LaunchDarklySegments SegmentsOf(string environment) =>
            segments.GetValueOrDefault(environment, LaunchDarklySegments.Unknown);
    }
}
