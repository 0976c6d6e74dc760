using System.Collections.Concurrent;
using Halyard.Core.Approvals;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;

namespace Halyard.Server.Gates;

/// <summary>Knows which change requests are open, by following the log: found once, then kept up by what changes.</summary>
internal sealed class OpenRequests(IStore store, RequestReader reader)
{
    private const int FeedPage = 1_000;
    private const int ListPage = 500;

    private readonly ConcurrentDictionary<string, (long Next, Dictionary<ResourceName, ChangeRequest> Open)> _tenants = new(
        StringComparer.Ordinal
    );

    /// <summary>The requests of a tenant that wait for people or for something else. One caller at a time for each.</summary>
    public async ValueTask<IReadOnlyList<ChangeRequest>> OfAsync(string tenant, CancellationToken cancellationToken)
    {
        if (!_tenants.TryGetValue(tenant, out var known))
        {
            // The head first: what is committed meanwhile is seen again by the feed.
            var head = await store.HeadAsync(tenant, cancellationToken);
            known = (head?.Range.Size ?? 0, await FindAllAsync(tenant, cancellationToken));
        }
        while (await store.FeedAsync(tenant, known.Next, FeedPage, cancellationToken) is { Count: > 0 } entries)
        {
            var names = entries
                .SelectMany(entry => entry.Resources)
                .Select(version => version.Name)
                .Where(name => name.Kind == ResourceKind.ChangeRequest)
                .Distinct()
                .ToList();
            var slice = await store.LoadAsync(tenant, names, [], cancellationToken);
            foreach (var name in names)
                Put(known.Open, name, slice.Resources.GetValueOrDefault(name));
            known.Next = entries[^1].Index + 1;
        }
        _tenants[tenant] = known;
        return [.. known.Open.Values];
    }

    private static void Put(Dictionary<ResourceName, ChangeRequest> open, ResourceName name, StoredResource? stored)
    {
        if (stored is not null && ResourceDocuments.Read(name, stored.Document) is ChangeRequest request && Waits(request.State))
            open[name] = request;
        else
            open.Remove(name);
    }

    private static bool Waits(ChangeRequestState state) =>
        state is ChangeRequestState.Pending or ChangeRequestState.Approved or ChangeRequestState.Scheduled;

    private async ValueTask<Dictionary<ResourceName, ChangeRequest>> FindAllAsync(
        string tenant,
        CancellationToken cancellationToken
    )
    {
        var open = new Dictionary<ResourceName, ChangeRequest>();
        string? cursor = null;
        do
        {
            var (items, next) = await reader.ListAsync(
                tenant,
                null,
                request => Waits(request.State),
                cursor,
                ListPage,
                cancellationToken
            );
            foreach (var request in items)
                open[request.Name] = request;
            cursor = next;
        } while (cursor is not null);
        return open;
    }
}
