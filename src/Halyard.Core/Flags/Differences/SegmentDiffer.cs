using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags.Differences;

/// <summary>Names every semantic change of a segment; members are counted, never named.</summary>
internal static class SegmentDiffer
{
    public static void Compare(ChangeList changes, Segment? before, Segment? after)
    {
        var key = ChangeList.Quote((before ?? after)!.Definition.Key);
        if (before is null)
        {
            changes.Add("segment.created", $"segment {key} created");
            before = after! with { Definition = new SegmentDefinition(after.Definition.Key, [], [], []) };
        }
        if (after is null)
        {
            changes.Add("segment.deleted", $"segment {key} deleted");
            return;
        }
        changes.Replaced("segment.updated", "name", before.Title, after.Title);
        changes.Replaced("segment.updated", "description", before.Description, after.Description);
        CompareMembers(changes, key, "included", before.Definition.Includes, after.Definition.Includes);
        CompareMembers(changes, key, "excluded", before.Definition.Excludes, after.Definition.Excludes);
        CompareRules(changes, key, before.Definition.Rules, after.Definition.Rules);
    }

    private static void CompareMembers(
        ChangeList changes,
        string key,
        string what,
        Sequence<string> before,
        Sequence<string> after
    )
    {
        if (before == after)
            return;
        var added = after.Except(before, StringComparer.Ordinal).Count();
        var removed = before.Except(after, StringComparer.Ordinal).Count();
        var words = added + removed == 0 ? "reordered" : $"{added} added, {removed} removed";
        changes.Add("segment.updated", $"users {what} in segment {key}: {words}");
    }

    private static void CompareRules(ChangeList changes, string key, Sequence<SegmentRule> before, Sequence<SegmentRule> after)
    {
        var was = before.ToDictionary(rule => rule.Id, StringComparer.Ordinal);
        var now = after.Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var rule in after)
        {
            if (!was.TryGetValue(rule.Id, out var old))
                changes.Add(
                    "segment.updated",
                    $"rule {ChangeList.Quote(rule.Id)} added to segment {key}: {ConfigurationDiffer.Conditions(rule.Conditions)}"
                );
            else if (old != rule)
                changes.Add(
                    "segment.updated",
                    $"rule {ChangeList.Quote(rule.Id)} of segment {key} now asks: {ConfigurationDiffer.Conditions(rule.Conditions)}"
                );
        }
        foreach (var rule in before.Where(rule => !now.Contains(rule.Id)))
            changes.Add("segment.updated", $"rule {ChangeList.Quote(rule.Id)} removed from segment {key}");
        var kept = before.Select(rule => rule.Id).Where(now.Contains);
        if (!kept.SequenceEqual(after.Select(rule => rule.Id).Where(was.ContainsKey)))
            changes.Add("segment.updated", $"rules of segment {key} reordered");
    }
}
