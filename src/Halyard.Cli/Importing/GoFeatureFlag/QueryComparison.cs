using System.Text;
using System.Text.RegularExpressions;
using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.GoFeatureFlag;

/// <summary>
/// One comparison of a query. Each compares values of one type; an attribute that is absent or of another type makes it false,
/// <c>ne</c> too. Texts are compared without regard to case, but in lists with it.
/// </summary>
internal static partial class QueryComparison
{
    /// <summary>The formula; <see langword="null"/> where there is no exact equivalent.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="operation">The operator as written.</param>
    /// <param name="values">The values as written.</param>
    /// <param name="isList">Whether they stood in a list.</param>
    public static Formula? Of(string attribute, string operation, IReadOnlyList<string> values, bool isList)
    {
        var name = NameOf(operation);
        if (isList || name == "in")
            return isList && name == "in" ? OneOf(attribute, values) : null;
        var value = values[0];
        return value switch
        {
            "null" => name switch
            {
                "eq" => Formula.Not(Formula.Exists(attribute)),
                "ne" => Formula.Exists(attribute),
                _ => null,
            },
            "true" or "false" => Truth(attribute, name, value == "true"),
            ['"', ..] => Text(attribute, name, value[1..^1]),
            _ when Number().IsMatch(value) => Ordered(attribute, name, new FlagValue(value), Numbers),
            _ when Version().IsMatch(value) => Ordered(attribute, name, FlagValue.Of(value), Versions),
            _ => null,
        };
    }

    private static readonly Dictionary<string, ConditionOperator> Numbers = new(StringComparer.Ordinal)
    {
        ["eq"] = ConditionOperator.Equals,
        ["gt"] = ConditionOperator.GreaterThan,
        ["ge"] = ConditionOperator.GreaterThanOrEqual,
        ["lt"] = ConditionOperator.LessThan,
        ["le"] = ConditionOperator.LessThanOrEqual,
    };

    private static readonly Dictionary<string, ConditionOperator> Versions = new(StringComparer.Ordinal)
    {
        ["eq"] = ConditionOperator.SemverEquals,
        ["gt"] = ConditionOperator.SemverGreaterThan,
        ["ge"] = ConditionOperator.SemverGreaterThanOrEqual,
        ["lt"] = ConditionOperator.SemverLessThan,
        ["le"] = ConditionOperator.SemverLessThanOrEqual,
    };

    private static readonly Dictionary<string, ConditionOperator> Texts = new(StringComparer.Ordinal)
    {
        ["eq"] = ConditionOperator.EqualsIgnoreCase,
        ["co"] = ConditionOperator.ContainsIgnoreCase,
        ["sw"] = ConditionOperator.StartsWithIgnoreCase,
        ["ew"] = ConditionOperator.EndsWithIgnoreCase,
    };

    private static string NameOf(string operation) =>
        operation switch
        {
            "==" => "eq",
            "!=" => "ne",
            ">" => "gt",
            "<" => "lt",
            ">=" => "ge",
            "<=" => "le",
            "EQ" or "NE" or "GT" or "LT" or "GE" or "LE" or "CO" or "SW" or "EW" or "IN" => operation.ToLowerInvariant(),
            _ => operation,
        };

    private static Formula? Ordered(
        string attribute,
        string name,
        FlagValue value,
        Dictionary<string, ConditionOperator> operations
    )
    {
        if (name == "ne")
            return Formula.Not(Formula.Test(attribute, operations["eq"], [value], whenMissing: true));
        return operations.TryGetValue(name, out var operation) ? Formula.Test(attribute, operation, [value]) : null;
    }

    // Beyond ASCII two products rarely agree on which letters are the same but for their case.
    private static Formula? Text(string attribute, string name, string value) =>
        Ascii.IsValid(value) ? Ordered(attribute, name, FlagValue.Of(value), Texts) : null;

    private static Formula? Truth(string attribute, string name, bool value)
    {
        // Whether a user is anonymous is always known there: where the context does not say, it is false.
        var isAnonymous = attribute == "anonymous";
        return name switch
        {
            "eq" => Formula.Test(attribute, ConditionOperator.Equals, [FlagValue.Of(value)], isAnonymous && !value),
            "ne" => Formula.Not(Formula.Test(attribute, ConditionOperator.Equals, [FlagValue.Of(value)], !isAnonymous || !value)),
            _ => null,
        };
    }

    private static Formula? OneOf(string attribute, IReadOnlyList<string> values)
    {
        if (values.All(value => value is ['"', ..]))
            return Formula.Test(
                attribute,
                ConditionOperator.Equals,
                values.Select(value => FlagValue.Of(value[1..^1])).Distinct()
            );
        return values.All(value => Number().IsMatch(value))
            ? Formula.Test(attribute, ConditionOperator.Equals, values.Select(value => new FlagValue(value)).Distinct())
            : null;
    }

    [GeneratedRegex(
        @"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([Ee][+-]?(0|[1-9][0-9]*))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Number();

    [GeneratedRegex(
        @"\A(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Version();
}
