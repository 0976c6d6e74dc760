namespace Halyard.Cli.Importing.Planning;

/// <summary>Reads <c>--environment NAME=KEY</c>.</summary>
internal static class EnvironmentMappings
{
    /// <summary>
    /// The mappings, or <see langword="null"/> and what is wrong. Without any, each environment of the source goes into the one
    /// with its name as key. One environment of the source may go into several, but not several into one.
    /// </summary>
    public static IReadOnlyList<EnvironmentMapping>? Parse(
        IReadOnlyList<string> written,
        ImportedProject project,
        out string problem
    )
    {
        problem = "";
        if (written.Count == 0)
            return [.. project.Environments.Select(name => new EnvironmentMapping(name, name))];
        var mappings = new List<EnvironmentMapping>();
        foreach (var each in written)
        {
            // A name may hold an equals sign, a key never does.
            var at = each.LastIndexOf('=');
            if (at < 0 && project.Environments.Count != 1)
            {
                problem = $"--environment {each}: name the source's environment too, as in NAME={each}; {Known(project)}.";
                return null;
            }
            var name = at < 0 ? project.Environments[0] : each[..at];
            var key = each[(at + 1)..];
            if (key.Length == 0)
                problem = $"--environment {each}: the environment's key is missing behind '='.";
            else if (!project.Environments.Contains(name, StringComparer.Ordinal))
                problem = $"The source has no environment '{name}'; {Known(project)}.";
            else if (mappings.Exists(mapping => mapping.Key == key))
                problem = $"The environment '{key}' is named twice.";
            if (problem.Length > 0)
                return null;
            mappings.Add(new EnvironmentMapping(name, key));
        }
        return mappings;
    }

    private static string Known(ImportedProject project) =>
        project.Environments.Count == 0 ? "it has none" : $"it has {string.Join(", ", project.Environments)}";
}
