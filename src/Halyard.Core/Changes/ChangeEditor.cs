using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Access.Services;
using Halyard.Core.Access.Users;
using Halyard.Core.Approvals;
using Halyard.Core.Audit.Holds;
using Halyard.Core.Audit.Retention;
using Halyard.Core.Audit.Sinks;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Policies.Installing;

namespace Halyard.Core.Changes;

/// <summary>Step 2 of the pipeline: applies one step's operations purely and names what they mean.</summary>
internal static class ChangeEditor
{
    /// <summary>Applies every operation; what is wrong ends up in the workspace, with pointers below <paramref name="pointer"/>.</summary>
    public static void Apply(Workspace workspace, ChangeStep step, string pointer)
    {
        for (var i = 0; i < step.Operations.Count; i++)
        {
            var operation = step.Operations[i];
            var at = $"{pointer}/operations/{i}";
            if (Misplacement(workspace, operation) is { } misplaced)
            {
                workspace.Problems.Add(new FieldProblem(at, misplaced));
                continue;
            }
            if (
                !FlagEditor.Apply(workspace, operation, at)
                && !AccessEditor.Apply(workspace, operation, at)
                && !UserEditor.Apply(workspace, operation, at)
                && !ServiceAccountEditor.Apply(workspace, operation, at)
                && !RoleEditor.Apply(workspace, operation, at)
                && !PolicyEditor.Apply(workspace, operation, at)
                && !HoldEditor.Apply(workspace, operation, at)
                && !SinkEditor.Apply(workspace, operation, at)
                && !RetentionEditor.Apply(workspace, operation)
                && !PolicySetEditor.Apply(workspace, operation, at)
                && !CheckEditor.Apply(workspace, operation, at)
                && !EvidenceEditor.Apply(workspace, operation, at)
                && !PromotionGatesEditor.Apply(workspace, operation, at)
                && !DelegationEditor.Apply(workspace, operation, at)
                && !FreezeEditor.Apply(workspace, operation, at)
            )
                ImportEditor.Apply(workspace, operation, at);
        }
    }

    /// <summary>
    /// The resources that mean something else than before, and what that is: an operation that restores what was there is no edit.
    /// </summary>
    public static StepEdits Compare(Workspace workspace, ChangeStep step)
    {
        var edits = new List<ResourceEdit>();
        var seen = new List<IReadOnlyList<SemanticChange>>();
        foreach (var edit in workspace.Edits())
        {
            if (Compare(edit) is not { Count: > 0 } changes)
                continue;
            edits.Add(edit);
            seen.Add(changes);
        }
        if (edits.Count == 0)
            return StepEdits.None;
        if (edits.Count == 1 && step.Operations is [not (Promote or RevertToRevision or SetPolicy)])
            return new StepEdits(edits, seen, seen[0]);
        var all = new List<SemanticChange>(seen[0].Count);
        foreach (var operation in step.Operations)
        {
            if (Told(operation) is { } told)
                all.Add(told);
        }
        for (var i = 0; i < edits.Count; i++)
            all.AddRange(Named(edits[i], seen[i], edits.Count));
        return new StepEdits(edits, seen, all);
    }

    /// <summary>The entry type of a step that is not imported.</summary>
    public static string TypeOf(ResourceEdit edit)
    {
        var kind = edit.Name.Kind;
        if (kind == ResourceKind.Import)
            return edit.After is HistoryImport { Finished: true } ? "job.finished" : "job.started";
        if (kind is ResourceKind.Token or ResourceKind.SdkKey)
            return edit.After is null ? "key.revoked"
                : edit.Before is null ? "key.created"
                : "key.rotated";
        if (kind == ResourceKind.Assignment)
            return edit.After is null ? "access.revoked" : "access.granted";
        if (kind == ResourceKind.Hold)
            return edit.After is null ? "hold.released" : "hold.placed";
        if (kind == ResourceKind.Delegation)
            return edit.After is null ? "delegation.revoked" : "delegation.created";
        if (kind == ResourceKind.Retention)
            return RetentionEditor.ChangedType;
        if (kind == ResourceKind.Evidence)
            return "check.reported";
        var verb =
            edit.Before is null ? "created"
            : edit.After is null ? "deleted"
            : "updated";
        return $"{kind.Name().Replace('-', '_')}.{verb}";
    }

