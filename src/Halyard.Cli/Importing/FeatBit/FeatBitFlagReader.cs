using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.FeatBit;

/// <summary>Reads one flag, whose rollouts hash its key and the user's.</summary>
internal sealed class FeatBitFlagReader(
    SourceNode flag,
    FeatBitConditions conditions,
    FeatBitSegments segments,
    AttributeKinds kinds,
    NoteList notes
)
{
    private readonly string _key = flag.RequiredText("key");

    /// <summary>The flag; null where it cannot be created, and a note says why.</summary>
    public ImportedFlag? Read()
    {
        var written = flag.Items("variations");
        var place = SourceDocument.Below(flag.Pointer, "variations");
        var typeName = flag.Text("variationType") ?? "";
        if (VariationReader.TypeOf(typeName) is not { } type)
            return LeaveOut(SourceDocument.Below(flag.Pointer, "variationType"), $"variations of the type '{typeName}'");
        if (written.Count == 0)
            return LeaveOut(place, "a flag without variations");
        var keys = VariationReader.KeysOf(type, written);
        var variants = new List<Variant>();
        foreach (var variation in written)
        {
            if (VariationReader.ValueOf(type, variation.RequiredText("value")) is not { } value)
                return LeaveOut(variation.Pointer, $"a value that is no {(type == FlagType.Json ? "JSON object" : typeName)}");
            variants.Add(
                new Variant(
                    keys[variation.RequiredText("id")],
                    value,
                    type == FlagType.Boolean ? variation.Text("name") ?? "" : ""
                )
            );
        }

        var gaps = new List<Gap>();
        var configuration = ReadTargeting(keys, gaps);
        var isArchived = flag.Flag("isArchived");
        if (isArchived)
            gaps.Add(new Gap(flag.Pointer, "an archived flag, for which FeatBit answers the caller's own default"));
        foreach (var gap in gaps.Distinct())
            notes.LeaveOff(_key, ImportedProject.OnlyEnvironment, gap.Pointer, gap.What);
        return new ImportedFlag(
            new FlagDefinition(
                _key,
                type,
                isArchived ? FlagStatus.Archived : FlagStatus.Active,
                variants.ToSequence(),
                Hash: BucketingHash.FeatBit
            ),
            variants.Find(variant => variant.Key != configuration.OffVariant)?.Key ?? configuration.OffVariant,
            configuration.OffVariant,
            new Dictionary<string, ImportedConfiguration>(StringComparer.Ordinal)
            {
                [ImportedProject.OnlyEnvironment] = new(gaps.Count == 0 ? configuration : null, configuration.OffVariant),
            }
        )
        {
            Name = flag.Text("name") ?? "",
            Description = flag.Text("description") ?? "",
            Tags = flag.Texts("tags"),
        };
    }

    private ImportedFlag? LeaveOut(string pointer, string what)
    {
        notes.LeaveOutFlag(_key, pointer, what);
        return null;
    }

    private FlagEnvironment ReadTargeting(IReadOnlyDictionary<string, string> keys, List<Gap> gaps)
    {
        var rollouts = new RolloutReader(keys, kinds, gaps);
        var rules = new RuleWriter(gaps);
        var off = rollouts.VariantOf(
            flag.Text("disabledVariationId") ?? "",
            SourceDocument.Below(flag.Pointer, "disabledVariationId")
        );
        var pins = flag.Items("targetUsers")
            .Select(target => new Pin(
                AttributeKinds.TargetingKey,
                target.Texts("keyIds"),
                rollouts.VariantOf(target.RequiredText("variationId"), target.Pointer),
                target.Pointer
            ));
        var overrides = PinWriter.Write([.. pins], rules);
        foreach (var rule in flag.Items("rules"))
            rules.Add(conditions.ReadAll(rule, segments, gaps), rollouts.Read(rule), rule.Pointer, rule.Text("name") ?? "");
        var (written, fallthrough) = rules.Finish(rollouts.Read(flag.Required("fallthrough")), off);
        if (rollouts.MeetsExperiment)
            notes.LoseWords(_key, flag.Pointer, "the share of users that an experiment counts");
        return new FlagEnvironment(flag.Flag("isEnabled"), off, [], overrides, written, fallthrough);
    }
}
