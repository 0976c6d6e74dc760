using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Policies;

/// <summary>Unites requirements so that none is easier to meet than before: what one asks for, the union asks for.</summary>
internal static class RequirementUnion
{
    /// <summary>The union; the order in which they come makes no difference.</summary>
    /// <param name="all">At least one.</param>
    public static Requirement Of(IReadOnlyList<Requirement> all)
    {
        if (all.Count == 1)
            return all[0];
        var stages = all.SelectMany(one => one.Stages).GroupBy(stage => stage.Order).OrderBy(same => same.Key);
        return new Requirement(
            stages.Select(same => Unite([.. same])).ToSequence(),
            Sorted(all.SelectMany(one => one.Checks)),
            // Minimum of those that expire: LINQ's Min passes over null.
            all.Min(one => one.ExpiresAfter),
            new VoteRules(
                all.Any(one => one.Votes.AnyRejectCloses),
                all.All(one => one.Votes.KeepOnRebase),
                all.All(one => one.Votes.Frozen),
                all.Any(one => one.Votes.DistinctAcrossStages)
            ),
            Sorted(all.SelectMany(one => one.Rules)),
            SnapshotOf(all.Select(one => one.Policies))
        );
    }

    /// <summary>The names, each once and in ordinal order.</summary>
    public static Sequence<string> Sorted(IEnumerable<string> names) =>
        names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToSequence();

    /// <summary>One digest for some policies, whatever their order; that of one policy is its own.</summary>
    public static Digest SnapshotOf(IEnumerable<Digest> policies)
    {
        var distinct = policies.Distinct().OrderBy(policy => policy.ToHex(), StringComparer.Ordinal).ToList();
        return distinct.Count == 1 ? distinct[0] : Digest.Of(distinct.SelectMany(policy => policy.ToArray()).ToArray());
    }

    private static RequiredStage Unite(IReadOnlyList<RequiredStage> same)
    {
        if (same.Count == 1)
            return same[0];
        var onTimeout = same.Min(stage => stage.OnTimeout);
        return new RequiredStage(
            string.Join(", ", Sorted(same.Select(stage => stage.Name))),
            same[0].Order,
            Groups(same.SelectMany(stage => stage.Groups)),
            same.Min(stage => stage.Timeout),
            onTimeout,
            onTimeout == TimeoutAction.Escalate ? Sorted(same.SelectMany(stage => stage.EscalateTo)) : []
        );
    }

    // Groups of the same people keep the larger number; other groups stand beside each other.
    private static Sequence<QuorumGroup> Groups(IEnumerable<QuorumGroup> groups) =>
        groups
            .Select(group => group with { From = Sorted(group.From) })
            .GroupBy(group => group.From)
            .Select(same => new QuorumGroup(same.Max(group => group.Count), same.Key))
            .OrderBy(group => string.Join(',', group.From), StringComparer.Ordinal)
            .ToSequence();
}
