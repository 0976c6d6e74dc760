using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Evaluation;

namespace Halyard.Core.Changes.Approving;

/// <summary>What a change does to what environments serve.</summary>
/// <param name="ByEnvironment">The flags whose answers may differ, by environment; one that is not here cannot be compared.</param>
/// <param name="Rests">What the comparison rests on besides the resources edited.</param>
internal sealed record Served(
    IReadOnlyDictionary<string, IReadOnlyList<FlagComparison>> ByEnvironment,
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
        var project = workspace.Project;
        if (project.Length == 0 || environments.Count == 0)
            return new Served(new Dictionary<string, IReadOnlyList<FlagComparison>>(), []);
        var fence = Project.ReferencesFence(project);
        var slice = await store.LoadAsync(tenant, [], [fence], cancellationToken);
        var found = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.Flag, project, found, cancellationToken);
        await store.AddAllAsync(tenant, ResourceKind.Segment, project, found, cancellationToken);
        var before = found.Values.ToDictionary(
            stored => stored.Name,
            stored => (Resource: ResourceDocuments.Read(stored.Name, stored.Document), stored.Revision)
        );
        var after = new Dictionary<ResourceName, (Resource Resource, long Revision)>(before);
        foreach (var edit in edits)
        {
            Put(before, edit.Name, edit.Before?.Resource, edit.Before?.Revision ?? 0);
            Put(after, edit.Name, edit.After, (edit.Before?.Revision ?? 0) + 1);
        }
        var compared = new Dictionary<string, IReadOnlyList<FlagComparison>>(StringComparer.Ordinal);
        foreach (var key in environments.Select(environment => environment.Key))
        {
            var name = ProjectEnvironment.NameOf(project, key);
            // What was not there before, or is not there afterwards, is compared with nothing.
            if (workspace.Found<ProjectEnvironment>(name) is { } was && workspace.Get<ProjectEnvironment>(name) is { } becomes)
                compared[key] = EnvironmentComparison.Of(Definition(was, before), Definition(becomes, after), now);
        }
        return new Served(compared, [new Precondition.FenceStands(fence, slice.Fences[fence])]);
    }

    private static void Put(
        Dictionary<ResourceName, (Resource Resource, long Revision)> resources,
        ResourceName name,
        Resource? resource,
        long revision
    )
    {
        if (resource is null)
            resources.Remove(name);
        else
            resources[name] = (resource, revision);
    }

    private static EnvironmentDefinition Definition(
        ProjectEnvironment environment,
        Dictionary<ResourceName, (Resource Resource, long Revision)> resources
    ) =>
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
