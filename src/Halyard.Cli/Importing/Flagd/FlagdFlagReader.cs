using System.Text.Json;
using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Flagd;

/// <summary>Reads one flag of flagd.</summary>
internal sealed class FlagdFlagReader(string key, JsonElement definition, string pointer, JsonElement? evaluators, NoteList notes)
{
    private static readonly string[] Known = ["state", "defaultVariant", "targeting", "metadata", "variants", "key", "$schema"];

    /// <summary>The flag; <see langword="null"/> where it cannot be created, and a note says why.</summary>
    public ImportedFlag? Read()
    {
        if (!TryReadVariants(out var type, out var variants))
            return null;
        ReadWords();
        if (!TryReadDefault(variants, out var defaultVariant))
            return null;

        var gaps = new List<Gap>();
        var configuration = TargetingReader.Read(
            key,
            SourceDocument.Member(definition, "targeting"),
            SourceDocument.Below(pointer, "targeting"),
            evaluators,
            variants.Select(variant => variant.Key).ToHashSet(StringComparer.Ordinal),
            defaultVariant,
            gaps
        );
        ReadState(gaps);
        foreach (var gap in gaps.Distinct())
            notes.LeaveOff(key, ImportedProject.OnlyEnvironment, gap.Pointer, gap.What);
        var off = defaultVariant ?? configuration.OffVariant;
        return new ImportedFlag(
            new FlagDefinition(key, type, FlagStatus.Active, variants.ToSequence()),
            off,
            off,
            new Dictionary<string, ImportedConfiguration>(StringComparer.Ordinal)
            {
                [ImportedProject.OnlyEnvironment] = new(gaps.Count == 0 ? configuration : null, off),
            }
        );
    }

    /// <summary>Whether a value says anything.</summary>
    public static bool IsNotEmpty(JsonElement value) =>
        value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
        && !(value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() == 0);

    private bool TryReadVariants(out FlagType type, out List<Variant> variants)
    {
        (type, variants) = (default, []);
        var place = SourceDocument.Below(pointer, "variants");
        if (SourceDocument.Member(definition, "variants") is not { ValueKind: JsonValueKind.Object } written)
        {
            notes.LeaveOutFlag(key, pointer, "a flag without variants");
            return false;
        }
        var types = new HashSet<FlagType>();
        foreach (var member in written.EnumerateObject())
        {
            if (VariantType.Of(member.Value) is not { } found)
            {
                notes.LeaveOutFlag(key, SourceDocument.Below(place, member.Name), "a value that is a list or null");
                return false;
            }
            types.Add(found);
            variants.Add(new Variant(member.Name, VariantType.ValueOf(member.Value)));
        }
        if (types.Count == 1)
        {
            type = types.Single();
            return true;
        }
        notes.LeaveOutFlag(key, place, types.Count == 0 ? "a flag without variants" : "variants of several types");
        return false;
    }

    private void ReadWords()
    {
        if (SourceDocument.Member(definition, "metadata") is { } metadata && IsNotEmpty(metadata))
            notes.LoseWords(key, SourceDocument.Below(pointer, "metadata"), "metadata");
        foreach (var member in definition.EnumerateObject())
        {
            if (!Known.Contains(member.Name, StringComparer.Ordinal))
                notes.LoseWords(key, SourceDocument.Below(pointer, member.Name), "a member that flagd does not know either");
        }
    }

    private bool TryReadDefault(List<Variant> variants, out string? found)
    {
        found = null;
        if (SourceDocument.Member(definition, "defaultVariant") is not { } written)
            return true;
        var name = written.ValueKind == JsonValueKind.String ? written.GetString() : null;
        if (name is not null && variants.Exists(variant => variant.Key == name))
        {
            found = name;
            return true;
        }
        notes.LeaveOutFlag(key, SourceDocument.Below(pointer, "defaultVariant"), "a default that is none of the variants");
        return false;
    }

    private void ReadState(List<Gap> gaps)
    {
        var place = SourceDocument.Below(pointer, "state");
        if (SourceDocument.Member(definition, "state") is not { ValueKind: JsonValueKind.String } state)
            gaps.Add(new Gap(pointer, "a flag without a state"));
        else if (state.ValueEquals("DISABLED"))
            gaps.Add(new Gap(place, "a disabled flag, for which flagd answers an error and the caller's own default"));
        else if (!state.ValueEquals("ENABLED"))
            gaps.Add(new Gap(place, "a state that is neither ENABLED nor DISABLED"));
    }
}
