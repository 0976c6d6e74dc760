using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Unleash;

/// <summary>Writes what is served to those whom a strategy lets in: the feature being on, or one of its variants.</summary>
/// <param name="variants">The feature's variants.</param>
/// <param name="kinds">Takes what is hashed for text.</param>
/// <param name="rules">Takes the rules.</param>
/// <param name="gaps">Takes what has no equivalent.</param>
/// <param name="chances">Takes what hangs on chance in Unleash for users who lack what is hashed.</param>
internal sealed class ServingWriter(
    UnleashVariants variants,
    AttributeKinds kinds,
    RuleWriter rules,
    ICollection<Gap> gaps,
    ICollection<Gap> chances
)
{
    private const int Percent = Limits.Traffic / 100;

    private const string VariantByChance =
        "variants that Unleash chooses by chance for those who lack what they stick to: here they all get the first that has a weight";

    /// <summary>The feature is on.</summary>
    public void AddOn(Admission way, string pointer) => rules.Add(way.When, One(variants.On, way.Entry), pointer);

    /// <summary>The feature is on with one of the variants.</summary>
    /// <param name="way">Who is let in.</param>
    /// <param name="written">The variants, whose weights have any total.</param>
    /// <param name="group">What is hashed with the stickiness.</param>
    /// <param name="stickiness">What chooses among them.</param>
    /// <param name="pointer">Where they are.</param>
    public void AddVariants(Admission way, IReadOnlyList<SourceNode> written, string group, Stickiness stickiness, string pointer)
    {
        var weights = written.Select(variant => new WeightedVariant(variants.KeyOf(variant), WeightOf(variant))).ToSequence();
        var weighted = weights.Where(variant => variant.Weight > 0).ToList();
        if (weighted.Count == 0)
        {
            AddOn(way, pointer);
            return;
        }
        foreach (var variant in written)
        {
            if (Overrides(variant) is { } overrides)
                rules.Add(Formula.All(way.When, overrides), One(variants.KeyOf(variant), way.Entry), variant.Pointer);
        }
        if (weighted.Count > 1 && AddSplits(way, weights, group, stickiness, pointer))
            return;
        rules.Add(way.When, One(weighted[0].Variant, way.Entry), pointer);
    }

    /// <summary>Whether everybody let in has been served.</summary>
    private bool AddSplits(Admission way, Sequence<WeightedVariant> weights, string group, Stickiness stickiness, string pointer)
    {
        if (stickiness.Attributes.Count == 0)
        {
            gaps.Add(new Gap(pointer, "variants by chance, another one each time"));
            return true;
        }
        foreach (var attribute in stickiness.Attributes)
        {
            kinds.ExpectText(attribute, pointer, gaps);
            var split = new Rollout(weights, group, BucketBy(attribute), Gate: GateOf(way.Entry, attribute));
            rules.Add(way.When, Serve.Split(split), pointer);
            // Who was let in by this attribute has it.
            if (way.Entry?.Attribute == attribute)
                return true;
        }
        chances.Add(new Gap(pointer, VariantByChance));
        return false;
    }

    private Formula? Overrides(SourceNode variant)
    {
        var any = new List<Formula>();
        foreach (var item in variant.Items("overrides"))
        {
            var attribute = ConstraintReader.AttributeOf(item.RequiredText("contextName"));
            kinds.ExpectText(attribute, item.Pointer, gaps);
            any.Add(Comparisons.IsOneOf(attribute, item.Texts("values")));
        }
        return any.Count == 0 ? null : Formula.Any([.. any]);
    }

    private static int WeightOf(SourceNode variant) =>
        variant.Whole("weight") is { } weight and >= 0
            ? weight
            : throw new UnreadableSourceException($"the variant at '{variant.Pointer}' has no weight of at least 0");

    private static Serve One(string variant, Entry? entry) =>
        entry is null
            ? Serve.One(variant)
            : Serve.Split(new Rollout([new WeightedVariant(variant, 1)], Gate: GateOf(entry, AttributeKinds.TargetingKey)));

    private static Gate? GateOf(Entry? entry, string hashed) =>
        entry is null ? null : new Gate(entry.Percent * Percent, entry.Group, entry.Attribute == hashed ? null : entry.Attribute);

    private static string? BucketBy(string attribute) => attribute == AttributeKinds.TargetingKey ? null : attribute;
}
