using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>Which segments may have other members after a change: those that differ, and those that use them.</summary>
internal static class EditedSegments
{
    public static IReadOnlySet<string> Between(IReadOnlyList<SegmentDefinition> before, IReadOnlyList<SegmentDefinition> after)
    {
        var edited = Differing(before, after).Concat(Differing(after, before)).ToHashSet(StringComparer.Ordinal);
        var rest = new Queue<string>(edited);
        while (rest.TryDequeue(out var key))
        {
            foreach (var user in after.Where(segment => Uses(segment, key) && edited.Add(segment.Key)))
                rest.Enqueue(user.Key);
        }
        return edited;
    }

    private static IEnumerable<string> Differing(IReadOnlyList<SegmentDefinition> some, IReadOnlyList<SegmentDefinition> others)
    {
        var known = others.ToLookup(segment => segment.Key, StringComparer.Ordinal);
        return some.Where(segment => !known[segment.Key].Contains(segment)).Select(segment => segment.Key);
    }

    private static bool Uses(SegmentDefinition segment, string key) =>
        segment.Rules.Any(rule => SegmentTable.References(rule.Conditions, "").Any(used => used.Key == key));
}
