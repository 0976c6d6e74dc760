using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Evaluation;

namespace Halyard.Core.Changes.Approving;

/// <summary>What a change does to what environments serve.</summary>
/// <param name="ByEnvironment">The flags whose answers may differ, by environment; one that is not here cannot be compared.</param>
/// <param name="Counts">How often each flag's variants were served, by environment; of one that is not here nothing is known.</param>
/// <param name="Rests">What the comparison rests on besides the resources edited.</param>
internal sealed record Served(
    IReadOnlyDictionary<string, IReadOnlyList<FlagComparison>> ByEnvironment,
    IReadOnlyDictionary<string, ServedCounts> Counts,
    IReadOnlyList<Precondition> Rests
);

/// <summary>Compares all that a project's environments serve before and after a change.</summary>
internal sealed class ServedComparison(IStore store)
{
    public async ValueTask<Served> OfAsync(
        string tenant,
        Workspace workspace,
        IReadOnlyList<ResourceEdit> edits,
        IReadOnlyList<ProjectEnvironment> environments,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (workspace.Project.Length == 0 || environments.Count == 0)
            return Nothing;
        var project = await WholeProject.LoadAsync(store, tenant, workspace, edits, cancellationToken);
        var counts = new Dictionary<string, ServedCounts>(StringComparer.Ordinal);
        foreach (var environment in environments)
            counts[environment.Key] = await ServedCounts.LoadAsync(store, tenant, environment.Id, cancellationToken);
        return new Served(Compare(workspace, project.Before, edits, environments, now), counts, project.Rests);
    }

    /// <summary>Nothing is served where nothing is reached.</summary>
    public static Served Nothing { get; } =
        new(new Dictionary<string, IReadOnlyList<FlagComparison>>(), new Dictionary<string, ServedCounts>(), []);

    /// <summary>The flags whose answers may differ, by environment. Pure.</summary>
    /// <param name="workspace">The environments before and after.</param>
    /// <param name="project">Every flag and segment before.</param>
    /// <param name="edits">What is edited.</param>
    /// <param name="environments">The environments that are reached.</param>
    /// <param name="now">When.</param>
    /// <param name="leaning">See <see cref="ComparedResources.Before"/>.</param>
    public static Dictionary<string, IReadOnlyList<FlagComparison>> Compare(
        Workspace workspace,
        IReadOnlyDictionary<ResourceName, Loaded> project,
        IReadOnlyList<ResourceEdit> edits,
        IReadOnlyList<ProjectEnvironment> environments,
        DateTimeOffset now,
        IReadOnlyDictionary<ResourceName, ResourceName[]>? leaning = null
    )
    {
        var before = ComparedResources.Before(project, edits, leaning);
        var after = ComparedResources.After(before, edits);
        var compared = new Dictionary<string, IReadOnlyList<FlagComparison>>(StringComparer.Ordinal);
        foreach (var key in environments.Select(environment => environment.Key))
        {
            var name = ProjectEnvironment.NameOf(workspace.Project, key);
            // What was not there before, or is not there afterwards, is compared with nothing.
            if (workspace.Found<ProjectEnvironment>(name) is { } was && workspace.Get<ProjectEnvironment>(name) is { } becomes)
                compared[key] = EnvironmentComparison.Of(Definition(was, before), Definition(becomes, after), now);
        }
        return compared;
    }

    private static EnvironmentDefinition Definition(ProjectEnvironment environment, Dictionary<ResourceName, Placed> resources) =>
        EnvironmentDefinitions.Build(
            environment,
            resources
                .Values.Where(item => item.Resource is Flag)
                .Select(item => ((Flag)item.Resource, item.Revision))
                .OrderBy(item => item.Item1.Name.Key, StringComparer.Ordinal),
            resources
                .Values.Select(item => item.Resource)
                .OfType<Segment>()
                .OrderBy(segment => segment.Name.Key, StringComparer.Ordinal),
            0
        );
}
