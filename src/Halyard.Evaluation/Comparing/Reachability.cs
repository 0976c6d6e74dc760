namespace Halyard.Evaluation;

/// <summary>Finds rules that can be proved never to serve.</summary>
internal static class Reachability
{
    public static IReadOnlyList<string> Unreachable(ComparedFlag flag)
    {
        var found = new List<string>();
        var before = new List<Step>();
        foreach (var step in flag.Steps.Where(step => step.Rule is not null))
        {
            if (Contradicts(step) || before.Exists(earlier => Covers(earlier, step)))
                found.Add(step.Rule!);
            else if (AlwaysServes(step))
                before.Add(step);
        }
        return found;
    }

    private static bool Covers(Step earlier, Step later) => earlier.Guard!.Conditions.All(later.Guard!.Conditions.Contains);

    private static bool Contradicts(Step step) =>
        step.Guard!.Conditions.Any(condition => step.Guard.Conditions.Contains(condition with { Negate = !condition.Negate }));

    // A rollout never serves whoever has nothing to hash.
    private static bool AlwaysServes(Step step) => step.Serve.Variant is not null;
}
