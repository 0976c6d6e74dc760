using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Logic;

/// <summary>Writes a configuration's rules, each formula as as many rules as it needs.</summary>
internal sealed class RuleWriter(ICollection<Gap> gaps)
{
    private readonly RuleList _rules = new();

    /// <summary>Serves where the formula holds and no rule before did.</summary>
    public void Add(Formula when, Serve serve, string pointer, string name = "")
    {
        if (NormalForm.Of(when) is not { } alternatives)
        {
            gaps.Add(new Gap(pointer, "a condition that needs more rules, or more conditions in a rule, than a flag may have"));
            return;
        }
        foreach (var conditions in alternatives)
            _rules.Add(conditions, serve, Excerpt.Of(name, Limits.Text));
        if (_rules.IsOverfull)
            gaps.Add(new Gap(pointer, $"targeting that needs more than {Limits.Rules} rules"));
    }

    /// <summary>
    /// The rules and what is served to everybody else. A rule for everybody that comes to the same as a fallthrough is written
    /// as one: where it serves a variant, or a split of which the off variant is what remains.
    /// </summary>
    public (Sequence<TargetingRule> Rules, Serve Fallthrough) Finish(Serve otherwise, string offVariant)
    {
        var rules = _rules.Rules;
        var end = rules.ToList().FindIndex(rule => rule is { Conditions.Count: 0, Serve.Variant: not null });
        if (end >= 0)
            return (rules.Take(end).ToSequence(), rules[end].Serve);
        var isLastForAll = rules is [.., { Conditions.Count: 0 }] && otherwise.Variant == offVariant;
        return isLastForAll ? (rules.Take(rules.Count - 1).ToSequence(), rules[^1].Serve) : (rules, otherwise);
    }
}
