namespace Halyard.Evaluation;

internal enum RolloutOutcome
{
    Served,

    /// <summary>The context has nothing to hash.</summary>
    NoValue,

    /// <summary>The bucket fell into the remainder, or outside the gate.</summary>
    Remainder,
}

/// <summary>A split ready to be applied. There is one kind for each <see cref="Definitions.BucketingHash"/>.</summary>
internal abstract class CompiledRollout
{
    /// <summary>The experiment this is, if it is one.</summary>
    public virtual string? ExperimentKey => null;

    /// <summary>What is hashed, in words.</summary>
    public abstract string BucketAttribute { get; }

    /// <summary>Whose rule places the user, in words; empty for Halyard's own.</summary>
    public virtual string Vendor => "";

    /// <summary>Whether users are kept out by a gate instead of a remainder.</summary>
    public virtual bool HasGate => false;

    /// <summary>Picks the context's variant.</summary>
    /// <param name="context">Whom to place.</param>
    /// <param name="variant">The variant, where one is served.</param>
    /// <param name="participates">False where the user is outside an experiment's traffic.</param>
    public abstract RolloutOutcome Pick(EvaluationContext context, out CompiledVariant? variant, out bool participates);

    /// <summary>How it places users, draw after draw, for surveys of all of them.</summary>
    public abstract IReadOnlyList<Draw> Draws();

    protected static string NameOf(AttributePath? bucketBy) => bucketBy?.Name ?? AttributePath.TargetingKey;
}

/// <summary>What every rollout is made of, checked.</summary>
/// <param name="Salt">The salt, whoever named it.</param>
/// <param name="BucketBy">What is hashed; null means the targeting key.</param>
/// <param name="Shares">The variants with their weights, in bucketing order.</param>
/// <param name="Remainder">The weight that serves nobody.</param>
internal sealed record RolloutParts(
    string Salt,
    AttributePath? BucketBy,
    IReadOnlyList<(CompiledVariant Variant, int Weight)> Shares,
    int Remainder
)
{
    /// <summary>The variants in order.</summary>
    public CompiledVariant[] Variants => [.. Shares.Select(share => share.Variant)];

    /// <summary>The sum of all weights and the remainder, 1…2³¹−1.</summary>
    public uint Total => (uint)(Shares.Sum(share => (long)share.Weight) + Remainder);

    /// <summary>The running totals: where each variant's buckets end.</summary>
    public uint[] Ends()
    {
        var ends = new uint[Shares.Count];
        var end = 0u;
        for (var i = 0; i < ends.Length; i++)
            ends[i] = end += (uint)Shares[i].Weight;
        return ends;
    }
}
