using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags;

/// <summary>What refers to what inside a project.</summary>
public static class References
{
    /// <summary>The segments that a configuration names itself.</summary>
    public static IEnumerable<string> Segments(FlagEnvironment settings) =>
        settings.Rules.SelectMany(rule => Segments(rule.Conditions)).Distinct(StringComparer.Ordinal);

    /// <summary>The segments that a segment names itself.</summary>
    public static IEnumerable<string> Segments(SegmentDefinition segment) =>
        segment.Rules.SelectMany(rule => Segments(rule.Conditions)).Distinct(StringComparer.Ordinal);

    /// <summary>A segment and every segment that uses it, at any depth.</summary>
    public static IReadOnlySet<string> UsersOf(string segment, IReadOnlyCollection<Segment> all)
    {
        var users = new HashSet<string>(StringComparer.Ordinal) { segment };
        var grew = true;
        while (grew)
        {
            grew = false;
            foreach (var other in all)
            {
                if (!users.Contains(other.Definition.Key) && Segments(other.Definition).Any(users.Contains))
                    grew = users.Add(other.Definition.Key);
            }
        }
        return users;
    }

    private static IEnumerable<string> Segments(Sequence<Condition> conditions) =>
        conditions
            .Where(condition => condition.Operator == ConditionOperator.Segment)
            .SelectMany(condition => condition.Values)
            .Select(value => System.Text.Json.JsonSerializer.Deserialize<string>(value.Json) ?? "");
}
