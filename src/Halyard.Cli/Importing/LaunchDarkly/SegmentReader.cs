using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.LaunchDarkly;

/// <summary>
/// Reads one segment. LaunchDarkly asks in this order: is the key, or that of another kind, included; is it excluded; does a rule
/// match. Halyard asks for the excluded first, and knows lists of targeting keys only.
/// </summary>
internal sealed class SegmentReader(ClauseReader clauses)
{
    private const int Whole = 100_000;

    /// <summary>The segment; null where a gap was added.</summary>
    public SegmentDefinition? Read(string key, SourceNode segment, ICollection<Gap> gaps)
    {
        if (segment.Flag("unbounded"))
            gaps.Add(new Gap(segment.Pointer, "a big segment, whose members are kept elsewhere"));
        var included = segment.Texts("included");
        var excluded = segment.Texts("excluded").Except(included, StringComparer.Ordinal).ToList();
        var includedContexts = segment.Items("includedContexts").Select(Target).ToList();
        var excludedContexts = segment.Items("excludedContexts").Select(Target).ToList();
        var rules = segment.Items("rules").Select(rule => (When: ReadRule(rule, gaps), rule.Pointer)).ToList();

        // Being excluded only keeps from the rules, where something else may still include.
        if (includedContexts.Count > 0 || excludedContexts.Count > 0)
        {
            var isExcluded = Formula.Any(excludedContexts.Append(Comparisons.IsOneOf(AttributeKinds.TargetingKey, excluded)));
            var guarded = rules.Select(rule => (Formula.All(rule.When, Formula.Not(isExcluded)), rule.Pointer));
            rules = [.. includedContexts.Select(target => (target, segment.Pointer)), .. guarded];
            excluded = [];
        }
        return SegmentWriter.Rules(rules, gaps) is { } written && gaps.Count == 0
            ? new SegmentDefinition(key, included.Distinct().ToSequence(), excluded.Distinct().ToSequence(), written)
            : null;
    }

    private static Formula Target(SourceNode target) =>
        Comparisons.IsOneOf(AttributeNames.KeyOf(target.Text("contextKind")), target.Texts("values"));

    private Formula ReadRule(SourceNode rule, ICollection<Gap> gaps)
    {
        var when = clauses.ReadAll(rule, gaps);
        switch (rule.Whole("weight"))
        {
            case null or Whole:
                return when;
            case 0:
                return Formula.False;
            default:
                gaps.Add(new Gap(rule.Pointer, "a rule for a share of users: a segment here has no percentages"));
                return Formula.False;
        }
    }
}
