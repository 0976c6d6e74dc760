using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>Conditions in words for people.</summary>
public static class ConditionWords
{
    private const int ShownValues = 5;

    /// <summary>What stands for a value that is not to be seen.</summary>
    internal const string Personal = "a personal value";

    /// <summary>A condition as a phrase: <c>plan is one of "pro", "enterprise"</c>.</summary>
    public static string Describe(Condition condition) => Describe(condition, hidesValues: false);

    /// <summary>The same; with <paramref name="hidesValues"/> without the values.</summary>
    internal static string Describe(Condition condition, bool hidesValues)
    {
        var subject = condition.Operator == ConditionOperator.Segment ? "user" : condition.Attribute;
        var phrase = $"{subject} {Verb(condition, condition.Values.Count > 1 && !hidesValues)}";
        return condition.Operator == ConditionOperator.Exists
            ? phrase
            : $"{phrase} {(hidesValues ? Personal : Values(condition))}";
    }

    private static string Values(Condition condition)
    {
        var joint = condition.Operator == ConditionOperator.Between ? " and " : ", ";
        var shown = string.Join(joint, condition.Values.Take(ShownValues).Select(value => value.ToString()));
        return condition.Values.Count > ShownValues ? $"{shown} and {condition.Values.Count - ShownValues} more" : shown;
    }

    private static string Verb(Condition condition, bool several)
    {
        var not = condition.Negate ? "not " : "";
        var does = condition.Negate ? "does not " : "";
        var s = condition.Negate ? "" : "s";
        return condition.Operator switch
        {
            ConditionOperator.Equals => $"is {not}{(several ? "one of" : "equal to")}",
            ConditionOperator.EqualsIgnoreCase => $"is {not}{(several ? "one of" : "equal to")} (ignoring case)",
            ConditionOperator.Contains => $"{does}contain{s}",
            ConditionOperator.ContainsIgnoreCase => $"{does}contain{s} (ignoring case)",
            ConditionOperator.StartsWith => $"{does}start{s} with",
            ConditionOperator.StartsWithIgnoreCase => $"{does}start{s} with (ignoring case)",
            ConditionOperator.EndsWith => $"{does}end{s} with",
            ConditionOperator.EndsWithIgnoreCase => $"{does}end{s} with (ignoring case)",
            ConditionOperator.Matches => $"{does}match{(condition.Negate ? "" : "es")}",
            ConditionOperator.GreaterThan => $"is {not}greater than",
            ConditionOperator.GreaterThanOrEqual => $"is {not}at least",
            ConditionOperator.LessThan => $"is {not}less than",
            ConditionOperator.LessThanOrEqual => $"is {not}at most",
            ConditionOperator.Between => $"is {not}between",
            ConditionOperator.Exists => condition.Negate ? "is absent" : "is present",
            ConditionOperator.SemverEquals => $"is {not}version",
            ConditionOperator.SemverLessThan => $"is {not}a version before",
            ConditionOperator.SemverLessThanOrEqual => $"is {not}a version up to",
            ConditionOperator.SemverGreaterThan => $"is {not}a version after",
            ConditionOperator.SemverGreaterThanOrEqual => $"is {not}a version from",
            ConditionOperator.SemverTilde => $"is {not}a version matching ~",
            ConditionOperator.SemverCaret => $"is {not}a version matching ^",
            ConditionOperator.Before => $"is {not}before",
            ConditionOperator.After => $"is {not}after",
            ConditionOperator.Cidr => $"is {not}inside",
            ConditionOperator.Segment => $"is {not}in {(several ? "one of the segments" : "the segment")}",
            _ => "is compared in an unknown way with",
        };
    }
}
