using System.Globalization;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Logic;

/// <summary>Writes segments from formulas.</summary>
internal static class SegmentWriter
{
    /// <summary>A rule for each alternative; <see langword="null"/> where a gap was added.</summary>
    public static Sequence<SegmentRule>? Rules(IEnumerable<(Formula When, string Pointer)> rules, ICollection<Gap> gaps)
    {
        var before = gaps.Count;
        var written = new List<SegmentRule>();
        foreach (var (when, pointer) in rules)
        {
            if (NormalForm.Of(when) is not { } alternatives)
                gaps.Add(
                    new Gap(pointer, "a condition that needs more rules, or more conditions in a rule, than a segment may have")
                );
            else
                written.AddRange(alternatives.Select((all, i) => new SegmentRule(Id(written.Count + i + 1), all)));
        }
        return gaps.Count == before ? written.ToSequence() : null;
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"r_{number}");
}
