using Halyard.Core.Flags;

namespace Halyard.Core.Storage;

/// <summary>Lists that are read to their end.</summary>
internal static class Listing
{
    private const int PageSize = 1_000;

    /// <summary>Adds every resource of one kind and project that is not there yet.</summary>
    public static async ValueTask AddAllAsync(
        this IStore store,
        string tenant,
        ResourceKind kind,
        string project,
        Dictionary<ResourceName, StoredResource> found,
        CancellationToken cancellationToken
    )
    {
        string? after = null;
        while (true)
        {
            var page = await store.ListAsync(tenant, kind, project, after, PageSize, cancellationToken);
            foreach (var resource in page)
                found.TryAdd(resource.Name, resource);
            if (page.Count < PageSize)
                return;
            after = page[^1].Name.Key;
        }
    }
}
