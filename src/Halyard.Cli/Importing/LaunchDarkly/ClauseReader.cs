using System.Text.Json;
using System.Text.RegularExpressions;
using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.LaunchDarkly;

/// <summary>
/// Reads clauses as launchdarkly/go-server-sdk-evaluation, <c>evaluator_clause.go</c> (095e00b9), evaluates them: an attribute that
/// is missing never matches, not even negated, and a value that the operator does not know never matches.
/// </summary>
internal sealed partial class ClauseReader(ISegmentLookup segments)
{
    /// <summary>All clauses of a rule; without any it is for everybody.</summary>
    public Formula ReadAll(SourceNode rule, ICollection<Gap> gaps) =>
        Formula.All([.. rule.Items("clauses").Select(clause => Read(clause, gaps))]);

    private Formula Read(SourceNode clause, ICollection<Gap> gaps)
    {
        var negate = clause.Flag("negate");
        var operation = clause.RequiredText("op");
        if (operation == "segmentMatch")
            return Negated(segments.ContainsAny(clause.Texts("values"), clause.Pointer, gaps), negate);
        var reference = clause.Text("attribute") ?? "";
        var kind = clause.Text("contextKind");
        var name = kind is not null && reference.StartsWith('/') ? reference[1..] : reference;
        if (name == "kind")
            return Negated(IsOfKind(clause, operation, gaps), negate);
        if (AttributeNames.Of(kind, reference) is not { } attribute)
        {
            gaps.Add(new Gap(clause.Pointer, $"the attribute '{reference}', which no attribute here means"));
            return Formula.False;
        }
        if (name == "anonymous")
            return Formula.All(
                Formula.Exists(AttributeNames.KeyOf(kind)),
                Negated(IsAnonymous(clause, attribute, operation, gaps), negate)
            );
        if (Compare(clause, attribute, operation, gaps) is not { } matches)
            return Formula.False;
        return negate ? Formula.All(Formula.Exists(attribute), Formula.Not(matches)) : matches;
    }

    private static Formula Negated(Formula formula, bool negate) => negate ? Formula.Not(formula) : formula;

    // A context that does not say whether it is anonymous is not.
    private static Formula IsAnonymous(SourceNode clause, string attribute, string operation, ICollection<Gap> gaps)
    {
        if (operation != "in")
            gaps.Add(new Gap(clause.Pointer, $"a comparison of 'anonymous' by '{operation}'"));
        var booleans = clause
            .Items("values")
            .Where(value => value.Element.ValueKind is JsonValueKind.True or JsonValueKind.False);
        var values = booleans.Select(value => value.Element.GetBoolean()).Distinct().ToList();
        return values.Count == 0
            ? Formula.False
            : Formula.Test(attribute, ConditionOperator.Equals, values.Select(FlagValue.Of), whenMissing: values.Contains(false));
    }

    // A clause on the kind asks for any of the kinds that a context of several has.
    private static Formula IsOfKind(SourceNode clause, string operation, ICollection<Gap> gaps)
    {
        if (operation == "in")
            return Formula.Any([.. Strings(clause).Select(kind => Formula.Exists(AttributeNames.KeyOf(kind)))]);
        gaps.Add(new Gap(clause.Pointer, $"a comparison of the context's kind by '{operation}'"));
        return Formula.False;
    }

    private static Formula? Compare(SourceNode clause, string attribute, string operation, ICollection<Gap> gaps)
    {
        switch (operation)
        {
            case "in":
                return Comparisons.Matches(attribute, ConditionOperator.Equals, Scalars(clause));
            case "startsWith":
                return Texts(ConditionOperator.StartsWith);
            case "endsWith":
                return Texts(ConditionOperator.EndsWith);
            case "contains":
                return Texts(ConditionOperator.Contains);
            case "matches":
                if (Strings(clause).All(pattern => Comparisons.Accepts(ConditionOperator.Matches, pattern)))
                    return Texts(ConditionOperator.Matches);
                return Gap("a regular expression that cannot be matched in linear time, or is none");
            case "lessThan":
                return Numbers(ConditionOperator.LessThan);
            case "lessThanOrEqual":
                return Numbers(ConditionOperator.LessThanOrEqual);
            case "greaterThan":
                return Numbers(ConditionOperator.GreaterThan);
            case "greaterThanOrEqual":
                return Numbers(ConditionOperator.GreaterThanOrEqual);
            case "before":
                return Times(ConditionOperator.Before);
            case "after":
                return Times(ConditionOperator.After);
            case "semVerEqual":
                return Versions(ConditionOperator.SemverEquals);
            case "semVerLessThan":
                return Versions(ConditionOperator.SemverLessThan);
            case "semVerGreaterThan":
                return Versions(ConditionOperator.SemverGreaterThan);
            default:
                return Gap($"the operator '{operation}'");
        }

        Formula Texts(ConditionOperator comparison) =>
            Comparisons.Matches(attribute, comparison, Strings(clause).Select(FlagValue.Of));

        Formula Numbers(ConditionOperator comparison) =>
            Comparisons.Matches(
                attribute,
                comparison,
                Scalars(clause).Where(value => Comparisons.Accepts(ConditionOperator.LessThan, value))
            );

        Formula Times(ConditionOperator comparison) =>
            Comparisons.Matches(attribute, comparison, Scalars(clause).Where(value => Comparisons.Accepts(comparison, value)));

        Formula Versions(ConditionOperator comparison) =>
            Formula.Any([
                .. Strings(clause)
                    .Select(FullVersion)
                    .OfType<string>()
                    .Select(version => Comparisons.Version(attribute, comparison, version, mayBeShort: true)),
            ]);

        Formula? Gap(string what)
        {
            gaps.Add(new Gap(clause.Pointer, what));
            return null;
        }
    }

    private static IEnumerable<string> Strings(SourceNode clause) =>
        clause.Items("values").Where(value => value.Element.ValueKind == JsonValueKind.String).Select(value => value.Text());

    private static IEnumerable<FlagValue> Scalars(SourceNode clause) =>
        clause.Items("values").Select(ScalarOf).OfType<FlagValue>();

    // Null, lists and objects equal nothing, nor does a number that no attribute can be.
    private static FlagValue? ScalarOf(SourceNode value) =>
        value.Element.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Array or JsonValueKind.Object => null,
            JsonValueKind.Number => Comparisons.NumberOf(value.Element.GetRawText()),
            _ => VariantType.ValueOf(value.Element),
        };

    /// <summary>A version with minor and patch, which LaunchDarkly lets be left out; null where it is none.</summary>
    private static string? FullVersion(string text)
    {
        var parts = Version().Match(text);
        if (!parts.Success)
            return null;
        var minor = parts.Groups["minor"] is { Success: true } written ? written.Value : ".0";
        var patch = parts.Groups["patch"] is { Success: true } named ? named.Value : ".0";
        var full = $"{parts.Groups["major"].Value}{minor}{patch}{parts.Groups["rest"].Value}";
        return Comparisons.Accepts(ConditionOperator.SemverEquals, full) ? full : null;
    }

    [GeneratedRegex(
        @"\A(?<major>[0-9]+)(?<minor>\.[0-9]+)?(?<patch>\.[0-9]+)?(?<rest>[-+].*)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Version();
}

/// <summary>Finds the segments that clauses name.</summary>
internal interface ISegmentLookup
{
    /// <summary>The user belongs to one of the segments.</summary>
    Formula ContainsAny(IReadOnlyList<string> keys, string pointer, ICollection<Gap> gaps);
}
