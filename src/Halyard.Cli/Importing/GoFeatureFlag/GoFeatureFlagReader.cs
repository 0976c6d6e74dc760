using System.Text.Json;
using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.GoFeatureFlag;

/// <summary>
/// Reads GO Feature Flag's configuration, JSON or YAML, in the format of its JSON schema (flags by name, each with variations,
/// targeting and a default rule).
/// </summary>
internal sealed class GoFeatureFlagReader : IDefinitionReader
{
    // Members that change over time, or take a decision away from the rules.
    private static readonly (string Member, string What)[] Unsupported =
    [
        ("scheduledRollout", "a scheduled rollout"),
        ("experimentation", "a window in which an experiment runs"),
        ("bucketingKey", "a bucketing key, without which a user gets an error and the caller's own default"),
    ];

    private static readonly string[] Words = ["trackEvents", "version", "metadata", "converter"];

    /// <inheritdoc/>
    public string Format => "go-feature-flag";

    /// <inheritdoc/>
    public string Title => "GO Feature Flag configuration";

    /// <inheritdoc/>
    public ImportedProject Read(ReadOnlyMemory<byte> file)
    {
        var root = SourceDocument.ParseJsonOrYaml(file);
        if (root.ValueKind != JsonValueKind.Object)
            throw new UnreadableSourceException("it is no object of flags by name");
        var notes = new NoteList();
        var flags = new List<ImportedFlag>();
        foreach (var member in root.EnumerateObject())
        {
            var pointer = SourceDocument.Below("", member.Name);
            if (member.Value.ValueKind != JsonValueKind.Object)
                notes.LeaveOutFlag(member.Name, pointer, "a flag that is no object");
            else if (ReadFlag(member.Name, member.Value, pointer, notes) is { } flag)
                flags.Add(flag);
        }
        return new ImportedProject([ImportedProject.OnlyEnvironment], [], flags, notes.Notes);
    }

    private static ImportedFlag? ReadFlag(string key, JsonElement definition, string pointer, NoteList notes)
    {
        if (ReadVariants(key, definition, pointer, notes) is not var (type, variants))
            return null;
        var gaps = new List<Gap>();
        foreach (var member in definition.EnumerateObject())
            ReadMember(member, SourceDocument.Below(pointer, member.Name), key, gaps, notes);

        var rules = new RuleReader(variants.Select(variant => variant.Key).ToHashSet(StringComparer.Ordinal), gaps);
        var list = new RuleList();
        if (SourceDocument.Member(definition, "targeting") is { ValueKind: JsonValueKind.Array } targeting)
        {
            var index = 0;
            foreach (var rule in targeting.EnumerateArray())
                rules.AddTo(list, rule, SourceDocument.Below($"{pointer}/targeting", index++));
        }
        if (list.IsOverfull)
            gaps.Add(new Gap($"{pointer}/targeting", $"targeting that needs more than {Limits.Rules} rules"));
        var fallthrough = SourceDocument.Member(definition, "defaultRule") is { } defaultRule
            ? rules.ReadServe(defaultRule, $"{pointer}/defaultRule")
            : rules.Missing(pointer, "a flag without a default rule");

        foreach (var gap in gaps.Distinct())
            notes.LeaveOff(key, ImportedProject.OnlyEnvironment, gap.Pointer, gap.What);
        var off = fallthrough?.Variant ?? fallthrough?.Rollout?.Weights[0].Variant ?? variants[0].Key;
        var exact =
            gaps.Count == 0 && fallthrough is not null ? new FlagEnvironment(true, off, [], [], list.Rules, fallthrough) : null;
        return new ImportedFlag(
            new FlagDefinition(key, type, FlagStatus.Active, variants.ToSequence(), Hash: BucketingHash.GoFeatureFlag),
            off,
            off,
            new Dictionary<string, ImportedConfiguration>(StringComparer.Ordinal)
            {
                [ImportedProject.OnlyEnvironment] = new(exact, off),
            }
        );
    }

    private static (FlagType Type, List<Variant> Variants)? ReadVariants(
        string key,
        JsonElement definition,
        string pointer,
        NoteList notes
    )
    {
        var place = SourceDocument.Below(pointer, "variations");
        var variants = new List<Variant>();
        var types = new HashSet<FlagType?>();
        if (SourceDocument.Member(definition, "variations") is { ValueKind: JsonValueKind.Object } written)
        {
            foreach (var variation in written.EnumerateObject())
            {
                types.Add(VariantType.Of(variation.Value));
                variants.Add(new Variant(variation.Name, VariantType.ValueOf(variation.Value)));
            }
        }
        if (types is { Count: 1 } && types.Single() is { } type)
            return (type, variants);
        notes.LeaveOutFlag(key, place, "variations that are not all strings, numbers, booleans or objects");
        return null;
    }

    private static void ReadMember(JsonProperty member, string pointer, string key, List<Gap> gaps, NoteList notes)
    {
        if (member.Value.ValueKind == JsonValueKind.Null)
            return;
        if (Array.Find(Unsupported, known => known.Member == member.Name) is (not null, var what))
            gaps.Add(new Gap(pointer, what));
        else if (Words.Contains(member.Name, StringComparer.Ordinal))
            notes.LoseWords(key, pointer, $"'{member.Name}'");
        else if (member.Name == "disable" && member.Value.ValueKind != JsonValueKind.False)
            gaps.Add(new Gap(pointer, "a disabled flag, for which the caller's own default is used"));
        else if (member.Name == "targeting" && member.Value.ValueKind != JsonValueKind.Array)
            gaps.Add(new Gap(pointer, "targeting that is no list"));
        else if (member.Name is not ("variations" or "targeting" or "defaultRule" or "disable"))
            notes.LoseWords(key, pointer, $"'{member.Name}', which GO Feature Flag does not know either");
    }
}
