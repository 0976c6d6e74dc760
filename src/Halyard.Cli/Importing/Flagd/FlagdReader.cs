using System.Text.Json;

namespace Halyard.Cli.Importing.Flagd;

/// <summary>
/// Reads flagd's flag definitions (https://flagd.dev/schema/v0/flags.json), JSON or YAML: flags as an object or a list, and
/// shared <c>$evaluators</c>.
/// </summary>
internal sealed class FlagdReader : IDefinitionReader
{
    /// <inheritdoc/>
    public string Format => "flagd";

    /// <inheritdoc/>
    public string Title => "flagd definitions";

    /// <inheritdoc/>
    public ImportedProject Read(ReadOnlyMemory<byte> file)
    {
        var root = SourceDocument.ParseJsonOrYaml(file);
        if (SourceDocument.Member(root, "flags") is not { ValueKind: JsonValueKind.Object or JsonValueKind.Array } flags)
            throw new UnreadableSourceException("it has no flags: flagd's definitions have a member 'flags'");
        var notes = new NoteList();
        if (SourceDocument.Member(root, "metadata") is { } metadata && FlagdFlagReader.IsNotEmpty(metadata))
            notes.LoseFileWords("/metadata", "metadata of the flag set");
        var evaluators = SourceDocument.Member(root, "$evaluators");

        var read = new List<ImportedFlag>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, definition, pointer) in Flags(flags))
        {
            if (!used.Add(key))
                notes.LeaveOutFlag(key, pointer, "a second flag with this key");
            else if (new FlagdFlagReader(key, definition, pointer, evaluators, notes).Read() is { } flag)
                read.Add(flag);
        }
        return new ImportedProject([ImportedProject.OnlyEnvironment], [], read, notes.Notes);
    }

    private static IEnumerable<(string Key, JsonElement Definition, string Pointer)> Flags(JsonElement flags)
    {
        if (flags.ValueKind == JsonValueKind.Object)
        {
            foreach (var flag in flags.EnumerateObject())
                yield return (flag.Name, flag.Value, SourceDocument.Below("/flags", flag.Name));
            yield break;
        }
        var index = 0;
        foreach (var flag in flags.EnumerateArray())
        {
            var pointer = SourceDocument.Below("/flags", index++);
            if (SourceDocument.Member(flag, "key") is not { ValueKind: JsonValueKind.String } key)
                throw new UnreadableSourceException($"the flag at {pointer} has no key");
            yield return (key.GetString()!, flag, pointer);
        }
    }
}
