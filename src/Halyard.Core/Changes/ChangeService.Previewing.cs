using Halyard.Core.Access.Roles;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;
using Halyard.Ledger;

namespace Halyard.Core.Changes;

/// <content>What whoever only looks is told.</content>
public sealed partial class ChangeService
{
    private static Outcome.Preview Preview(
        Decision decision,
        IReadOnlyList<ResourceEdit> edits,
        IReadOnlyList<SemanticChange> changes,
        Impact impact
    ) =>
        new(
            decision.Verdict,
            decision.Policy,
            decision.Reason,
            changes,
            impact,
            [
                .. edits.Select(edit => new ResourcePreview(
                    edit.Name,
                    edit.Before?.Revision ?? 0,
                    (edit.Before?.Revision ?? 0) + 1,
                    JsonPatch.Diff(edit.Before?.Document ?? [], edit.After?.ToDocument() ?? [])
                )),
            ]
        );

    /// <summary>Everything is so already; who only looks is told so as every dry run tells, by a difference, which is empty.</summary>
    private static Outcome NothingToDo(Submission submission, Workspace workspace, Change change, Decision decision) =>
        submission.DryRun
            ? Preview(new Decision.Allow(decision.Policy, "nothing would change"), [], [], Impact.None)
            : Unchanged(workspace, change);

    /// <summary>
    /// What a change reaches, for whoever only looks: with the flags that need what it edits, so far as they may read those. Where a
    /// change takes effect nobody asks for them, and they are not looked up.
    /// </summary>
    private async ValueTask<Impact> ToldAsync(
        Submission submission,
        Workspace workspace,
        IReadOnlyList<ResourceEdit> edits,
        Impact impact,
        CancellationToken cancellationToken
    )
    {
        var (actor, environments) = (submission.Actor, impact.Environments);
        var affected = await AffectedFlags.LoadAsync(store, actor.Tenant, workspace, edits, environments, cancellationToken);
        if (affected.Flags.Count == 0)
            return impact;
        var reads = await MayAsync(actor, "flag.read", workspace.Project, cancellationToken);
        var (shown, hidden) = (new List<string>(impact.Flags), new HashSet<string>(StringComparer.Ordinal));
        foreach (var flag in affected.Flags)
        {
            var attributes = ResourceAttributes.Of(flag);
            if (environments.Any(environment => reads.Allows(attributes.In(environment.Key, environment.Type))))
                shown.Add(flag.Definition.Key);
            else
                hidden.Add(flag.Definition.Key);
        }
        var keys = shown.Distinct(StringComparer.Ordinal).Where(key => !hidden.Contains(key));
        return impact with { Flags = [.. keys.Order(StringComparer.Ordinal)] };
    }
}
