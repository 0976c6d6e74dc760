using Halyard.Core.Access;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;

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
            if (!FlagEditor.Apply(workspace, operation, at) && !AccessEditor.Apply(workspace, operation, at))
                ImportEditor.Apply(workspace, operation, at);
        }
    }

    /// <summary>The resources that mean something else than before: an operation that restores what was there is no edit.</summary>
    public static IReadOnlyList<ResourceEdit> Edits(Workspace workspace) =>
        [.. workspace.Edits().Where(edit => Compare(edit).Count > 0)];

    /// <summary>Every semantic change, those that only the operations tell (promoted, reverted) first.</summary>
    public static IReadOnlyList<SemanticChange> Compare(IReadOnlyList<ResourceEdit> edits, ChangeStep step)
    {
        if (edits.Count == 0)
            return [];
        var told = step.Operations.Select(Told).OfType<SemanticChange>();
        var seen = edits.SelectMany(edit => Named(edit, Compare(edit), edits.Count));
        return [.. told, .. seen];
    }

    /// <summary>The entry type of a step that is not imported.</summary>
    public static string TypeOf(ResourceEdit edit)
    {
        var kind = edit.Name.Kind;
        if (kind == ResourceKind.Import)
            return edit.After is HistoryImport { Finished: true } ? "job.finished" : "job.started";
        if (kind is ResourceKind.Token or ResourceKind.SdkKey)
            return edit.After is null ? "key.revoked" : "key.created";
        var verb =
            edit.Before is null ? "created"
            : edit.After is null ? "deleted"
            : "updated";
        return $"{kind.Name()}.{verb}";
    }

    private static IReadOnlyList<SemanticChange> Compare(ResourceEdit edit) =>
        AccessEditor.Compare(edit.Before?.Resource, edit.After) is { } credential
            ? [credential]
            : Differ.Compare(edit.Before?.Resource, edit.After);

    /// <summary>In a change of several resources each sentence says which one it is about.</summary>
    private static IEnumerable<SemanticChange> Named(ResourceEdit edit, IReadOnlyList<SemanticChange> changes, int resources) =>
        resources == 1 || edit.Before is null || edit.After is null
            ? changes
            : changes.Select(change => change with { Words = $"{edit.Name.Kind.Name()} '{edit.Name.Key}': {change.Words}" });

    /// <summary>A change is decided for one project, or for the tenant; it can hold only what belongs there.</summary>
    private static string? Misplacement(Workspace workspace, Operation operation) =>
        workspace.Project.Length == 0 && operation.Target("").Kind.IsInProject() ? "belongs into a change of a project"
        : workspace.Project.Length > 0 && operation is (CreateProject or CreateTenant)
            ? "does not belong into a change of a project"
        : null;

    private static SemanticChange? Told(Operation operation) =>
        operation switch
        {
            Promote promote => new(
                "flag.promoted",
                promote.Environment,
                $"flag '{promote.Flag}' promoted from '{promote.From}' to '{promote.Environment}'"
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
