using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;

namespace Halyard.Core.Changes.Importing;

/// <summary>Applies lines to a project in memory, to find what is wrong with any of them before the first is written.</summary>
internal static class Rehearsal
{
    /// <summary>Everything that is wrong with the lines, each problem with its line.</summary>
    public static IReadOnlyList<FieldProblem> Run(Workspace workspace, IEnumerable<HistoryLine> lines)
    {
        var problems = new LineProblems();
        var change = new Change(HistoryImporter.Action, workspace.Project, []);
        foreach (var line in lines)
        {
            var step = line.ToStep(import: "", subject: "");
            ChangeEditor.Apply(workspace, step, step.Pointer);
            var (edits, _, _) = ChangeEditor.Compare(workspace, step);
            if (StepRules.Check(workspace, change, step, edits, Impact.None) is Error.Invalid invalid)
            {
                foreach (var problem in invalid.Problems)
                    problems.Add(line, problem);
            }
            if (problems.IsFull)
                break;
            // What could be applied stays, so that one mistake is not reported again by every line that follows it.
            workspace.Problems.Clear();
            workspace.Advance(edits.Select(Next));
        }
        return problems.All;
    }

    private static KeyValuePair<ResourceName, Loaded?> Next(ResourceEdit edit) =>
        new(edit.Name, edit.After is null ? null : new Loaded(edit.After, (edit.Before?.Revision ?? 0) + 1, [], null));
}
