using Halyard.Core.Access;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;

namespace Halyard.Core.Changes;

/// <summary>Computes what edits reach: a flag-level edit every environment, a segment edit each environment that uses it.</summary>
internal static class ImpactSet
{
    public static Impact Of(Workspace workspace, IReadOnlyList<ResourceEdit> edits)
    {
        if (edits is [{ Before: var before, After: var after }] && (before?.Resource ?? after) is Flag one)
            return new Impact(OfFlag((Flag?)before?.Resource, (Flag?)after, workspace.Environments), [one.Definition.Key]);
        var environments = workspace.Environments.ToList();
        var affected = new HashSet<string>(StringComparer.Ordinal);
        var flags = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var edit in edits)
        {
            switch (edit.Before?.Resource ?? edit.After)
            {
                case Flag flag:
                    flags.Add(flag.Definition.Key);
                    affected.UnionWith(
                        OfFlag((Flag?)edit.Before?.Resource, (Flag?)edit.After, environments).Select(reached => reached.Key)
                    );
                    break;
                case Segment segment:
                    AddUsers(workspace, segment, environments, affected, flags);
                    break;
                case ProjectEnvironment environment:
                    affected.Add(environment.Key);
                    break;
                case SdkKey key:
                    affected.Add(key.Environment);
                    break;
            }
        }
        foreach (var edit in edits)
        {
            if (edit.Before?.Resource is ProjectEnvironment was)
                Judge(environments, was);
        }
        return new Impact([.. environments.Where(environment => affected.Contains(environment.Key))], [.. flags]);
    }

    /// <summary>
    /// Puts what the environment was in the place of what it becomes where that is stricter, or nothing: no change can first declare
    /// it harmless.
    /// </summary>
    private static void Judge(List<ProjectEnvironment> environments, ProjectEnvironment was)
    {
        var place = environments.FindIndex(environment => string.CompareOrdinal(environment.Key, was.Key) >= 0);
        if (place < 0)
            environments.Add(was);
        else if (environments[place].Key != was.Key)
            environments.Insert(place, was);
        else if (was.Type > environments[place].Type)
            environments[place] = was;
    }

    private static IReadOnlyList<ProjectEnvironment> OfFlag(
        Flag? before,
        Flag? after,
        IReadOnlyList<ProjectEnvironment> environments
    )
    {
        // A flag that goes is missed everywhere, also where it never was configured: programs fall back to their own defaults.
        if (after is null || (before is not null && before with { Environments = after.Environments } != after))
            return environments;
        var reached = new List<ProjectEnvironment>(environments.Count);
        for (var i = 0; i < environments.Count; i++)
        {
            var environment = environments[i];
            var isReached = before is null ? after.In(environment).Revision > 0 : before.In(environment) != after.In(environment);
            if (isReached)
                reached.Add(environment);
        }
        return reached;
    }

    private static void AddUsers(
        Workspace workspace,
        Segment segment,
        List<ProjectEnvironment> environments,
        HashSet<string> affected,
        SortedSet<string> flags
    )
    {
        var users = References.UsersOf(segment.Definition.Key, [.. workspace.Segments]);
        foreach (var flag in workspace.Flags)
        {
            foreach (var environment in environments)
            {
                if (!References.Segments(flag.In(environment).Settings).Any(users.Contains))
                    continue;
                affected.Add(environment.Key);
                flags.Add(flag.Definition.Key);
            }
        }
    }
}
