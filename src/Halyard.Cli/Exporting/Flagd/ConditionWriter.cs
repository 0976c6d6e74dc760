using System.Text.Json.Nodes;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Exporting.Flagd;

/// <summary>
/// Writes conditions as JSONLogic. Comparisons are strict where JSONLogic has strict ones, and an order asks first whether the
/// attribute is there, since JSONLogic takes an absent one as 0.
/// </summary>
internal sealed class ConditionWriter(IReadOnlyDictionary<string, SegmentDefinition> segments, List<string> gaps)
{
    /// <summary>One condition.</summary>
    public JsonNode Write(Condition condition)
    {
        var holds = Matches(condition);
        if (
            condition.WhenMissing == WhenMissing.Match
            && condition.Operator is not (ConditionOperator.Exists or ConditionOperator.Segment)
        )
            holds = Any([IsAbsent(condition), holds]);
        return condition.Negate ? new JsonObject { ["!"] = new JsonArray(holds) } : holds;
    }

    /// <summary>An operation.</summary>
    public static JsonObject Operation(string name, params JsonNode?[] arguments) => new() { [name] = new JsonArray(arguments) };

    /// <summary>Holds where all do.</summary>
    public static JsonNode All(IReadOnlyList<JsonNode> conditions) =>
        conditions.Count == 1 ? conditions[0] : new JsonObject { ["and"] = new JsonArray([.. conditions]) };

    /// <summary>The attribute of a name.</summary>
    public static JsonObject Variable(string attribute, List<string> gaps)
    {
        if (attribute.StartsWith('$') || Array.Exists(attribute.Split('.'), part => part.All(char.IsAsciiDigit)))
            gaps.Add($"the attribute '{attribute}', which flagd would not find under this name");
        return new JsonObject { ["var"] = attribute };
    }

    private static JsonNode Any(List<JsonNode> conditions) =>
        conditions.Count switch
        {
            0 => false,
            1 => conditions[0],
            _ => new JsonObject { ["or"] = new JsonArray([.. conditions]) },
        };

    private JsonNode Matches(Condition condition) =>
        condition.Operator switch
        {
            ConditionOperator.Equals => Equal(condition),
            ConditionOperator.Contains => EachValue(condition, value => Operation("in", value, Variable(condition))),
            ConditionOperator.StartsWith => EachValue(condition, value => Operation("starts_with", Variable(condition), value)),
            ConditionOperator.EndsWith => EachValue(condition, value => Operation("ends_with", Variable(condition), value)),
            ConditionOperator.GreaterThan => Ordered(condition, ">"),
            ConditionOperator.GreaterThanOrEqual => Ordered(condition, ">="),
            ConditionOperator.LessThan => Ordered(condition, "<"),
            ConditionOperator.LessThanOrEqual => Ordered(condition, "<="),
            ConditionOperator.Between => All([
                IsPresent(condition),
                Operation("<=", Value(condition.Values[0]), Variable(condition), Value(condition.Values[1])),
            ]),
            ConditionOperator.Exists => IsPresent(condition),
            ConditionOperator.Segment => Any([.. condition.Values.Select(key => Belongs(segments[key.Json.Trim('"')]))]),
            ConditionOperator.SemverEquals
            or ConditionOperator.SemverLessThan
            or ConditionOperator.SemverLessThanOrEqual
            or ConditionOperator.SemverGreaterThan
            or ConditionOperator.SemverGreaterThanOrEqual
            or ConditionOperator.SemverTilde
            or ConditionOperator.SemverCaret => Version(condition),
            _ => Gap($"the operator '{condition.Operator.WireName()}'"),
        };

    private JsonNode Equal(Condition condition)
    {
        // A list of several types is compared loosely by some of flagd's implementations.
        var lists = condition
            .Values.Select(value =>
                (
                    Node: Value(value)!,
                    Kind: value.Json[0] is '"' ? 's'
                    : char.IsAsciiLetter(value.Json[0]) ? 'b'
                    : 'n'
                )
            )
            .GroupBy(value => value.Kind)
            .SelectMany(group =>
                group.Key == 'b' || group.Count() == 1
                    ? group.Select(value => (JsonNode)Operation("===", Variable(condition), value.Node))
                    : [Operation("in", Variable(condition), new JsonArray([.. group.Select(value => value.Node)]))]
            );
        return Any([.. lists]);
    }

    private JsonNode Ordered(Condition condition, string comparison) =>
        All([IsPresent(condition), EachValue(condition, value => Operation(comparison, Variable(condition), value))]);

    private JsonNode Version(Condition condition)
    {
        // To flagd a text that is no version is there all the same.
        if (condition.WhenMissing == WhenMissing.Match)
            gaps.Add("a comparison of versions that holds for what is no version");
        return Any([
            .. condition.Values.Select(value => VersionWriter.Write(condition.Operator, Variable(condition), value, gaps)),
        ]);
    }

    /// <summary>Membership written out: a segment is known to Halyard alone.</summary>
    private JsonNode Belongs(SegmentDefinition segment)
    {
        var ways = segment
            .Rules.Select(rule => rule.Conditions.Count == 0 ? true : All([.. rule.Conditions.Select(Write)]))
            .ToList();
        if (segment.Includes.Count > 0)
            ways.Insert(0, Operation("in", User(), List(segment.Includes)));
        var belongs = Any(ways);
        return segment.Excludes.Count == 0
            ? belongs
            : All([new JsonObject { ["!"] = new JsonArray(Operation("in", User(), List(segment.Excludes))) }, belongs]);
    }

    private static JsonObject User() => new() { ["var"] = "targetingKey" };

    private static JsonArray List(Sequence<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private JsonObject Variable(Condition condition) => Variable(condition.Attribute, gaps);

    private JsonObject IsPresent(Condition condition) => Operation("!=", Variable(condition), null);

    private JsonObject IsAbsent(Condition condition) => Operation("==", Variable(condition), null);

    private static JsonNode EachValue(Condition condition, Func<JsonNode, JsonNode> write) =>
        Any([.. condition.Values.Select(value => write(Value(value)!))]);

    private static JsonNode? Value(FlagValue value) => JsonNode.Parse(value.Json);

    private JsonNode Gap(string what)
    {
        gaps.Add(what);
        return false;
    }
}
