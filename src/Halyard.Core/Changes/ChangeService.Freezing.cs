using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Freezing;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Freezes;

namespace Halyard.Core.Changes;

/// <content>Freezes: what they hold up, and whom one asks for an exception.</content>
public sealed partial class ChangeService
{
    private readonly FreezeGround _freezes = new(store, zones);

    /// <summary>
    /// What freezes make of a verdict: a change that would take effect now is refused, unless it asks for an exception and then waits
    /// for those who may grant one. What waits anyway is judged when it is applied.
    /// </summary>
    private static Decision Frozen(Change change, Decision decision, FreezesMet met)
    {
        if (decision is Decision.Deny || met.Met.Count == 0)
            return decision;
        if (change.DespiteFreezes && RequestContents.CanWait(change.Steps[0].Operations))
            return Decision.Combine(decision, new Decision.RequireApproval(FreezeRules.Policy, met.Words, ExceptionOf(met))) with
            {
                AccessVersion = decision.AccessVersion,
            };
        return decision is Decision.Allow && change.Schedule is null
            ? new Decision.Deny(
                FreezeRules.Policy,
                $"{met.Words}; sent with \"despiteFreezes\": true it asks {Freeze.Approver} for an exception"
            )
            {
                AccessVersion = decision.AccessVersion,
            }
            : decision;
    }

    /// <summary>What an exception requires.</summary>
    private static Requirement ExceptionOf(FreezesMet met) => FreezeRules.Exception(met.Met)!;

    /// <summary>The freezes that hold a request up at a time.</summary>
    private async ValueTask<FreezesMet> MetAsync(
        string tenant,
        ApplyGroundwork work,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) =>
        await _freezes.MetAsync(
            tenant,
            await _freezes.LoadAsync(tenant, cancellationToken),
            work.Workspace,
            work.Compared.Edits,
            work.Impact,
            at,
            cancellationToken
        );

    /// <summary>What the asker should know although it does not decide yet.</summary>
    private static IReadOnlyList<string> WarningsOf(Change change, FreezesMet met) =>
        met.Met.Count == 0 ? []
        : change.DespiteFreezes ? [$"it asks for an exception: {met.Words}"]
        : [$"it would wait: {met.Words}"];
}
