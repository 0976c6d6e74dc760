using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Unleash;

/// <summary>Reads one feature: every strategy becomes rules, in order, of which the first that lets the user in serves.</summary>
internal sealed class UnleashFlagReader(
    UnleashFeature feature,
    StrategyReader strategies,
    AttributeKinds kinds,
    DependencyReader dependencies,
    NoteList notes
)
{
    private const string ShareByChance =
        "a share that Unleash fills by chance from those who have neither a user nor a session: here none of them is in it";

    private readonly UnleashVariants _variants = VariantsOf(feature);

    /// <summary>All variants of a feature, in all environments, those of strategies last.</summary>
    public static UnleashVariants VariantsOf(UnleashFeature feature) =>
        new(
            feature
                .Environments.Values.SelectMany(state => state.Variants)
                .Concat(
                    feature
                        .Environments.Values.SelectMany(state => state.Strategies)
                        .SelectMany(strategy => strategy.Items("variants"))
                )
        );

    /// <summary>The flag.</summary>
    public ImportedFlag Read()
    {
        var environments = new Dictionary<string, ImportedConfiguration>(StringComparer.Ordinal);
        foreach (var (environment, state) in feature.Environments)
        {
            var (gaps, chances) = (new List<Gap>(), new List<Gap>());
            var configuration = ReadState(environment, state, gaps, chances);
            foreach (var gap in gaps.Distinct())
                notes.LeaveOff(feature.Name, environment, gap.Pointer, gap.What);
            // What is left off anyway has no loss to accept.
            foreach (var chance in gaps.Count == 0 ? chances.Distinct() : [])
                notes.LoseChance(feature.Name, environment, chance.Pointer, chance.What);
            environments[environment] = new ImportedConfiguration(gaps.Count == 0 ? configuration : null, _variants.Off);
        }
        var node = feature.Node;
        if (node.Flag("impressionData"))
            notes.LoseWords(feature.Name, SourceDocument.Below(node.Pointer, "impressionData"), "impression events");
        var status =
            node.Flag("archived") ? FlagStatus.Archived
            : node.Flag("stale") ? FlagStatus.Deprecated
            : FlagStatus.Active;
        return new ImportedFlag(
            new FlagDefinition(feature.Name, _variants.Type, status, _variants.All, Hash: BucketingHash.Unleash),
            _variants.On,
            _variants.Off,
            environments
        )
        {
            Description = node.Text("description") ?? "",
            Kind = node.Text("type") is "experiment" or "operational" or "kill-switch" or "permission"
                ? node.Text("type")!
                : "release",
            Tags = feature.Tags,
        };
    }

    private FlagEnvironment ReadState(string environment, UnleashState state, List<Gap> gaps, List<Gap> chances)
    {
        var rules = new RuleWriter(gaps);
        var serving = new ServingWriter(_variants, kinds, rules, gaps, chances);
        var active = state.Strategies.Where(strategy => !strategy.Flag("disabled")).ToList();
        if (state.Strategies.Count == 0)
            AddFeatureVariants(serving, Admission.Of(Formula.True), state);
        else if (active.Count == 0)
            gaps.Add(new Gap(state.Strategies[0].Pointer, "strategies that are all disabled"));
        CheckOrderOfVariants(active, gaps);
        foreach (var strategy in active)
        {
            var parameters = strategy["parameters"];
            var stickiness = Stickiness.Read(parameters?.TextOrNumber("stickiness"));
            foreach (var way in strategies.Read(strategy, feature.Name, gaps))
            {
                if (strategy.Items("variants") is not { Count: > 0 } own)
                    AddFeatureVariants(serving, way, state);
                else
                    serving.AddVariants(way, own, Group(parameters), stickiness, strategy.Pointer);
                if (way.Entry is not null && stickiness.ElseChance)
                    chances.Add(new Gap(strategy.Pointer, ShareByChance));
            }
        }
        var (written, fallthrough) = rules.Finish(Serve.One(_variants.Off), _variants.Off);
        var prerequisites = dependencies.Read(environment, state.Dependencies, gaps);
        return new FlagEnvironment(state.Enabled, _variants.Off, prerequisites, [], written, fallthrough);
    }

    private string Group(SourceNode? parameters) =>
        parameters?.TextOrNumber("groupId") is { Length: > 0 } group ? group : feature.Name;

    private void AddFeatureVariants(ServingWriter serving, Admission way, UnleashState state)
    {
        if (state.Variants.Count == 0)
            serving.AddOn(way, feature.Node.Pointer);
        else
            serving.AddVariants(
                way,
                state.Variants,
                feature.Name,
                Stickiness.Read(state.Variants[0].Text("stickiness")),
                state.Variants[0].Pointer
            );
    }

    // Where the first strategy that lets a user in has no variants but a later one has, SDKs differ on which counts.
    private static void CheckOrderOfVariants(List<SourceNode> active, List<Gap> gaps)
    {
        var without = active.FindIndex(strategy => strategy.Items("variants").Count == 0);
        var with = active.FindLastIndex(strategy => strategy.Items("variants").Count > 0);
        if (without >= 0 && without < with)
            gaps.Add(new Gap(active[with].Pointer, "variants of a strategy after one without, on which Unleash's SDKs differ"));
    }
}
