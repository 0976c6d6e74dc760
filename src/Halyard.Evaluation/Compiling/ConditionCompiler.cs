using System.Text.RegularExpressions;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>Checks conditions and prepares their comparisons.</summary>
internal static class ConditionCompiler
{
    /// <summary>Conditions of one rule; those with a problem are left out.</summary>
    public static CompiledCondition[] Compile(Sequence<Condition> conditions, ISegmentSource segments, Report report)
    {
        report.CheckCount(conditions.Count, Limits.Conditions);
        var compiled = new List<CompiledCondition>(conditions.Count);
        for (var i = 0; i < conditions.Count; i++)
        {
            if (Compile(conditions[i], segments, report.At(i)) is { } condition)
                compiled.Add(condition);
        }
        return [.. compiled];
    }

    private static CompiledCondition? Compile(Condition condition, ISegmentSource segments, Report report)
    {
        var before = report.Count;
        if (!Enum.IsDefined(condition.Operator))
        {
            report.At("operator").Problem($"'{condition.Operator}' is not an operator");
            return null;
        }
        if (!Enum.IsDefined(condition.WhenMissing))
            report.At("whenMissing").Problem($"'{condition.WhenMissing}' is neither noMatch nor match");

        if (condition.Operator == ConditionOperator.Segment)
        {
            if (!string.IsNullOrEmpty(condition.Attribute))
                report.At("attribute").Problem("a segment condition has no attribute");
        }
        else
        {
            report.At("attribute").CheckText(condition.Attribute, Limits.Text);
        }
        CheckCount(condition, report.At("values"));
        var compiled = Prepare(condition, segments, report.At("values"));
        return report.Count == before ? compiled : null;
    }

    private static void CheckCount(Condition condition, Report report)
    {
        var count = condition.Values.Count;
        if (condition.Operator == ConditionOperator.Exists && count != 0)
            report.Problem("must be empty: exists compares with nothing");
        else if (condition.Operator == ConditionOperator.Between && count != 2)
            report.Problem("must be two numbers, low then high");
        else if (condition.Operator is not (ConditionOperator.Exists or ConditionOperator.Between) && count == 0)
            report.Problem("must have at least one value");
        report.CheckCount(count, Limits.Values);
    }

    private static CompiledCondition Prepare(Condition condition, ISegmentSource segments, Report report)
    {
        var values = condition.Values;
        var scalars = condition.Operator == ConditionOperator.Exists ? [] : Scalars(values, report);
        return condition.Operator switch
        {
            ConditionOperator.Exists => new ExistsCondition(condition),
            ConditionOperator.Segment => new SegmentCondition(
                condition,
                Each(
                    scalars,
                    report,
                    (in AttributeValue value, out CompiledSegment? segment) =>
                    {
                        segment = value.Kind == AttributeKind.String ? segments.Find(value.Text) : null;
                        return segment is not null ? null
                            : value.Kind == AttributeKind.String ? $"there is no segment '{value.Text}'"
                            : "must be a segment's key";
                    }
                )!
            ),
            ConditionOperator.Equals when scalars is [{ Kind: AttributeKind.String } only] => Of(
                condition,
                new TextEqualsMatcher(only.Text)
            ),
            ConditionOperator.Equals => Of(condition, new EqualsMatcher(scalars, ignoreCase: false)),
            ConditionOperator.EqualsIgnoreCase => Of(condition, new EqualsMatcher(Strings(scalars, report), ignoreCase: true)),
            ConditionOperator.Contains => Text(TextPlace.Anywhere, ignoreCase: false),
            ConditionOperator.ContainsIgnoreCase => Text(TextPlace.Anywhere, ignoreCase: true),
            ConditionOperator.StartsWith => Text(TextPlace.Start, ignoreCase: false),
            ConditionOperator.StartsWithIgnoreCase => Text(TextPlace.Start, ignoreCase: true),
            ConditionOperator.EndsWith => Text(TextPlace.End, ignoreCase: false),
            ConditionOperator.EndsWithIgnoreCase => Text(TextPlace.End, ignoreCase: true),
            ConditionOperator.Matches => Of(condition, new RegexMatcher(Each<Regex>(scalars, report, ReadRegex))),
            ConditionOperator.GreaterThan => Number(Order.Greater),
            ConditionOperator.GreaterThanOrEqual => Number(Order.GreaterOrEqual),
            ConditionOperator.LessThan => Number(Order.Less),
            ConditionOperator.LessThanOrEqual => Number(Order.LessOrEqual),
            ConditionOperator.Between => Between(condition, Each<double>(scalars, report, ReadNumber), report),
            ConditionOperator.Before => Of(condition, new TimeMatcher(Each<long>(scalars, report, ReadTime), Order.Less)),
            ConditionOperator.After => Of(condition, new TimeMatcher(Each<long>(scalars, report, ReadTime), Order.Greater)),
            ConditionOperator.Cidr => Of(condition, new CidrMatcher(Each<NetworkBlock>(scalars, report, ReadBlock))),
            _ => Of(condition, new VersionMatcher(Each<string>(scalars, report, ReadVersion), condition.Operator)),
        };

        CompiledCondition Text(TextPlace place, bool ignoreCase) =>
            Of(condition, new TextMatcher(Each<string>(scalars, report, ReadString), place, ignoreCase));

        CompiledCondition Number(Order order) =>
            Of(condition, new NumberMatcher(Each<double>(scalars, report, ReadNumber), order));
    }

