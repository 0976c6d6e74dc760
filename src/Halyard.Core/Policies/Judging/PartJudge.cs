using System.Runtime.CompilerServices;
using Halyard.Core.Flags;

namespace Halyard.Core.Policies.Judging;

/// <summary>A rule that matched a part of a change.</summary>
internal readonly record struct RuleHit(ApprovalPolicy Policy, ApprovalRule Rule, MatchEffect Effect)
{
    /// <summary>By the rule itself, not by what it says: two policies may have equal rules.</summary>
    public bool Equals(RuleHit other) => ReferenceEquals(Rule, other.Rule) && Effect == other.Effect;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(Rule), Effect);
}

/// <summary>Asks the policies of one level about one part of a change.</summary>
internal static class PartJudge
{
    /// <summary>Every rule that matches, with what comes of it.</summary>
    public static List<RuleHit> Hits(IEnumerable<ApprovalPolicy> level, ChangeFacts change, ChangePart part)
    {
        var hits = new List<RuleHit>();
        foreach (var policy in level)
            AddHits(policy, change, part, hits);
        if (hits.Exists(hit => hit.Effect == MatchEffect.Exempts))
            hits = hits.ConvertAll(hit => hit.Effect == MatchEffect.Requires ? hit with { Effect = MatchEffect.Exempted } : hit);
        return hits;
    }

    /// <summary>Whether the level has a say about the part at all.</summary>
    public static bool HaveSay(List<RuleHit> hits) => hits.Exists(hit => hit.Effect != MatchEffect.NoSay);

    private static void AddHits(ApprovalPolicy policy, ChangeFacts change, ChangePart part, List<RuleHit> hits)
    {
        var isDecided = false;
        foreach (var rule in policy.Rules)
        {
            if (!rule.Conditions.All(condition => condition.Holds(change, part)))
                continue;
            var effect = EffectOf(rule, part);
            if (policy.Match == RuleMatch.First && effect is not (MatchEffect.Denies or MatchEffect.NoSay))
            {
                effect = isDecided ? MatchEffect.Later : effect;
                isDecided = true;
            }
            hits.Add(new RuleHit(policy, rule, effect));
        }
    }

    private static MatchEffect EffectOf(ApprovalRule rule, ChangePart part) =>
        rule.Effect switch
        {
            RuleEffect.Deny => MatchEffect.Denies,
            RuleEffect.Require => MatchEffect.Requires,
            _ when part.Direction == ChangeDirection.Safer => MatchEffect.Exempts,
            _ when part.Environment?.Type == EnvironmentType.Development => MatchEffect.LetsPass,
            _ => MatchEffect.NoSay,
        };
}
