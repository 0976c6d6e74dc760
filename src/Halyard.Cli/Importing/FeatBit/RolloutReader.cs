using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.FeatBit;

/// <summary>
/// Reads what a rule or the fallthrough serves: variations, each with a range between 0 and 1 that holds whoever is hashed into
/// it.
/// </summary>
internal sealed class RolloutReader(IReadOnlyDictionary<string, string> variants, AttributeKinds kinds, ICollection<Gap> gaps)
{
    // What is hashed is a whole number of these steps.
    private const double Steps = 2_147_483_648;
    private const double Whole = 1e-5;
    private const int MaxTotal = 1_000_000_000;

    /// <summary>Whether an experiment counts only a share of the users, which has no part in what is served.</summary>
    public bool MeetsExperiment { get; private set; }

    /// <summary>What is served; an arbitrary variant where a gap was added.</summary>
    public Serve Read(SourceNode owner)
    {
        var shares = owner.Items("variations").Select(ReadShare).ToList();
        var place = SourceDocument.Below(owner.Pointer, "variations");
        // The first that holds everybody ends the list, and FeatBit does not hash for it.
        if (shares.Find(share => share.Low > 0 || share.High > 0) is { Low: 0 } all && 1 - all.High < Whole)
            return Serve.One(all.Variant);
        if (!TouchEachOther(shares))
            return Gap(
                place,
                "ranges that do not follow each other from 0 to 1: whoever is in none gets the caller's own default"
            );
        for (var total = 1; total <= MaxTotal; total *= 10)
        {
            if (WeightsOf(shares, total) is { } weights)
                return Serve.Split(new Rollout(weights, BucketBy: BucketBy(owner)));
        }
        return Gap(place, "ranges finer than a billionth");
    }

    /// <summary>The key of a variation.</summary>
    public string VariantOf(string id, string pointer)
    {
        if (variants.TryGetValue(id, out var key))
            return key;
        gaps.Add(new Gap(pointer, "a variation that the flag does not have: FeatBit takes it for malformed"));
        return variants.Values.First();
    }

    private string? BucketBy(SourceNode owner)
    {
        var property = owner.Text("dispatchKey");
        if (string.IsNullOrWhiteSpace(property))
            return null;
        var attribute = FeatBitConditions.AttributeOf(property);
        kinds.ExpectText(attribute, owner.Pointer, gaps);
        return attribute == AttributeKinds.TargetingKey ? null : attribute;
    }

    private Share ReadShare(SourceNode written)
    {
        var range = written.Items("rollout").Select(bound => bound.Element).ToList();
        if (
            range
            is not [
                { ValueKind: System.Text.Json.JsonValueKind.Number } low,
                { ValueKind: System.Text.Json.JsonValueKind.Number } high,
            ]
        )
            throw new UnreadableSourceException($"the variation at '{written.Pointer}' has no range of two numbers");
        MeetsExperiment |= written["exptRollout"] is { Element: var counted } && counted.GetRawText() is not ("1" or "1.0");
        return new Share(VariantOf(written.RequiredText("id"), written.Pointer), low.GetDouble(), high.GetDouble());
    }

    private static bool TouchEachOther(List<Share> shares)
    {
        var end = 0.0;
        foreach (var share in shares)
        {
            if (share.High < share.Low || !IsSamePlace(share.Low, end))
                return false;
            end = share.High;
        }
        return IsSamePlace(end, 1);
    }

    /// <summary>Whole weights that put the same hashes behind each end; null where the total is too small for it.</summary>
    private static Sequence<WeightedVariant>? WeightsOf(List<Share> shares, int total)
    {
        var weights = new List<WeightedVariant>();
        var before = 0;
        foreach (var share in shares)
        {
            var end = (int)Math.Round(share.High * total);
            if (end < before || !IsSamePlace(end / (double)total, share.High))
                return null;
            weights.Add(new WeightedVariant(share.Variant, end - before));
            before = end;
        }
        return before == total ? weights.ToSequence() : null;
    }

    private static bool IsSamePlace(double left, double right) => Math.Floor(left * Steps) == Math.Floor(right * Steps);

    private Serve Gap(string pointer, string what)
    {
        gaps.Add(new Gap(pointer, what));
        return Serve.One(variants.Values.First());
    }

    private sealed record Share(string Variant, double Low, double High);
}
