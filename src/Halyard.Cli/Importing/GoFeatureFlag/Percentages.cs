using System.Text;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.GoFeatureFlag;

/// <summary>
/// GO Feature Flag's percentages as weights: a thousand for a percent, in descending order of the variations' names
/// (getPercentageBuckets in internal/flag/rule.go). It adds them up in floating point and in no fixed order, and cuts off
/// fractions; where that may miss a whole thousandth, there is no exact equivalent.
/// </summary>
internal static class Percentages
{
    private const int Multiplier = 1_000;

    // With more shares than these the orders of adding are too many to try.
    private const int MaxFractional = 5;

    /// <summary>The weights; <see langword="null"/> where there are none that agree.</summary>
    public static Sequence<WeightedVariant>? Weigh(IReadOnlyList<(string Variant, double Percent)> shares)
    {
        var ordered = shares.OrderDescending(Comparer<(string Variant, double Percent)>.Create(ByName)).ToList();
        var weights = new List<WeightedVariant>(ordered.Count);
        foreach (var (variant, percent) in ordered)
        {
            var weight = Math.Round(percent * Multiplier);
            // A thousandth is told from a finer share by what the nearest decimal is.
            if (!(weight is >= 0 and <= int.MaxValue) || !(weight / Multiplier).Equals(percent))
                return null;
            weights.Add(new WeightedVariant(variant, (int)weight));
        }
        var total = weights.Sum(weight => (long)weight.Weight);
        return total is > 0 and <= Limits.TotalWeight && IsWhole(ordered, weights, total) ? weights.ToSequence() : null;
    }

    private static bool IsWhole(List<(string Variant, double Percent)> shares, List<WeightedVariant> weights, long total)
    {
        if (shares.TrueForAll(share => double.IsInteger(share.Percent)))
            return true;
        if (
            shares.Count > MaxFractional
            || !Sums([.. shares.Select(share => share.Percent)]).All(sum => (long)(sum * Multiplier) == total)
        )
            return false;
        var (end, exact) = (0.0, 0L);
        for (var i = 0; i < shares.Count; i++)
        {
            end += shares[i].Percent * Multiplier;
            exact += weights[i].Weight;
            if ((long)end != exact)
                return false;
        }
        return true;
    }

    /// <summary>What the numbers add up to, in every order.</summary>
    private static IEnumerable<double> Sums(double[] left, double sum = 0)
    {
        if (left.Length == 0)
            yield return sum;
        for (var i = 0; i < left.Length; i++)
        {
            foreach (var result in Sums([.. left[..i], .. left[(i + 1)..]], sum + left[i]))
                yield return result;
        }
    }

    // Go compares strings by their bytes.
    private static int ByName((string Variant, double Percent) left, (string Variant, double Percent) right) =>
        Encoding.UTF8.GetBytes(left.Variant).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right.Variant));
}
