using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;

namespace Halyard.Core.Changes;

/// <summary>What must hold of one step once its operations are applied.</summary>
internal static class StepRules
{
    /// <summary>What is wrong with a step, all of it at once, with the problems its operations left in the workspace.</summary>
    public static Error? Check(
        Workspace workspace,
        Change change,
        ChangeStep step,
        IReadOnlyList<ResourceEdit> edits,
        Impact impact
    )
    {
        var problems = workspace.Problems;
        CheckWords(problems, change, step);
        if (step.Origin?.Reference is { } reference)
            CheckLength(problems, step, "ref", reference, Change.MaxReason);
        var limit = step.Origin is null ? Change.MaxResources : Change.MaxImportedResources;
        if (edits.Count > limit)
            problems.Add(
                new FieldProblem($"{step.Pointer}/operations", $"touch {edits.Count} resources; {Unit(step)} may touch {limit}")
            );
        if (step.Origin is null)
            CheckReason(problems, step, impact);
        // A line is an entry: it must change something.
        else if (edits.Count == 0 && problems.Count == 0)
            problems.Add(new FieldProblem($"{step.Pointer}/operations", "change nothing"));
        if (problems.Count > 0)
            return new Error.Invalid([.. problems]);
        return workspace.Stale.Count > 0 ? new Error.StaleRevision([.. workspace.Stale.Select(Stale)]) : null;
    }

    /// <summary>What is wrong with what is said about an event.</summary>
    public static Error.Invalid? Check(Change change)
    {
        var problems = new List<FieldProblem>();
        CheckWords(problems, change, change.Steps[0]);
        if (change.Event?.Effect is not null && string.IsNullOrWhiteSpace(change.Steps[0].Reason))
            problems.Add(new FieldProblem("/reason", "is required"));
        return problems.Count > 0 ? new Error.Invalid(problems) : null;
    }

    private static void CheckWords(List<FieldProblem> problems, Change change, ChangeStep step)
    {
        CheckLength(problems, step, "reason", step.Reason, Change.MaxReason);
        CheckLength(problems, null, "ticket", change.Ticket, Change.MaxReference);
        CheckLength(problems, null, "incident", change.Incident, Change.MaxReference);
        CheckGiven(problems, "/ticket", change.Ticket);
        CheckGiven(problems, "/incident", change.Incident);
    }

    private static StaleResource Stale(RevisionMismatch mismatch) =>
        new(mismatch.Resource.Kind.Name(), mismatch.Resource.Project, mismatch.Resource.Key, mismatch.Expected, mismatch.Actual);

    private static void CheckLength(List<FieldProblem> problems, ChangeStep? step, string member, string? text, int most)
    {
        if (text?.Length > most)
            problems.Add(new FieldProblem($"{step?.Pointer}/{member}", $"must have at most {most} characters"));
    }

    /// <summary>Roles and policies ask whether there is one: blanks are none.</summary>
    private static void CheckGiven(List<FieldProblem> problems, string pointer, string? text)
    {
        if (text is not null && string.IsNullOrWhiteSpace(text))
            problems.Add(new FieldProblem(pointer, "must not be blank: leave it out where there is none"));
    }

    private static string Unit(ChangeStep step) => step.Origin is null ? "one change" : "one line";

    private static void CheckReason(List<FieldProblem> problems, ChangeStep step, Impact impact)
    {
        var production = impact.Environments.FirstOrDefault(environment => environment.Type == EnvironmentType.Production);
        if (production is not null && string.IsNullOrWhiteSpace(step.Reason))
            problems.Add(new FieldProblem("/reason", $"is required: environment '{production.Key}' is of type production"));
    }
}
