using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;

namespace Halyard.Core.Changes.Importing;

/// <summary>Applies lines to a project in memory, to find what is wrong with any of them before the first is written.</summary>
internal static class Rehearsal
{
    /// <summary>What it found: nothing wrong, or what is wrong with the lines, or the first line that rules forbid and why.</summary>
    /// <param name="Problems">Everything that is wrong with the lines, each problem with its line.</param>
    /// <param name="Forbidden">The first line that rules forbid, and what they say.</param>
    public sealed record Findings(IReadOnlyList<FieldProblem> Problems, (HistoryLine Line, Decision.Deny Denial)? Forbidden);

    /// <summary>Rehearses lines.</summary>
    /// <param name="workspace">The project that the first of them finds.</param>
    /// <param name="lines">The lines, in order.</param>
    /// <param name="judge">The denial of a line by rules, or <see langword="null"/>; asked until there is one.</param>
    public static async ValueTask<Findings> RunAsync(
        Workspace workspace,
        IEnumerable<HistoryLine> lines,
        Func<ChangeStep, IReadOnlyList<ResourceEdit>, ValueTask<Decision.Deny?>> judge
    )
    {
        var problems = new LineProblems();
        var change = new Change(HistoryImporter.Action, workspace.Project, []);
        (HistoryLine, Decision.Deny)? forbidden = null;
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
            if (!problems.Any && forbidden is null && await judge(step, edits) is { } denial)
                forbidden = (line, denial);
            workspace.Advance(edits.Select(Next));
        }
        return new Findings(problems.All, forbidden);
    }

    private static KeyValuePair<ResourceName, Loaded?> Next(ResourceEdit edit) =>
        new(edit.Name, edit.After is null ? null : new Loaded(edit.After, (edit.Before?.Revision ?? 0) + 1, [], null));
}