    private static IReadOnlyList<SemanticChange> Compare(ResourceEdit edit) =>
        edit.Name.Kind is ResourceKind.Flag or ResourceKind.Segment ? Differ.Compare(edit.Before?.Resource, edit.After)
        : AccessEditor.Compare(edit.Before?.Resource, edit.After) is { } credential ? [credential]
        : UserEditor.Compare(edit.Before?.Resource, edit.After) is { Count: > 0 } user ? user
        : ServiceAccountEditor.Compare(edit.Before?.Resource, edit.After) is { Count: > 0 } account ? account
        : RoleEditor.Compare(edit.Before?.Resource, edit.After) is { Count: > 0 } access ? access
        : PolicyEditor.Compare(edit.Before?.Resource, edit.After) is { } policy ? [policy]
        : HoldEditor.Compare(edit.Before?.Resource, edit.After) is { } hold ? [hold]
        : SinkEditor.Compare(edit.Before?.Resource, edit.After) is { Count: > 0 } sink ? sink
        : FreezeEditor.Compare(edit.Before?.Resource, edit.After) is { Count: > 0 } freeze ? freeze
        : RetentionEditor.Compare(edit.Before?.Resource, edit.After) is { } retention ? retention
        : Delegation.Compare(edit.Before?.Resource, edit.After) is { Count: > 0 } delegation ? delegation
        : PolicySetEditor.Compare(edit.Before?.Resource, edit.After) is { } approvals ? [approvals]
        : CheckEditor.Compare(edit.Before?.Resource, edit.After) is { } check ? [check]
        : EvidenceEditor.Compare(edit.Before?.Resource, edit.After) is { } evidence ? [evidence]
        : PromotionGatesEditor.Compare(edit.Before?.Resource, edit.After) is { } gates ? [gates]
        : Differ.Compare(edit.Before?.Resource, edit.After);

    /// <summary>In a change of several resources each sentence says which one it is about.</summary>
    private static IEnumerable<SemanticChange> Named(ResourceEdit edit, IReadOnlyList<SemanticChange> changes, int resources) =>
        resources == 1 || edit.Before is null || edit.After is null
            ? changes
            : changes.Select(change => change with { Words = $"{edit.Name.Kind.Name()} '{edit.Name.Key}': {change.Words}" });

    /// <summary>A change is decided for one project, or for the tenant; it can hold only what belongs there.</summary>
    private static string? Misplacement(Workspace workspace, Operation operation) =>
        workspace.Project.Length == 0 && operation.Target("").Kind.IsInProject() ? "belongs into a change of a project"
        : workspace.Project.Length > 0 && IsOfTheTenant(operation) ? "does not belong into a change of a project"
        : null;

    private static bool IsOfTheTenant(Operation operation) =>
        operation
            is CreateProject
                or CreateTenant
                or SetApprovalPolicies
                or CreateCheck
                or UpdateCheck
                or DeleteCheck
                or SetPromotionGates;

    private static SemanticChange? Told(Operation operation) =>
        operation switch
        {
            Promote promote => new(
                "flag.promoted",
                promote.Environment,
                $"flag '{promote.Flag}' promoted from '{promote.From}' to '{promote.Environment}'"
            ),
            SetPolicy { RestoredRevision: { } revision } => new(
                "policy.rolled_back",
                null,
                revision == 0
                    ? "the policy that ships with the server put in force"
                    : $"revision {revision} of the policy put in force again"
            ),
            RevertToRevision revert => new(
                "flag.reverted",
                revert.Environment,
                $"flag '{revert.Flag}' returned to revision {revert.Revision}"
                    + (revert.Environment is null ? "" : $" in '{revert.Environment}'")
            ),
            _ => null,
        };
}

/// <summary>What one step does.</summary>
/// <param name="Edits">The resources that mean something else than before.</param>
/// <param name="Meanings">What each edit means, in the same order.</param>
/// <param name="Changes">Every semantic change, those that only the operations tell (promoted, reverted) first.</param>
internal sealed record StepEdits(
    IReadOnlyList<ResourceEdit> Edits,
    IReadOnlyList<IReadOnlyList<SemanticChange>> Meanings,
    IReadOnlyList<SemanticChange> Changes
)
{
    /// <summary>It does nothing.</summary>
    public static StepEdits None { get; } = new([], [], []);
}
