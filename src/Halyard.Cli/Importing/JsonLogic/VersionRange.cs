using System.Text.RegularExpressions;
using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.JsonLogic;

/// <summary>
/// flagd's <c>sem_ver</c>, as its <c>core/pkg/evaluator/semver.go</c> compares: <c>~</c> asks for the same major and minor,
/// <c>^</c> for the same major, neither for a lowest version. An attribute that is no version never matches, not even <c>!=</c>.
/// </summary>
internal static partial class VersionRange
{
    /// <summary>The formula; null where the operator is unknown or the bound is no version.</summary>
    public static Formula? Of(string attribute, string comparison, string bound)
    {
        if (Version().Match(bound) is not { Success: true } parts)
            return null;
        var major = parts.Groups["major"].Value;
        var minor = parts.Groups["minor"] is { Success: true } written ? written.Value : "0";
        return comparison switch
        {
            "=" => Test(ConditionOperator.SemverEquals, bound),
            "!=" => Formula.Not(Test(ConditionOperator.SemverEquals, bound, whenMissing: true)),
            "<" => Test(ConditionOperator.SemverLessThan, bound),
            "<=" => Test(ConditionOperator.SemverLessThanOrEqual, bound),
            ">" => Test(ConditionOperator.SemverGreaterThan, bound),
            ">=" => Test(ConditionOperator.SemverGreaterThanOrEqual, bound),
            // The pre-release 0 comes before every other version of the same number.
            "~" => Test(ConditionOperator.SemverTilde, $"{major}.{minor}.0-0"),
            // Halyard's caret keeps the minor of major 0 too; all versions of major 0 are those before 1.
            "^" => major == "0"
                ? Test(ConditionOperator.SemverLessThan, "1.0.0-0")
                : Test(ConditionOperator.SemverCaret, $"{major}.0.0-0"),
            _ => null,
        };

        Formula Test(ConditionOperator operation, string version, bool whenMissing = false) =>
            Formula.Test(attribute, operation, [FlagValue.Of(version)], whenMissing);
    }

    [GeneratedRegex(
        @"\Av?(?<major>0|[1-9][0-9]*)(\.(?<minor>0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?)?)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Version();
}
