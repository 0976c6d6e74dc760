using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>Compares with one of several semantic versions, whose texts were checked when compiling.</summary>
internal readonly struct VersionMatcher(string[] versions, ConditionOperator comparison) : IMatcher
{
    public Verdict Match(in AttributeValue value)
    {
        if (value.Kind != AttributeKind.String || !SemanticVersion.TryParse(value.Text, out var version))
            return Verdict.WrongType;
        foreach (var text in versions)
        {
            if (SemanticVersion.TryParse(text, out var bound) && Satisfies(version, bound))
                return Verdict.Yes;
        }
        return Verdict.No;
    }

    private bool Satisfies(SemanticVersion version, SemanticVersion bound) =>
        comparison switch
        {
            ConditionOperator.SemverTilde => version.IsPatchOf(bound),
            ConditionOperator.SemverCaret => version.IsCompatibleWith(bound),
            ConditionOperator.SemverLessThan => version.ComparePrecedence(bound) < 0,
            ConditionOperator.SemverLessThanOrEqual => version.ComparePrecedence(bound) <= 0,
            ConditionOperator.SemverGreaterThan => version.ComparePrecedence(bound) > 0,
            ConditionOperator.SemverGreaterThanOrEqual => version.ComparePrecedence(bound) >= 0,
            _ => version.ComparePrecedence(bound) == 0,
        };
}
