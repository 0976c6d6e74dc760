using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.LaunchDarkly;

/// <summary>Reads what a rule or the fallthrough serves: a variation, or a rollout over some.</summary>
/// <param name="key">The flag's key.</param>
/// <param name="salt">The flag's salt in the environment.</param>
/// <param name="variants">The keys of the flag's variants, by index.</param>
/// <param name="gaps">What has no equivalent.</param>
internal sealed class ServeReader(string key, string salt, IReadOnlyList<string> variants, ICollection<Gap> gaps)
{
    private const int Whole = 100_000;

    /// <summary>Whether a rollout is an experiment, whose exposures nobody will record.</summary>
    public bool MeetsExperiment { get; private set; }

    /// <summary>What is served; the first variant where a gap was added.</summary>
    public Serve Read(SourceNode owner)
    {
        if (owner.Whole("variation") is { } index)
            return Serve.One(VariantAt(index, owner.Pointer));
        return owner["rollout"] is { } rollout
            ? ReadRollout(rollout)
            : Gap(owner.Pointer, "neither a variation nor a rollout: LaunchDarkly takes the flag for malformed");
    }

    /// <summary>The key of a variation; that of the first where a gap was added.</summary>
    public string VariantAt(int index, string pointer)
    {
        if (index >= 0 && index < variants.Count)
            return variants[index];
        gaps.Add(new Gap(pointer, "a variation that the flag does not have: LaunchDarkly takes it for malformed"));
        return variants[0];
    }

    private Serve ReadRollout(SourceNode rollout)
    {
        var weights = rollout
            .Items("variations")
            .Select(weighted => new WeightedVariant(
                VariantAt(weighted.Whole("variation") ?? 0, weighted.Pointer),
                weighted.Whole("weight") ?? 0
            ))
            .ToList();
        var total = weights.Sum(weighted => (long)weighted.Weight);
        if (weights.Count == 0 || total > Whole || weights.Exists(weighted => weighted.Weight < 0))
            return Gap(rollout.Pointer, "a rollout without variations, or of more than a hundred percent");
        if (rollout["experimentAllocation"] is not null)
            return Gap(rollout.Pointer, "an experiment's allocation, whose seed the API does not say");
        // Who falls behind the last share gets the last variation.
        weights[^1] = weights[^1] with
        {
            Weight = weights[^1].Weight + (int)(Whole - total),
        };

        var isExperiment = rollout.Text("kind") == "experiment";
        MeetsExperiment |= isExperiment;
        var kind = rollout.Text("contextKind");
        var reference = isExperiment ? null : rollout.Text("bucketBy");
        var by = string.IsNullOrEmpty(reference) ? AttributeNames.KeyOf(kind) : AttributeNames.Of(kind, reference);
        if (by is null)
            return Gap(rollout.Pointer, $"the attribute '{reference}', which no attribute here means");
        var hashed = rollout.TextOrNumber("seed") ?? $"{key}.{salt}";
        return Serve.Split(new Rollout(weights.ToSequence(), hashed, by));
    }

    private Serve Gap(string pointer, string what)
    {
        gaps.Add(new Gap(pointer, what));
        return Serve.One(variants[0]);
    }
}
