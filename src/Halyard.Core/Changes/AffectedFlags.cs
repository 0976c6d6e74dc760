using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes;

/// <summary>The flags whose answers a change may alter although it does not edit them, by what they are before it.</summary>
/// <param name="Flags">Those that have an edited flag as a prerequisite or use an edited segment, at any depth.</param>
/// <param name="Rests">On what the answer rests.</param>
internal sealed record AffectedFlags(IReadOnlyList<Flag> Flags, IReadOnlyList<Precondition> Rests)
{
    private static AffectedFlags None { get; } = new([], []);

    public static async ValueTask<AffectedFlags> LoadAsync(
        IStore store,
        string tenant,
        Workspace workspace,
        IReadOnlyList<ResourceEdit> edits,
        IReadOnlyList<ProjectEnvironment> environments,
        CancellationToken cancellationToken
    )
    {
        if (environments.Count == 0 || !edits.Any(edit => edit.Name.Kind is ResourceKind.Flag or ResourceKind.Segment))
            return None;
        var project = await WholeProject.LoadAsync(store, tenant, workspace, edits, cancellationToken);
        var edited = edits.Select(edit => edit.Name).ToHashSet();
        var concerned = ComparedResources.Concerned(project.Before, edits, environments);
        return new AffectedFlags(
            [
                .. concerned
                    .Where(name => !edited.Contains(name))
                    .Select(name => project.Before.GetValueOrDefault(name)?.Resource)
                    .OfType<Flag>(),
            ],
            project.Rests
        );
    }
}
