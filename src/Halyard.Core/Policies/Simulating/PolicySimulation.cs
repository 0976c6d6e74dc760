using Halyard.Core.Policies.Judging;
using Halyard.Core.Policies.Loading;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Simulating;

/// <summary>A change that happened, as policies would have been asked about it.</summary>
/// <param name="Id">Its entry in the log.</param>
/// <param name="Facts">What it was.</param>
/// <param name="Electorate">Who could have approved it.</param>
public sealed record RecordedChange(string Id, ChangeFacts Facts, Electorate Electorate);

/// <summary>A change that other policies would have judged otherwise.</summary>
/// <param name="Change">Its entry in the log.</param>
/// <param name="Now">The verdict of the policies that hold, as its name in the ledger.</param>
/// <param name="Then">The verdict of the candidates.</param>
/// <param name="HasApprovers">False where the candidates require more people than there are.</param>
/// <param name="Reason">Why the candidates say so, in words.</param>
public sealed record VerdictDifference(string Change, string Now, string Then, bool HasApprovers, string Reason);

/// <summary>What candidate policies would have made of recorded changes.</summary>
/// <param name="Changes">How many changes were replayed.</param>
/// <param name="NewlyGated">How many would need approval that went through.</param>
/// <param name="NewlyBlocked">How many would be denied that were not.</param>
/// <param name="NewlyAllowed">How many would go through that were denied or needed approval.</param>
/// <param name="WithoutApprovers">How many would need more people than there are.</param>
/// <param name="Differences">The first of those that are judged otherwise, or could not be approved.</param>
/// <param name="IdleRules">Rules of the candidates that matched no change, as <c>policy/rule</c>.</param>
/// <param name="Notes">What loading says of the candidates' rules: those hidden by others among them.</param>
public sealed record SimulationReport(
    long Changes,
    long NewlyGated,
    long NewlyBlocked,
    long NewlyAllowed,
    long WithoutApprovers,
    Sequence<VerdictDifference> Differences,
    Sequence<string> IdleRules,
    Sequence<PolicyNote> Notes
);

/// <summary>Replays recorded changes through <see cref="PolicyJudge"/>, the code that enforces. Pure.</summary>
public static class PolicySimulation
{
    /// <summary>The most differences that are told one by one; all are counted.</summary>
    public const int MaxDifferences = 1_000;

    /// <summary>Compares the policies that hold with candidates for their place.</summary>
    public static SimulationReport Run(PolicySet current, PolicySet candidate, IEnumerable<RecordedChange> changes)
    {
        var (count, gated, blocked, allowed, stranded) = (0L, 0L, 0L, 0L, 0L);
        var differences = new List<VerdictDifference>();
        var idle = RuleNames(candidate).ToHashSet(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            count++;
            var now = PolicyJudge.Judge(current, change.Facts).Decision;
            var answer = PolicyJudge.Judge(candidate, change.Facts);
            var then = answer.Decision;
            idle.ExceptWith(answer.Matches.Select(match => $"{match.Policy}/{match.Rule}"));
            var hasApprovers = then is not Decision.RequireApproval required || change.Electorate.CanMeet(required.Requirement);
            gated += then is Decision.RequireApproval && now is Decision.Allow ? 1 : 0;
            blocked += then is Decision.Deny && now is not Decision.Deny ? 1 : 0;
            allowed += then is Decision.Allow && now is not Decision.Allow ? 1 : 0;
            stranded += hasApprovers ? 0 : 1;
            if ((now.Verdict != then.Verdict || !hasApprovers) && differences.Count < MaxDifferences)
                differences.Add(new VerdictDifference(change.Id, now.Verdict, then.Verdict, hasApprovers, then.Reason));
        }
        return new SimulationReport(
            count,
            gated,
            blocked,
            allowed,
            stranded,
            differences.ToSequence(),
            RequirementUnion.Sorted(idle),
            Policies(candidate).SelectMany(RuleNotes.On).ToSequence()
        );
    }

    private static IEnumerable<string> RuleNames(PolicySet set) =>
        Policies(set).SelectMany(policy => policy.Rules.Select(rule => $"{policy.Name}/{rule.Name}"));

    private static IEnumerable<ApprovalPolicy> Policies(PolicySet set) => set.Organisation.Concat(set.Project);
}
