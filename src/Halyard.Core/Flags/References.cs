using System.Text.Json;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags;

/// <summary>What refers to what inside a project.</summary>
public static class References
{
    /// <summary>The segments that a configuration names itself.</summary>
    public static IEnumerable<string> Segments(FlagEnvironment settings) =>
        settings.Rules.SelectMany(rule => Segments(rule.Conditions)).Distinct(StringComparer.Ordinal);

    /// <summary>Each mention of a segment in a configuration, with its pointer relative to the configuration.</summary>
    public static IEnumerable<(string Segment, string Pointer)> PlacesOfSegments(FlagEnvironment settings) =>
        settings.Rules.SelectMany((rule, i) => PlacesOfSegments(rule.Conditions, $"/rules/{i}"));

    /// <summary>Each mention of a segment in a segment, with its pointer relative to the segment.</summary>
    public static IEnumerable<(string Segment, string Pointer)> PlacesOfSegments(SegmentDefinition segment) =>
        segment.Rules.SelectMany((rule, i) => PlacesOfSegments(rule.Conditions, $"/rules/{i}"));

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
        PlacesOfSegments(conditions, "").Select(place => place.Segment);

    // A value that is no string names nothing; the definition's own rules report it.
    private static IEnumerable<(string Segment, string Pointer)> PlacesOfSegments(Sequence<Condition> conditions, string rule) =>
        from at in conditions.Index()
        where at.Item.Operator == ConditionOperator.Segment
        from value in at.Item.Values.Index()
        where value.Item.ToString().StartsWith('"')
        select (JsonSerializer.Deserialize<string>(value.Item.Json) ?? "", $"{rule}/conditions/{at.Index}/values/{value.Index}");
}
