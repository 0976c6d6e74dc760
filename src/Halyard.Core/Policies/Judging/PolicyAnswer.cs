using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Judging;

/// <summary>What the policies say of a change.</summary>
/// <param name="Decision">The verdict.</param>
/// <param name="Matches">Every rule that matched and what came of it, in the order of policies and rules.</param>
public sealed record PolicyAnswer(Decision Decision, Sequence<MatchedRule> Matches);

/// <summary>A rule that matched.</summary>
/// <param name="Policy">The policy's name.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="Effect">What came of it.</param>
/// <param name="Environments">Where it matched: keys in ordinal order; empty for what is in no environment.</param>
/// <param name="Why">The conditions that held, in words.</param>
public sealed record MatchedRule(string Policy, string Rule, MatchEffect Effect, Sequence<string> Environments, string Why);

/// <summary>What came of a rule that matched. Wire names: denies, requires, exempts, letsPass, exempted, noSay, later.</summary>
public enum MatchEffect
{
    /// <summary>It denies.</summary>
    Denies,

    /// <summary>It requires approval or checks.</summary>
    Requires,

    /// <summary>It exempts a safer change from what other rules of its level require.</summary>
    Exempts,

    /// <summary>It requires nothing of a change in development.</summary>
    LetsPass,

    /// <summary>It would require something, but another rule of its level exempts.</summary>
    Exempted,

    /// <summary>It exempts safer changes only, and this one may be riskier.</summary>
    NoSay,

    /// <summary>A rule before it decided.</summary>
    Later,
}
