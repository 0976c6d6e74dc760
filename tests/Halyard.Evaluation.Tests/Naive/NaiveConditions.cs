using System.Text.Json;
using System.Text.RegularExpressions;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Naive;

/// <summary>The table of operators in docs/evaluation.md, read out again for each condition.</summary>
internal sealed class NaiveConditions(NaiveContext context, IReadOnlyList<SegmentDefinition> segments)
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, Regex> Expressions = new(
        StringComparer.Ordinal
    );

    public bool AllHold(IEnumerable<Condition> conditions) => conditions.All(Holds);

    public bool Holds(Condition condition) =>
        (Matches(condition) ?? condition.WhenMissing == WhenMissing.Match) != condition.Negate;

    /// <summary>Whether an attribute equals one value, as overrides compare.</summary>
    public bool Equals(string attribute, FlagValue value) => Holds(new Condition(attribute, ConditionOperator.Equals, [value]));

    /// <summary>Whether the attribute matches, before negation; null where it is missing.</summary>
    public bool? Matches(Condition condition)
    {
        if (condition.Operator == ConditionOperator.Segment)
            return condition.Values.Any(key => Contains(segments.First(segment => segment.Key == (string)Read(key)!)));

        var attribute = context.Find(condition.Attribute);
        if (condition.Operator == ConditionOperator.Exists)
            return attribute is not null;

        var elements = attribute is object?[] list ? list : [attribute];
        if (elements.Length == 0)
            return false;
        var values = condition.Values.Select(Read).ToList();
        var known = elements.Where(element => IsKnown(condition.Operator, element, values)).ToList();
        return known.Count == 0 ? null : known.Any(element => MatchesOne(condition.Operator, element!, values));
    }

    private bool Contains(SegmentDefinition segment)
    {
        if (context.TargetingKey is { } user)
        {
            if (segment.Excludes.Contains(user))
                return false;
            if (segment.Includes.Contains(user))
                return true;
        }
        return segment.Rules.Any(rule => AllHold(rule.Conditions));
    }

    private static bool IsKnown(ConditionOperator comparison, object? element, List<object?> values) =>
        comparison switch
        {
            // What none of the values could ever equal is of another type.
            ConditionOperator.Equals => IsFinite(element) && values.Any(value => value!.GetType() == element?.GetType()),
            ConditionOperator.GreaterThan
            or ConditionOperator.GreaterThanOrEqual
            or ConditionOperator.LessThan
            or ConditionOperator.LessThanOrEqual
            or ConditionOperator.Between => element is double number && double.IsFinite(number),
            ConditionOperator.Before or ConditionOperator.After => NaiveTexts.ReadTime(element) is not null,
            ConditionOperator.Cidr => element is string text && NaiveTexts.ReadAddress(text) is not null,
            >= ConditionOperator.SemverEquals and <= ConditionOperator.SemverCaret => element is string text
                && NaiveTexts.ReadVersion(text) is not null,
            _ => element is string,
        };

    private static bool MatchesOne(ConditionOperator comparison, object element, List<object?> values) =>
        comparison switch
        {
            ConditionOperator.Equals => values.Contains(element),
            ConditionOperator.Between => (double)values[0]! <= (double)element && (double)element <= (double)values[1]!,
            _ => values.Any(value => Matches(comparison, element, value!)),
        };

    private static bool Matches(ConditionOperator comparison, object element, object value) =>
        comparison switch
        {
            ConditionOperator.EqualsIgnoreCase => string.Equals(
                (string)element,
                (string)value,
                StringComparison.OrdinalIgnoreCase
            ),
            ConditionOperator.Contains => ((string)element).Contains((string)value, StringComparison.Ordinal),
            ConditionOperator.ContainsIgnoreCase => Windows((string)element, (string)value),
            ConditionOperator.StartsWith => ((string)element).StartsWith((string)value, StringComparison.Ordinal),
            ConditionOperator.StartsWithIgnoreCase => ((string)element).StartsWith(
                (string)value,
                StringComparison.OrdinalIgnoreCase
            ),
            ConditionOperator.EndsWith => ((string)element).EndsWith((string)value, StringComparison.Ordinal),
            ConditionOperator.EndsWithIgnoreCase => ((string)element).EndsWith((string)value, StringComparison.OrdinalIgnoreCase),
            ConditionOperator.Matches => Expression((string)value).IsMatch((string)element),
            ConditionOperator.GreaterThan => (double)element > (double)value,
            ConditionOperator.GreaterThanOrEqual => (double)element >= (double)value,
            ConditionOperator.LessThan => (double)element < (double)value,
            ConditionOperator.LessThanOrEqual => (double)element <= (double)value,
            ConditionOperator.Before => NaiveTexts.ReadTime(element) < NaiveTexts.ReadTime(value),
            ConditionOperator.After => NaiveTexts.ReadTime(element) > NaiveTexts.ReadTime(value),
            ConditionOperator.Cidr => NaiveTexts.IsInside((string)value, NaiveTexts.ReadAddress((string)element)!.Value),
            _ => VersionMatches(comparison, NaiveTexts.ReadVersion((string)element)!, NaiveTexts.ReadVersion((string)value)!),
        };

    private static bool IsFinite(object? value) => value is not double number || double.IsFinite(number);

    private static bool VersionMatches(ConditionOperator comparison, NaiveTexts.Version element, NaiveTexts.Version value)
    {
        var order = NaiveTexts.Compare(element, value);
        var significant = Array.FindIndex(value.Core, part => part != 0) is var index and >= 0 ? index + 1 : 3;
        return comparison switch
        {
            ConditionOperator.SemverEquals => order == 0,
            ConditionOperator.SemverLessThan => order < 0,
            ConditionOperator.SemverLessThanOrEqual => order <= 0,
            ConditionOperator.SemverGreaterThan => order > 0,
            ConditionOperator.SemverGreaterThanOrEqual => order >= 0,
            ConditionOperator.SemverTilde => order >= 0 && element.Core.Take(2).SequenceEqual(value.Core.Take(2)),
            ConditionOperator.SemverCaret => order >= 0
                && element.Core.Take(significant).SequenceEqual(value.Core.Take(significant)),
            _ => throw new InvalidOperationException($"{comparison} is not in the table"),
        };
    }

    private static bool Windows(string text, string part) =>
        Enumerable
            .Range(0, Math.Max(0, text.Length - part.Length + 1))
            .Any(start => string.Equals(text.Substring(start, part.Length), part, StringComparison.OrdinalIgnoreCase));

    private static Regex Expression(string pattern) =>
        Expressions.GetOrAdd(pattern, text => new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));

    private static object? Read(FlagValue value)
    {
        var element = JsonElement.Parse(value.Json);
        return element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number => element.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };
    }
}
