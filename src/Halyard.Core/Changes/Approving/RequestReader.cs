using Halyard.Core.Approvals;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Approving;

/// <summary>Reads change requests, and who could approve them.</summary>
public sealed class RequestReader(IStore store, TimeProvider time)
{
    /// <summary>The request with an id, in whatever project; <see langword="null"/> where there is none.</summary>
    public async ValueTask<ChangeRequest?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var names = (await ProjectsAsync(tenant, cancellationToken)).Select(project => ChangeRequest.NameOf(project, id));
        var slice = await store.LoadAsync(tenant, [.. names], [], cancellationToken);
        return slice.Resources.Values.Select(stored => ResourceDocuments.Read(stored.Name, stored.Document)).SingleOrDefault()
            as ChangeRequest;
    }

    /// <summary>The requests of the projects that may be seen, the newest first, at most <paramref name="limit"/> before a cursor.</summary>
    public async ValueTask<(IReadOnlyList<ChangeRequest> Items, string? Next)> ListAsync(
        string tenant,
        Func<string, bool> isVisible,
        Func<ChangeRequest, bool> matches,
        string? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<ResourceName, StoredResource>();
        foreach (var project in (await ProjectsAsync(tenant, cancellationToken)).Where(isVisible))
            await store.AddAllAsync(tenant, ResourceKind.ChangeRequest, project, found, cancellationToken);
        var all = found
            .Values.Select(stored => (ChangeRequest)ResourceDocuments.Read(stored.Name, stored.Document))
            .Where(matches)
            .OrderByDescending(PlaceOf, StringComparer.Ordinal)
            .Where(request => before is null || string.CompareOrdinal(PlaceOf(request), before) < 0)
            .Take(limit + 1)
            .ToList();
        return all.Count > limit ? (all[..limit], PlaceOf(all[limit - 1])) : (all, null);
    }

    /// <summary>The subjects who could bring a request further now.</summary>
    public async ValueTask<Sequence<string>> WhoCanApproveAsync(
        string tenant,
        ChangeRequest request,
        CancellationToken cancellationToken
    )
    {
        var people = await People.LoadAsync(store, tenant, time.GetUtcNow(), cancellationToken);
        var scope = await RequestScope.OfAsync(store, tenant, request, cancellationToken);
        return request.WhoCanApprove(people.Directory(scope, []));
    }

    private async ValueTask<IReadOnlyList<string>> ProjectsAsync(string tenant, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.Project, "", found, cancellationToken);
        return ["", .. found.Keys.Select(name => name.Key)];
    }

    private static string PlaceOf(ChangeRequest request) => $"{Rfc3339.Format(request.CreatedAt)} {request.Id}";
}
