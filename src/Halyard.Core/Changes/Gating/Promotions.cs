using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Gating;

/// <summary>What gates say of the promotions in a change.</summary>
/// <param name="Decision">Allow, or what people must approve besides.</param>
/// <param name="Blockers">What stands in the way, in words.</param>
/// <param name="Rests">On what the answer rests.</param>
internal sealed record PromotionGateAnswer(Decision Decision, Sequence<string> Blockers, IReadOnlyList<Precondition> Rests);

/// <summary>Asks the gates about every promotion in a change.</summary>
internal sealed class Promotions(PromotionJudge judge)
{
    /// <summary>What decides, as entries name it.</summary>
    public const string Policy = "promotion-gates";

    // After every stage that a policy may have.
    private const int StageOrder = 1_000;

    private static readonly TimeSpan StageTime = TimeSpan.FromDays(7);

    /// <summary>The answer; <see langword="null"/> where nothing is promoted, or no gates are in force.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="workspace">The change, worked out.</param>
    /// <param name="operations">Its operations.</param>
    /// <param name="approvals">How many approvals policies ask for already.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public async ValueTask<PromotionGateAnswer?> AskAsync(
        string tenant,
        Workspace workspace,
        IReadOnlyList<Operation> operations,
        int approvals,
        CancellationToken cancellationToken
    )
    {
        // Nearly no change promotes anything, and every line of an import asks.
        if (!HasAny(operations))
            return null;
        var promotions = operations.OfType<Promote>().ToList();
        var (gates, revision) = await judge.GatesAsync(tenant, cancellationToken);
        var rests = new List<Precondition> { new Precondition.Unchanged(PromotionGates.Place, revision) };
        if (gates is null)
            return new PromotionGateAnswer(new Decision.Allow(Policy, "no gates are in force"), [], rests);
        var (blockers, verdicts) = (new List<string>(), new List<PromotionVerdict>());
        foreach (var promotion in promotions)
        {
            if (await JudgeAsync(tenant, gates, workspace, promotion, cancellationToken) is not { } verdict)
            {
                blockers.Add($"flag '{promotion.Flag}' was never in force in '{promotion.From}'");
                continue;
            }
            blockers.AddRange(verdict.Blockers.Select(words => $"flag '{promotion.Flag}': {words}"));
            rests.AddRange(verdict.Rests);
            verdicts.Add(verdict);
        }
        return new PromotionGateAnswer(
            Demand(gates, verdicts, approvals),
            blockers.Distinct(StringComparer.Ordinal).ToSequence(),
            rests
        );
    }

    private static bool HasAny(IReadOnlyList<Operation> operations)
    {
        for (var i = 0; i < operations.Count; i++)
        {
            if (operations[i] is Promote)
                return true;
        }
        return false;
    }

    private async ValueTask<PromotionVerdict?> JudgeAsync(
        string tenant,
        PromotionGates gates,
        Workspace workspace,
        Promote promotion,
        CancellationToken cancellationToken
    )
    {
        var (source, target) = (
            ProjectEnvironment.NameOf(workspace.Project, promotion.From),
            ProjectEnvironment.NameOf(workspace.Project, promotion.Environment)
        );
        var name = Flag.NameOf(workspace.Project, promotion.Flag);
        // What this very change creates was nowhere in force.
        if (
            workspace.Found<Flag>(name) is not { } flag
            || workspace.Found<ProjectEnvironment>(source) is not { } from
            || workspace.Get<Flag>(name) is not { } becomes
            || workspace.Get<ProjectEnvironment>(target) is not { } to
        )
            return null;
        // No change can first declare an environment harmless.
        var was = workspace.Found<ProjectEnvironment>(target)?.Type ?? to.Type;
        var type = was > to.Type ? was : to.Type;
        var value = ServedValue.Of(becomes, becomes.In(to).Settings);
        return await judge.JudgeAsync(tenant, gates, flag, from, type, value, cancellationToken);
    }

    private static Decision Demand(PromotionGates gates, List<PromotionVerdict> verdicts, int approvals)
    {
        var most = verdicts.MaxBy(verdict => verdict.Approvals);
        var missing = (most?.Approvals ?? 0) - approvals;
        if (missing <= 0)
            return new Decision.Allow(Policy, "gates ask for no further approvals");
        var stage = new RequiredStage(
            "promotion",
            StageOrder,
            [new QuorumGroup(missing, most!.Approvers)],
            StageTime,
            TimeoutAction.Reject,
            []
        );
        return new Decision.RequireApproval(
            Policy,
            $"gates ask for {most.Approvals} approvals of a promotion",
            new Requirement([stage], [], null, VoteRules.Default, [Policy], Digest.Of(gates.ToDocument()))
        );
    }
}
