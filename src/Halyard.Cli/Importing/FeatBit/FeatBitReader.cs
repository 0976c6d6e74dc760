using Halyard.Cli.Importing.Logic;

namespace Halyard.Cli.Importing.FeatBit;

/// <summary>
/// Reads FeatBit's data sets, which are one environment: what its evaluation server sends to SDKs, or the file that an SDK starts
/// from.
/// </summary>
internal sealed class FeatBitReader : IDefinitionReader
{
    /// <inheritdoc/>
    public string Format => "featbit";

    /// <inheritdoc/>
    public string Title => "FeatBit data set";

    /// <inheritdoc/>
    public ImportedProject Read(ReadOnlyMemory<byte> file)
    {
        var root = new SourceNode(SourceDocument.ParseJson(file), "");
        var data = root["data"] ?? root;
        if (data["featureFlags"] is not { } written)
            throw new UnreadableSourceException("it has no flags: FeatBit's data sets have a member 'featureFlags'");
        if (data.Text("eventType") is { } type && type != "full")
            throw new UnreadableSourceException($"it is a data set of the type '{type}', which holds changes alone");

        var notes = new NoteList();
        var kinds = new AttributeKinds();
        var conditions = new FeatBitConditions(kinds);
        var segments = new FeatBitSegments(data.Items("segments"), conditions, notes);
        var flags = new List<ImportedFlag>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var flag in written.Items())
        {
            var key = flag.RequiredText("key");
            if (!used.Add(key))
                notes.LeaveOutFlag(key, flag.Pointer, "a second flag with this key");
            else if (new FeatBitFlagReader(flag, conditions, segments, kinds, notes).Read() is { } read)
                flags.Add(read);
        }
        return new ImportedProject([ImportedProject.OnlyEnvironment], segments.Imported, flags, notes.Notes);
    }
}
