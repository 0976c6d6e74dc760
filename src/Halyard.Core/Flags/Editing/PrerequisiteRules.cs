using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags.Editing;

/// <summary>What prerequisites must be, seen over the flags of one environment.</summary>
internal static class PrerequisiteRules
{
    /// <summary>That the flag needed and its variants exist, and that no flag needs itself.</summary>
    public static void Check(
        List<DefinitionProblem> problems,
        Workspace workspace,
        Flag flag,
        ProjectEnvironment environment,
        Prerequisite needed,
        string pointer
    )
    {
        if (needed.Flag == flag.Definition.Key)
            return; // The definition's own rules report it.
        if (workspace.Get<Flag>(Flag.NameOf(flag.Project, needed.Flag)) is not { } other)
        {
            problems.Add(new DefinitionProblem($"{pointer}/flag", $"there is no flag '{needed.Flag}' to need"));
            return;
        }
        for (var i = 0; i < needed.Variants.Count; i++)
        {
            if (other.Definition.Variants.All(known => known.Key != needed.Variants[i]))
                problems.Add(
                    new DefinitionProblem(
                        $"{pointer}/variants/{i}",
                        $"flag '{needed.Flag}' has no variant '{needed.Variants[i]}'"
                    )
                );
        }
        if (Needs(workspace, environment, other, flag.Definition.Key, []))
            problems.Add(
                new DefinitionProblem(
                    $"{pointer}/flag",
                    $"flag '{flag.Definition.Key}' would need itself through '{needed.Flag}'"
                )
            );
    }

    /// <summary>That the engine will follow the prerequisites: of this flag, and of those that need it.</summary>
    public static IEnumerable<DefinitionProblem> CheckReach(
        Workspace workspace,
        Flag flag,
        ProjectEnvironment environment,
        FlagEnvironment after
    )
    {
        var key = flag.Definition.Key;
        var before = workspace.Flags.ToDictionary(
            other => other.Definition.Key,
            IReadOnlyCollection<string> (other) => Needed(other.In(environment).Settings),
            StringComparer.Ordinal
        );
        var now = new Dictionary<string, IReadOnlyCollection<string>>(before, StringComparer.Ordinal) { [key] = Needed(after) };
        before[key] = [];
        return ReferenceReach
            .NewProblems(before, now, "prerequisites")
            .Select(problem => new DefinitionProblem("/prerequisites", $"flag '{problem.Key}' {problem.Words}"));
    }

    private static string[] Needed(FlagEnvironment settings) =>
        [.. settings.Prerequisites.Select(needed => needed.Flag).Distinct(StringComparer.Ordinal)];

    private static bool Needs(
        Workspace workspace,
        ProjectEnvironment environment,
        Flag flag,
        string target,
        HashSet<string> seen
    ) =>
        flag.Definition.Key == target
        || seen.Add(flag.Definition.Key)
            && flag.In(environment)
                .Settings.Prerequisites.Select(needed => workspace.Get<Flag>(Flag.NameOf(flag.Project, needed.Flag)))
                .OfType<Flag>()
                .Any(needed => Needs(workspace, environment, needed, target, seen));
}
