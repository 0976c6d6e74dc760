using Halyard.Core.Reading.Compliance;
using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Reading.Rollouts;

/// <summary>A variant's share.</summary>
/// <param name="Variant">The variant; <see langword="null"/> for whom a rule's rollout does not serve: they go on.</param>
/// <param name="Share">In thousandths of a percent, 0…100,000.</param>
public sealed record RolloutShare(string? Variant, int Share)
{
    /// <summary>The whole.</summary>
    public const int Whole = 100_000;

    /// <summary>
    /// Shares of each variant in whole thousandths of a percent, together <see cref="Whole"/>: rounded down, and what is missing given
    /// to those who lost most.
    /// </summary>
    public static Sequence<RolloutShare> Of(IEnumerable<ServedShare> shares)
    {
        var exact = shares
            .GroupBy(share => share.Variant?.Key)
            .Select(same => (Variant: same.Key, Share: same.Sum(share => share.Share) * Whole))
            .ToList();
        var rounded = exact.ConvertAll(share => (int)Math.Floor(share.Share + 1e-7));
        var missing = exact.Count == 0 ? 0 : Whole - rounded.Sum();
        foreach (
            var (index, _) in exact.Index().OrderByDescending(share => share.Item.Share - rounded[share.Index]).Take(missing)
        )
            rounded[index]++;
        return exact.Select((share, i) => new RolloutShare(share.Variant, rounded[i])).ToSequence();
    }
}

/// <summary>How a rule splits whoever it matches.</summary>
/// <param name="Id">The rule's id.</param>
/// <param name="Name">Its name; may be empty.</param>
/// <param name="Enabled">False for a rule that matches nobody.</param>
/// <param name="Shares">The shares of whoever it matches.</param>
public sealed record RuleShares(string Id, string Name, bool Enabled, Sequence<RolloutShare> Shares);

/// <summary>How a flag was rolled out in an environment. Compares by value.</summary>
/// <param name="Off">Why the off variant was served to everybody, or none; <see langword="null"/> while the flag was on.</param>
/// <param name="Shares">
/// The shares of whoever no prerequisite, override or rule decides for: the fallthrough's; while the flag was off, all of the off variant.
/// </param>
/// <param name="Rules">The rules in order, those of a flag that was off too.</param>
public sealed record RolloutState(ServedBy? Off, Sequence<RolloutShare> Shares, Sequence<RuleShares> Rules);
