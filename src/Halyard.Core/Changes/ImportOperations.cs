using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;

namespace Halyard.Core.Changes;

/// <summary>Announces an import of past changes into a project that has no flags yet.</summary>
public sealed record StartImport(string Project, string Key, long Lines) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => HistoryImport.NameOf(Project, Key);
}

/// <summary>Says that every line of an import is an entry.</summary>
public sealed record FinishImport(string Project, string Key) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => HistoryImport.NameOf(Project, Key);
}

/// <summary>Applies the operations of imports.</summary>
internal static class ImportEditor
{
    public static void Apply(Workspace workspace, Operation operation, string pointer)
    {
        switch (operation)
        {
            case StartImport start:
                // Starting again what was started is no change: two who import the same file share one import.
                if (workspace.Get<HistoryImport>(start.Target(workspace.Project)) is not null)
                    break;
                if (workspace.Flags.Any())
                    workspace.Problems.Add(
                        new FieldProblem(pointer, $"project '{start.Project}' has flags; past changes go into an empty project")
                    );
                workspace.Put(new HistoryImport(workspace.NewId(), start.Project, start.Key, start.Lines, Finished: false));
                break;
            case FinishImport finish:
                if (workspace.Get<HistoryImport>(finish.Target(workspace.Project)) is { } import)
                    workspace.Put(import with { Finished = true });
                else
                    workspace.Problems.Add(new FieldProblem(pointer, $"there is no import '{finish.Key}'"));
                break;
            default:
                throw new InvalidOperationException($"Nothing applies {operation.GetType().Name}.");
        }
    }
}
