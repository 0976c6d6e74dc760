using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Unleash;

/// <summary>
/// Reads constraints as Unleash/yggdrasil, <c>strategy_parsing.rs</c> (00e2fb29), evaluates them. Where its other SDKs do
/// otherwise with the same constraint there is no one meaning to keep, and that is a gap.
/// </summary>
internal sealed class ConstraintReader(AttributeKinds kinds)
{
    /// <summary>The attribute that a name of Unleash's context stands for.</summary>
    public static string AttributeOf(string contextName) => contextName == "userId" ? AttributeKinds.TargetingKey : contextName;

    /// <summary>All constraints of a strategy or a segment.</summary>
    public Formula ReadAll(SourceNode owner, ICollection<Gap> gaps) =>
        Formula.All([.. owner.Items("constraints").Select(constraint => Read(constraint, gaps))]);

    private Formula Read(SourceNode constraint, ICollection<Gap> gaps)
    {
        var holds = ReadOperator(constraint, constraint.RequiredText("operator"), gaps);
        return constraint.Flag("inverted") ? Formula.Not(holds) : holds;
    }

    private Formula ReadOperator(SourceNode constraint, string operation, ICollection<Gap> gaps)
    {
        var attribute = AttributeOf(constraint.RequiredText("contextName"));
        var ignoreCase = constraint.Flag("caseInsensitive");
        return operation switch
        {
            "IN" => IsOneOf(),
            // What is missing is in no list.
            "NOT_IN" => Formula.Not(IsOneOf()),
            "STR_STARTS_WITH" => Texts(ConditionOperator.StartsWith, ConditionOperator.StartsWithIgnoreCase),
            "STR_ENDS_WITH" => Texts(ConditionOperator.EndsWith, ConditionOperator.EndsWithIgnoreCase),
            "STR_CONTAINS" => Texts(ConditionOperator.Contains, ConditionOperator.ContainsIgnoreCase),
            "NUM_EQ" => Number(ConditionOperator.Equals),
            "NUM_GT" => Number(ConditionOperator.GreaterThan),
            "NUM_GTE" => Number(ConditionOperator.GreaterThanOrEqual),
            "NUM_LT" => Number(ConditionOperator.LessThan),
            "NUM_LTE" => Number(ConditionOperator.LessThanOrEqual),
            "SEMVER_EQ" => Version(ConditionOperator.SemverEquals),
            "SEMVER_GT" => Version(ConditionOperator.SemverGreaterThan),
            "SEMVER_LT" => Version(ConditionOperator.SemverLessThan),
            "DATE_BEFORE" or "DATE_AFTER" => Gap("a comparison with the time of evaluation, which rules here do not know"),
            _ => Gap($"the operator '{operation}'"),
        };

        Formula IsOneOf()
        {
            kinds.ExpectText(attribute, constraint.Pointer, gaps);
            return Comparisons.IsOneOf(attribute, Values());
        }

        Formula Texts(ConditionOperator exact, ConditionOperator ignoringCase)
        {
            kinds.ExpectText(attribute, constraint.Pointer, gaps);
            return Comparisons.Matches(attribute, ignoreCase ? ignoringCase : exact, Values().Select(FlagValue.Of));
        }

        Formula Number(ConditionOperator comparison)
        {
            kinds.ExpectNumber(attribute, constraint.Pointer, gaps);
            return Comparisons.NumberOf(constraint.TextOrNumber("value") ?? "") is { } number
                ? Formula.Test(attribute, comparison, [number])
                : Gap("a comparison with what is no number, on which Unleash's SDKs differ");
        }

        Formula Version(ConditionOperator comparison)
        {
            kinds.ExpectText(attribute, constraint.Pointer, gaps);
            var version = constraint.TextOrNumber("value") ?? "";
            return IsFullVersion(version)
                ? Comparisons.Version(attribute, comparison, version, mayBeShort: false)
                : Gap("a comparison with what is no semantic version, on which Unleash's SDKs differ");
        }

        IReadOnlyList<string> Values()
        {
            var values = constraint.Texts("values");
            if (values.Any(value => value.Length == 0 || value.Trim() != value))
                Gap("a value that is empty or has spaces around it, on which Unleash's SDKs differ");
            return values;
        }

        Formula Gap(string what)
        {
            gaps.Add(new Gap(constraint.Pointer, what));
            return Formula.False;
        }
    }

    private static bool IsFullVersion(string text) =>
        text.Count(letter => letter == '.') >= 2
        && !text.StartsWith('v')
        && !text.StartsWith('V')
        && Comparisons.Accepts(ConditionOperator.SemverEquals, text);
}
