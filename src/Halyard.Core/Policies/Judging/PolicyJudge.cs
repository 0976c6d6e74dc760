using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Policies.Judging;

/// <summary>
/// Asks approval policies about a change. Pure; what simulates calls the same code. For every part of the change, in this order:
/// <list type="number">
/// <item>a rule of any level that denies: the change is denied;</item>
/// <item>the organisation's rules and the project's, each level by itself: what their rules require is united, except where a rule
/// of the same level exempts a safer change;</item>
/// <item>no rule of either level has a say: the defaults of the environment's type.</item>
/// </list>
/// What the parts require is united. A change without parts is denied.
/// </summary>
public static class PolicyJudge
{
    /// <summary>The verdict, with every rule that matched.</summary>
    public static PolicyAnswer Judge(PolicySet policies, ChangeFacts change)
    {
        var hits = new List<(RuleHit Hit, ChangePart Part)>();
        var isAnswered = change.Parts.Count > 0;
        foreach (var part in change.Parts)
        {
            var found = HitsOf(policies, change, part);
            isAnswered &= PartJudge.HaveSay(found);
            hits.AddRange(found.Select(hit => (hit, part)));
        }
        var matches = Matches(hits);
        return new PolicyAnswer(
            isAnswered ? Decide(policies, change, hits, matches) : new Decision.Deny("none", "no policy answered"),
            matches
        );
    }

    private static List<RuleHit> HitsOf(PolicySet policies, ChangeFacts change, ChangePart part)
    {
        var (floor, own) = (PartJudge.Hits(policies.Organisation, change, part), PartJudge.Hits(policies.Project, change, part));
        var hits = new List<RuleHit>([.. floor, .. own]);
        if (!PartJudge.HaveSay(hits))
            hits.AddRange(PartJudge.Hits(policies.Defaults, change, part));
        return hits;
    }

    private static Decision Decide(
        PolicySet policies,
        ChangeFacts change,
        List<(RuleHit Hit, ChangePart Part)> hits,
        Sequence<MatchedRule> matches
    )
    {
        if (hits.Find(hit => hit.Hit.Effect == MatchEffect.Denies) is { Hit.Rule.Effect: RuleEffect.Deny denial } found)
            return new Decision.Deny(NameOf(found.Hit), denial.Reason);
        var required = hits.Where(hit => hit.Hit.Effect == MatchEffect.Requires).Select(hit => hit.Hit).Distinct().ToList();
        if (required.Count == 0)
            return new Decision.Allow("approval", PolicyWords.Reason(matches, "no approval is required"));
        var snapshot = policies.Snapshot;
        var requirement = RequirementUnion.Of([.. required.Select(hit => RequirementOf(hit, snapshot))]);
        var isForDevelopmentAlone = change.Parts.All(part => part.Environment?.Type == EnvironmentType.Development);
        return new Decision.RequireApproval(
            "approval",
            PolicyWords.Reason(matches, "approval is required"),
            isForDevelopmentAlone ? requirement : WithoutSilence(requirement)
        );
    }

    private static Requirement RequirementOf(RuleHit hit, Digest snapshot)
    {
        var effect = (RuleEffect.Require)hit.Rule.Effect;
        return new Requirement(effect.Stages, effect.Checks, effect.ExpiresAfter, effect.Votes, [NameOf(hit)], snapshot);
    }

    // A stage of a development rule may come into a change that reaches further: silence approves none of that.
    private static Requirement WithoutSilence(Requirement requirement) =>
        requirement with
        {
            Stages = requirement
                .Stages.Select(stage =>
                    stage.OnTimeout == TimeoutAction.AutoApprove ? stage with { OnTimeout = TimeoutAction.Reject } : stage
                )
                .ToSequence(),
        };

    private static Sequence<MatchedRule> Matches(List<(RuleHit Hit, ChangePart Part)> hits) =>
        hits.GroupBy(hit => hit.Hit)
            .Select(same => new MatchedRule(
                same.Key.Policy.Name,
                same.Key.Rule.Name,
                same.Key.Effect,
                RequirementUnion.Sorted(same.Select(hit => hit.Part.Environment?.Key).OfType<string>()),
                PolicyWords.Why(same.Key.Rule)
            ))
            .ToSequence();

    private static string NameOf(RuleHit hit) => $"{hit.Policy.Name}/{hit.Rule.Name}";
}
