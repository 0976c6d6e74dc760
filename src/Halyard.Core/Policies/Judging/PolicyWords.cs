using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Judging;

/// <summary>Puts verdicts into words.</summary>
internal static class PolicyWords
{
    private const int Most = 10;

    /// <summary>Why a rule matched.</summary>
    public static string Why(ApprovalRule rule) =>
        rule.Conditions.Count == 0
            ? "it holds always"
            : string.Join(" and ", rule.Conditions.Select(condition => condition.Words));

    /// <summary>Why the verdict is what it is: the rules that made it so.</summary>
    public static string Reason(Sequence<MatchedRule> matches, string verdict)
    {
        var said = matches.Where(match => match.Effect is not (MatchEffect.NoSay or MatchEffect.Later)).Select(Sentence).ToList();
        var rest = said.Count > Most ? $"; and {said.Count - Most} more" : "";
        return $"{verdict}: {string.Join("; ", said.Take(Most))}{rest}";
    }

    private static string Sentence(MatchedRule match)
    {
        var places = match.Environments.Count == 0 ? "" : $" in {string.Join(", ", match.Environments.Take(Most))}";
        return $"{match.Policy}/{match.Rule} {Verb(match.Effect)}{places}";
    }

    private static string Verb(MatchEffect effect) =>
        effect switch
        {
            MatchEffect.Denies => "denies it",
            MatchEffect.Requires => "requires it",
            MatchEffect.Exempts => "exempts a safer change",
            MatchEffect.LetsPass => "lets it pass",
            MatchEffect.Exempted => "is exempted",
            _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, "has no say"),
        };
}
