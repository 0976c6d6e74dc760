using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Reading;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes.Approving;

/// <summary>Every flag and segment of a project as they are before a change.</summary>
/// <param name="Before">Each at its revision.</param>
/// <param name="Rests">What must stand so that nothing refers to anything else meanwhile.</param>
internal sealed record WholeProject(IReadOnlyDictionary<ResourceName, Loaded> Before, IReadOnlyList<Precondition> Rests)
{
    public static async ValueTask<WholeProject> LoadAsync(
        IStore store,
        string tenant,
        Workspace workspace,
        IReadOnlyList<ResourceEdit> edits,
        CancellationToken cancellationToken
    )
    {
        // The lines of an import are on top of lines that the store does not have yet; the import raises the fence itself.
        if (workspace.IsWhole)
        {
            var known = workspace.LoadedOf(ResourceKind.Flag).Concat(workspace.LoadedOf(ResourceKind.Segment));
            return new WholeProject(known.ToDictionary(loaded => loaded.Resource.Name), []);
        }
        var project = workspace.Project;
        var fence = Project.ReferencesFence(project);
        var slice = await store.LoadAsync(tenant, [], [fence], cancellationToken);
        var found = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.Flag, project, found, cancellationToken);
        await store.AddAllAsync(tenant, ResourceKind.Segment, project, found, cancellationToken);
        var all = found.ToDictionary(item => item.Key, item => ResourceDocuments.Load(item.Value));
        // What the change was prepared on counts; that nothing of it moved since, the commit makes sure of.
        foreach (var edit in edits.Where(edit => edit.Name.Kind is ResourceKind.Flag or ResourceKind.Segment))
        {
            if (edit.Before is { } was)
                all[edit.Name] = was;
            else
                all.Remove(edit.Name);
        }
        return new WholeProject(all, [new Precondition.FenceStands(fence, slice.Fences[fence])]);
    }
}
