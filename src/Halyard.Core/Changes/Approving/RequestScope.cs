using Halyard.Core.Approvals;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Reading;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes.Approving;

/// <summary>What a request is about, for what people hold there.</summary>
/// <param name="Project">The project's key, or empty.</param>
/// <param name="Environments">The environments that it affects.</param>
/// <param name="Owners">Who owns the flags that it touches.</param>
internal sealed record RequestScope(string Project, IReadOnlyList<TargetEnvironment> Environments, IReadOnlySet<string> Owners)
{
    /// <summary>Of a content that was just prepared.</summary>
    public static RequestScope Of(string project, RequestContent content, IReadOnlyList<ResourceEdit> edits) =>
        Of(project, content.Environments, edits);

    /// <summary>Of edits that reach these environments.</summary>
    public static RequestScope Of(
        string project,
        IEnumerable<TargetEnvironment> environments,
        IReadOnlyList<ResourceEdit> edits
    ) => new(project, [.. environments], OwnersOf(edits.Select(edit => edit.Before?.Resource ?? edit.After)));

    /// <summary>Of a request, with the owners of now.</summary>
    public static async ValueTask<RequestScope> OfAsync(
        IStore store,
        string tenant,
        ChangeRequest request,
        CancellationToken cancellationToken
    )
    {
        var flags = request.Content.Bases.Select(item => item.Resource).Where(name => name.Kind == ResourceKind.Flag).ToList();
        var slice = await store.LoadAsync(tenant, flags, [], cancellationToken);
        var owners = OwnersOf(slice.Resources.Values.Select(stored => ResourceDocuments.Read(stored.Name, stored.Document)));
        return new RequestScope(request.Project, request.Content.Environments, owners);
    }

    private static HashSet<string> OwnersOf(IEnumerable<Resource?> resources) =>
        resources.OfType<Flag>().Select(flag => flag.Owner).Where(owner => owner.Length > 0).ToHashSet(StringComparer.Ordinal);
}
