using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>Compiles the rollouts of one flag by the flag's hash.</summary>
internal sealed class RolloutCompiler(FlagDefinition flag, Func<string?, Report, CompiledVariant?> find)
{
    private const int Percent = Limits.Traffic / 100;

    /// <summary>The rollout; null where something was reported.</summary>
    public CompiledRollout? Compile(Rollout rollout, Report report)
    {
        var before = report.Count;
        CheckHashed(rollout.Salt, rollout.BucketBy, report);
        var shares = Shares(rollout, report);
        var experiment = ExperimentOf(rollout.Experiment, report.At("experiment"));
        if (rollout.Gate is not null)
            CheckGate(rollout.Gate, report.At("gate"));
        if (flag.Hash != BucketingHash.Flagd)
            CheckForeign(rollout, report);
        if (report.Count != before)
            return null;

        var salt = rollout.Salt ?? flag.Salt ?? flag.Key;
        var parts = new RolloutParts(salt, PathOf(rollout.BucketBy), shares, rollout.Remainder);
        return flag.Hash switch
        {
            BucketingHash.Flagd => new FlagdRollout(parts, experiment),
            BucketingHash.Unleash => new UnleashRollout(parts, GateOf(rollout.Gate, parts)),
            BucketingHash.LaunchDarkly => new LaunchDarklyRollout(parts),
            BucketingHash.FeatBit => new FeatBitRollout(parts),
            BucketingHash.GrowthBook => new GrowthBookRollout(parts),
            BucketingHash.ConfigCat => new ConfigCatRollout(parts),
            BucketingHash.GoFeatureFlag => new GoFeatureFlagRollout(parts),
            BucketingHash.Flipt => new FliptRollout(parts),
            // Reported where the flag is checked.
            _ => null,
        };
    }

    private List<(CompiledVariant, int)> Shares(Rollout rollout, Report report)
    {
        report.At("weights").CheckCount(rollout.Weights.Count, Limits.Variants);
        var total = (long)rollout.Remainder;
        if (rollout.Remainder < 0)
            report.At("remainder").Problem("must not be negative");
        var shares = new List<(CompiledVariant, int)>(rollout.Weights.Count);
        for (var i = 0; i < rollout.Weights.Count; i++)
        {
            var (place, weight) = (report.At("weights").At(i), rollout.Weights[i]);
            if (weight.Weight < 0)
                place.At("weight").Problem("must not be negative");
            total += weight.Weight;
            if (find(weight.Variant, place.At("variant")) is { } variant)
                shares.Add((variant, weight.Weight));
        }
        if (total is < 1 or > Limits.TotalWeight)
            report.At("weights").Problem($"must have a total of 1 to {Limits.TotalWeight}, not {total}");
        else if (Buckets is { } buckets && total != buckets)
            report.At("weights").Problem($"must have a total of {buckets} with hash '{flag.Hash.WireName()}', not {total}");
        return shares;
    }

    /// <summary>The number of buckets, where the hash has a fixed one.</summary>
    private int? Buckets =>
        flag.Hash switch
        {
            BucketingHash.ConfigCat => ConfigCatRollout.Buckets,
            BucketingHash.Flipt => FliptRollout.Buckets,
            _ => null,
        };

    private (string, CompiledVariant, int)? ExperimentOf(Experiment? experiment, Report report)
    {
        if (experiment is null)
            return null;
        report.At("key").CheckText(experiment.Key, Limits.Identifier);
        if (experiment.Traffic is < 0 or > Limits.Traffic)
            report.At("traffic").Problem($"must be 0 to {Limits.Traffic}");
        return find(experiment.Control, report.At("control")) is { } control
            ? (experiment.Key, control, experiment.Traffic)
            : null;
    }

    private void CheckGate(Gate gate, Report report)
    {
        if (flag.Hash != BucketingHash.Unleash)
            report.Problem($"is possible only with hash '{BucketingHash.Unleash.WireName()}'");
        if (gate.Share is < 0 or > Limits.Traffic || gate.Share % Percent != 0)
            report.At("share").Problem($"must be 0 to {Limits.Traffic} in steps of {Percent}: whole percents");
        CheckHashed(gate.Salt, gate.BucketBy, report);
    }

    /// <summary>Reports what another platform's rule has no place for.</summary>
    private void CheckForeign(Rollout rollout, Report report)
    {
        if (!Enum.IsDefined(flag.Hash))
            return;
        var hash = flag.Hash.WireName();
        if (rollout.Experiment is not null)
            report.At("experiment").Problem($"is not possible with hash '{hash}'");
        if (rollout.Remainder > 0 && flag.Hash is BucketingHash.Unleash or BucketingHash.LaunchDarkly)
            report.At("remainder").Problem($"is not possible with hash '{hash}', which places everyone");
    }

    private static void CheckHashed(string? salt, string? bucketBy, Report report)
    {
        report.At("salt").CheckSalt(salt);
        if (bucketBy is not null)
            report.At("bucketBy").CheckText(bucketBy, Limits.Text);
    }

    private static (string, AttributePath?, int)? GateOf(Gate? gate, RolloutParts parts) =>
        gate is null
            ? null
            : (gate.Salt ?? parts.Salt, gate.BucketBy is null ? parts.BucketBy : PathOf(gate.BucketBy), gate.Share / Percent);

    private static AttributePath? PathOf(string? bucketBy) => bucketBy is null ? null : new AttributePath(bucketBy);
}
