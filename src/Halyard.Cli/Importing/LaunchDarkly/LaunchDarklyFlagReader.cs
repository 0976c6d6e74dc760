using System.Globalization;
using System.Text.Json;
using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.LaunchDarkly;

/// <summary>Reads one flag.</summary>
internal sealed class LaunchDarklyFlagReader(
    LaunchDarklyFlag flag,
    IReadOnlyDictionary<string, LaunchDarklyFlag> flags,
    Func<string, LaunchDarklySegments> segments,
    NoteList notes
)
{
    /// <summary>The flag; null where it cannot be created, and a note says why.</summary>
    public ImportedFlag? Read()
    {
        var written = flag.Node.Items("variations");
        var place = SourceDocument.Below(flag.Node.Pointer, "variations");
        var values = written.Select(variation => ValueOf(flag, variation)).ToList();
        var types = values.Select(value => VariantType.Of(value.Element)).Distinct().ToList();
        if (types is not [{ } type])
        {
            notes.LeaveOutFlag(
                flag.Key,
                place,
                types.Count == 0 ? "a flag without variations"
                    : types.Contains(null) ? "a variation that is a list or null"
                    : "variations of several types"
            );
            return null;
        }
        var keys = VariantKeys(flag);
        var variants = values.Select((value, i) => new Variant(keys[i], VariantType.ValueOf(value.Element), NameOf(written[i])));
        var environments = flag.Environments.ToDictionary(
            environment => environment.Key,
            environment => ReadEnvironment(environment.Key, environment.Value, keys),
            StringComparer.Ordinal
        );
        ReadWords();
        var defaults = flag.Node["defaults"];
        return new ImportedFlag(
            new FlagDefinition(flag.Key, type, Status, variants.ToSequence(), Hash: BucketingHash.LaunchDarkly),
            KeyAt(keys, defaults?.Whole("onVariation"), keys[0]),
            KeyAt(keys, defaults?.Whole("offVariation"), keys[^1]),
            environments
        )
        {
            Name = flag.Node.Text("name") ?? "",
            Description = flag.Node.Text("description") ?? "",
            Owner = flag.Node["_maintainer"]?.Text("email") is { Length: <= 256 } owner ? owner : "",
            Tags = flag.Node.Texts("tags"),
        };
    }

    /// <summary>The keys of a flag's variants: a boolean flag's are called true and false, others after their index.</summary>
    public static IReadOnlyList<string> VariantKeys(LaunchDarklyFlag flag)
    {
        var texts = flag.Node.Items("variations").Select(variation => ValueOf(flag, variation).Element.GetRawText()).ToList();
        return texts is ["true", "false"] or ["false", "true"]
            ? texts
            : [.. texts.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"variation-{i}"))];
    }

    private static bool IsOfApi(LaunchDarklyFlag flag) => flag.Node["environments"] is not null;

    private FlagStatus Status =>
        flag.Node.Flag("archived") ? FlagStatus.Archived
        : flag.Node.Flag("deprecated") ? FlagStatus.Deprecated
        : FlagStatus.Active;

    // The API wraps each value with an id and a name; what SDKs get is the value itself.
    private static SourceNode ValueOf(LaunchDarklyFlag flag, SourceNode variation)
    {
        if (!IsOfApi(flag))
            return variation;
        return variation.Element.ValueKind == JsonValueKind.Object && variation.Element.TryGetProperty("value", out var value)
            ? new SourceNode(value, SourceDocument.Below(variation.Pointer, "value"))
            : throw new UnreadableSourceException($"the variation at '{variation.Pointer}' has no value");
    }

    private string NameOf(SourceNode variation) =>
        IsOfApi(flag) ? variation.Text("name") ?? variation.Text("description") ?? "" : "";

    private static string KeyAt(IReadOnlyList<string> keys, int? index, string otherwise) =>
        index is { } known && known >= 0 && known < keys.Count ? keys[known] : otherwise;

    private ImportedConfiguration ReadEnvironment(string name, SourceNode environment, IReadOnlyList<string> keys)
    {
        var off = KeyAt(keys, environment.Whole("offVariation"), keys[^1]);
        var gaps = new List<Gap>();
        var configuration = environment["fallthrough"] is { } fallthrough
            ? ReadTargeting(name, environment, fallthrough, keys, off, gaps)
            : null;
        if (configuration is null)
            gaps.Add(
                new Gap(environment.Pointer, "a summary: the API gives the targeting of one flag, or of many with summary=0")
            );
        if (Status == FlagStatus.Archived)
            gaps.Add(new Gap(flag.Node.Pointer, "an archived flag, for which LaunchDarkly answers the caller's own default"));
        foreach (var gap in gaps.Distinct())
            notes.LeaveOff(flag.Key, name, gap.Pointer, gap.What);
        return new ImportedConfiguration(gaps.Count == 0 ? configuration : null, off);
    }

    private FlagEnvironment ReadTargeting(
        string name,
        SourceNode environment,
        SourceNode fallthrough,
        IReadOnlyList<string> keys,
        string off,
        List<Gap> gaps
    )
    {
        var serves = new ServeReader(flag.Key, environment.Text("salt") ?? "", keys, gaps);
        var rules = new RuleWriter(gaps);
        var clauses = new ClauseReader(segments(name));
        var overrides = PinWriter.Write(TargetReader.Read(environment, serves), rules);
        foreach (var rule in environment.Items("rules"))
            rules.Add(clauses.ReadAll(rule, gaps), serves.Read(rule), rule.Pointer, rule.Text("description") ?? "");
        var (written, last) = rules.Finish(serves.Read(fallthrough), off);
        var isOn = environment.Flag("on");
        var prerequisites = ReadPrerequisites(environment, gaps);
        if (environment.Whole("offVariation") is { } index)
            serves.VariantAt(index, SourceDocument.Below(environment.Pointer, "offVariation"));
        else if (!isOn || prerequisites.Count > 0)
            gaps.Add(new Gap(environment.Pointer, "no off variation: LaunchDarkly answers the caller's own default"));
        else
            notes.LoseWords(flag.Key, environment.Pointer, $"no off variation: switched off it serves '{off}' here");
        if (serves.MeetsExperiment)
            notes.LoseWords(flag.Key, environment.Pointer, "an experiment, whose exposures are not recorded");
        return new FlagEnvironment(isOn, off, prerequisites, overrides, written, last);
    }

    private Sequence<Prerequisite> ReadPrerequisites(SourceNode environment, List<Gap> gaps)
    {
        var prerequisites = new List<Prerequisite>();
        foreach (var needed in environment.Items("prerequisites"))
        {
            var key = needed.RequiredText("key");
            var index = needed.Whole("variation") ?? -1;
            if (!flags.TryGetValue(key, out var other))
                gaps.Add(new Gap(needed.Pointer, $"the prerequisite '{key}', which is not in the file"));
            else if (VariantKeys(other) is var variants && (index < 0 || index >= variants.Count))
                gaps.Add(new Gap(needed.Pointer, $"a variation that the prerequisite '{key}' does not have"));
            else
                prerequisites.Add(new Prerequisite(key, [variants[index]]));
        }
        return prerequisites.ToSequence();
    }

    private void ReadWords()
    {
        if (flag.Node["customProperties"] is { } custom && custom.Members().Count > 0)
            notes.LoseWords(flag.Key, custom.Pointer, "custom properties");
        if (flag.Node.Items("goalIds").Count > 0)
            notes.LoseWords(flag.Key, SourceDocument.Below(flag.Node.Pointer, "goalIds"), "goals");
    }
}