    private static AttributeCondition<TMatcher> Of<TMatcher>(Condition condition, TMatcher matcher)
        where TMatcher : struct, IMatcher => new(condition, matcher);

    private static AttributeCondition<BetweenMatcher> Between(Condition condition, double[] bounds, Report report)
    {
        if (bounds is not [var low, var high])
            return Of(condition, default(BetweenMatcher));
        if (low > high)
            report.Problem("must be two numbers, low then high");
        return Of(condition, new BetweenMatcher(low, high));
    }

    private static AttributeValue[] Scalars(Sequence<FlagValue> values, Report report)
    {
        var scalars = new AttributeValue[values.Count];
        for (var i = 0; i < scalars.Length; i++)
        {
            if (!ScalarReader.TryRead(values[i], out scalars[i]))
                report.At(i).Problem("must be a string, a finite number, true or false");
            else if (scalars[i].Kind == AttributeKind.String && scalars[i].Text.Length > Limits.Text)
                report.At(i).Problem($"must have at most {Limits.Text} characters");
        }
        return scalars;
    }

    private static AttributeValue[] Strings(AttributeValue[] scalars, Report report)
    {
        Each<string>(scalars, report, ReadString);
        return scalars;
    }

    /// <summary>Reads a value as what the operator needs; returns what is wrong with it in words.</summary>
    private delegate string? Reader<T>(in AttributeValue value, out T result);

    private static T[] Each<T>(AttributeValue[] values, Report report, Reader<T> read)
    {
        var results = new List<T>(values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            // A value that is no scalar has been reported already.
            if (values[i].Kind == AttributeKind.Missing)
                continue;
            if (read(values[i], out var result) is { } problem)
                report.At(i).Problem(problem);
            else
                results.Add(result);
        }
        return [.. results];
    }

    private static string? ReadString(in AttributeValue value, out string result)
    {
        result = value.Kind == AttributeKind.String ? value.Text : "";
        return value.Kind == AttributeKind.String ? null : "must be a string";
    }

    private static string? ReadNumber(in AttributeValue value, out double result)
    {
        result = value.Number;
        return value.Kind == AttributeKind.Number ? null : "must be a number";
    }

    private static string? ReadTime(in AttributeValue value, out long result) =>
        TimeMatcher.TryTicks(value, out result)
            ? null
            : "must be a time such as 2026-01-31T09:30:00Z (RFC 3339), or milliseconds since 1970";

    private static string? ReadVersion(in AttributeValue value, out string result)
    {
        var problem = ReadString(value, out result);
        return problem ?? (SemanticVersion.TryParse(result, out _) ? null : "must be a semantic version such as 1.2.3");
    }

    private static string? ReadBlock(in AttributeValue value, out NetworkBlock result)
    {
        result = default;
        return value.Kind == AttributeKind.String && NetworkBlock.TryParse(value.Text, out result)
            ? null
            : "must be an IPv4 or IPv6 block such as 10.0.0.0/8";
    }

    private static string? ReadRegex(in AttributeValue value, out Regex result)
    {
        result = null!;
        if (ReadString(value, out var pattern) is { } problem)
            return problem;
        if (pattern.Length > Limits.Regex)
            return $"must have at most {Limits.Regex} characters";
        if (RegexCost.Estimate(pattern) > RegexCost.Max)
            return "repeats too much, or uses the option x";
        try
        {
            result = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return null;
        }
        catch (ArgumentException error)
        {
            return $"is not a regular expression: {error.Message}";
        }
        catch (NotSupportedException)
        {
            return "uses a construct that cannot be matched in linear time (a look-around, back reference or atomic group)";
        }
    }
}
