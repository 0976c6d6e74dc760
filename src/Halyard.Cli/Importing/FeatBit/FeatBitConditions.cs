using System.Text;
using System.Text.Json;
using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.FeatBit;

/// <summary>
/// Reads conditions as featbit/featbit-dotnet-sdk evaluates them (<c>Evaluator.ConditionMatcher.cs</c> at 108dfd46,
/// <c>Operator.cs</c> at fe02982c): an attribute that is missing never matches, not even with an operator that denies.
/// </summary>
internal sealed class FeatBitConditions(AttributeKinds kinds)
{
    private const string IsInSegment = "User is in segment";
    private const string IsNotInSegment = "User is not in segment";

    /// <summary>The attribute that a property stands for.</summary>
    public static string AttributeOf(string property) => property == "keyId" ? AttributeKinds.TargetingKey : property;

    /// <summary>All conditions of a segment's rule; none is for everybody.</summary>
    public Formula ReadAll(SourceNode rule, ICollection<Gap> gaps) =>
        Formula.All([.. rule.Items("conditions").Select(condition => ReadOwn(condition, gaps))]);

    /// <summary>All conditions of a flag's rule, which may ask for segments.</summary>
    public Formula ReadAll(SourceNode rule, FeatBitSegments segments, ICollection<Gap> gaps) =>
        Formula.All([
            .. rule.Items("conditions")
                .Select(condition =>
                    condition.Text("property") switch
                    {
                        IsInSegment => InSegments(condition, segments, gaps),
                        IsNotInSegment => Formula.Not(InSegments(condition, segments, gaps)),
                        _ => ReadOwn(condition, gaps),
                    }
                ),
        ]);

    private static Formula InSegments(SourceNode condition, FeatBitSegments segments, ICollection<Gap> gaps) =>
        TextsIn(condition) is { } ids
            ? segments.ContainsAny(ids, condition.Pointer, gaps)
            : Gap(condition, "segments that are no list of ids", gaps);

    private Formula ReadOwn(SourceNode condition, ICollection<Gap> gaps)
    {
        var property = condition.Text("property") ?? "";
        if (string.IsNullOrWhiteSpace(property) || condition.Text("value") is not { } value)
            return Formula.False;
        var attribute = AttributeOf(property);
        return condition.RequiredText("op") switch
        {
            "LessThan" => Number(ConditionOperator.LessThan),
            "LessEqualThan" => Number(ConditionOperator.LessThanOrEqual),
            "BiggerThan" => Number(ConditionOperator.GreaterThan),
            "BiggerEqualThan" => Number(ConditionOperator.GreaterThanOrEqual),
            "Equal" => Text(ConditionOperator.Equals, [value]),
            "NotEqual" => Denied(Text(ConditionOperator.Equals, [value])),
            "Contains" => Text(ConditionOperator.Contains, [value]),
            "NotContain" => Denied(Text(ConditionOperator.Contains, [value])),
            "StartsWith" => Text(ConditionOperator.StartsWith, [value]),
            "EndsWith" => Text(ConditionOperator.EndsWith, [value]),
            "MatchRegex" => Pattern(),
            "NotMatchRegex" => Denied(Pattern()),
            "IsOneOf" => List(),
            "NotOneOf" => Denied(List()),
            "IsTrue" => Text(ConditionOperator.EqualsIgnoreCase, ["true"]),
            "IsFalse" => Text(ConditionOperator.EqualsIgnoreCase, ["false"]),
            var other => Gap(condition, $"the operator '{other}'", gaps),
        };

        Formula Denied(Formula formula) => Formula.All(Formula.Exists(attribute), Formula.Not(formula));

        Formula Text(ConditionOperator comparison, IEnumerable<string> texts)
        {
            kinds.ExpectText(attribute, condition.Pointer, gaps);
            return Comparisons.Matches(attribute, comparison, texts.Select(FlagValue.Of));
        }

        // What is compared with no number never matches.
        Formula Number(ConditionOperator comparison)
        {
            kinds.ExpectNumber(attribute, condition.Pointer, gaps);
            return Comparisons.NumberOf(value) is { } number ? Formula.Test(attribute, comparison, [number]) : Formula.False;
        }

        Formula Pattern() =>
            Comparisons.Accepts(ConditionOperator.Matches, value)
                ? Text(ConditionOperator.Matches, [value])
                : Gap(condition, "a regular expression that cannot be matched in linear time, or is none", gaps);

        Formula List() =>
            TextsIn(condition) is { } texts
                ? Text(ConditionOperator.Equals, texts)
                : Gap(condition, "a value that is no list of texts", gaps);
    }

    private static Formula Gap(SourceNode condition, string what, ICollection<Gap> gaps)
    {
        gaps.Add(new Gap(condition.Pointer, what));
        return Formula.False;
    }

    /// <summary>The texts of a list that is itself written as text; null where it is none.</summary>
    private static IReadOnlyList<string>? TextsIn(SourceNode condition)
    {
        try
        {
            var list = SourceDocument.ParseJson(Encoding.UTF8.GetBytes(condition.Text("value") ?? ""));
            var items = list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().ToList() : null;
            return items?.TrueForAll(item => item.ValueKind == JsonValueKind.String) == true
                ? [.. items.Select(item => item.GetString()!)]
                : null;
        }
        catch (UnreadableSourceException)
        {
            return null;
        }
    }
}
