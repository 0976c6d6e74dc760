using System.Collections.Concurrent;
using Halyard.Core.Approvals;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Approving;

/// <summary>Where a change request stands in lists.</summary>
/// <param name="Name">Where it is found.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Environments">The environments that it affects.</param>
/// <param name="Requester">The subject who asks for it.</param>
/// <param name="Asked">The roles, groups and owners that its open stage asks; nobody unless it is pending.</param>
/// <param name="Place">Its place in the order of lists: the later it was written, the greater.</param>
public sealed record IndexedRequest(
    ResourceName Name,
    ChangeRequestState State,
    Sequence<TargetEnvironment> Environments,
    string Requester,
    Sequence<string> Asked,
    string Place
);

/// <summary>
/// Every change request of each tenant by its place, so that a page of a list costs what it shows and not what there is. Built from
/// the store once, then carried on by following the log, as any other follower does.
/// </summary>
internal sealed class RequestIndex(IStore store)
{
    private const int PageSize = 1_000;

    private readonly ConcurrentDictionary<string, Tenant> _tenants = new(StringComparer.Ordinal);

    /// <summary>The requests as of now, the newest first, those before a place.</summary>
    public async ValueTask<IReadOnlyList<IndexedRequest>> ListAsync(
        string tenant,
        Func<IndexedRequest, bool> matches,
        string? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var index = _tenants.GetOrAdd(tenant, _ => new Tenant());
        await index.Turn.WaitAsync(cancellationToken);
        try
        {
            await FollowAsync(tenant, index, cancellationToken);
            return
            [
                .. index
                    .ByPlace.Reverse()
                    .SkipWhile(request => before is not null && string.CompareOrdinal(request.Place, before) >= 0)
                    .Where(matches)
                    .Take(limit),
            ];
        }
        finally
        {
            index.Turn.Release();
        }
    }

    /// <summary>The place of a request.</summary>
    public static string PlaceOf(ChangeRequest request) => $"{Rfc3339.Format(request.CreatedAt)} {request.Id}";

    private static Sequence<string> AskedOf(ChangeRequest request) =>
        request.State == ChangeRequestState.Pending && request.Quorum().OpenStage is { } stage
            ? Quorum.Asked(stage, request.Progress)
            : [];

    private async ValueTask FollowAsync(string tenant, Tenant index, CancellationToken cancellationToken)
    {
        if (index.Next is not { } next)
        {
            // The head first: what is written meanwhile is seen twice, and never not at all.
            var head = (await store.HeadAsync(tenant, cancellationToken))?.Range.Size ?? 0;
            await ReadAllAsync(tenant, index, cancellationToken);
            index.Next = head;
            return;
        }
        while (true)
        {
            var page = await store.FeedAsync(tenant, next, PageSize, cancellationToken);
            var touched = page.SelectMany(entry => entry.Resources)
                .Select(version => version.Name)
                .Where(name => name.Kind == ResourceKind.ChangeRequest)
                .ToHashSet();
            if (touched.Count > 0)
            {
                var slice = await store.LoadAsync(tenant, touched, [], cancellationToken);
                foreach (var stored in slice.Resources.Values)
                    index.Put(stored);
            }
            if (page.Count > 0)
                index.Next = next = page[^1].Index + 1;
            if (page.Count < PageSize)
                return;
        }
    }

    private async ValueTask ReadAllAsync(string tenant, Tenant index, CancellationToken cancellationToken)
    {
        var projects = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.Project, "", projects, cancellationToken);
        foreach (var project in projects.Keys.Select(name => name.Key).Prepend(""))
        {
            var found = new Dictionary<ResourceName, StoredResource>();
            await store.AddAllAsync(tenant, ResourceKind.ChangeRequest, project, found, cancellationToken);
            foreach (var stored in found.Values)
                index.Put(stored);
        }
    }

    private sealed class Tenant
    {
        private readonly Dictionary<ResourceName, IndexedRequest> _byName = [];

        public SemaphoreSlim Turn { get; } = new(1, 1);

        /// <summary>The first entry that was not followed; <see langword="null"/> before anything was read.</summary>
        public long? Next { get; set; }

        public SortedSet<IndexedRequest> ByPlace { get; } =
            new(Comparer<IndexedRequest>.Create((one, other) => string.CompareOrdinal(one.Place, other.Place)));

        public void Put(StoredResource stored)
        {
            var request = (ChangeRequest)ResourceDocuments.Read(stored.Name, stored.Document);
            if (_byName.TryGetValue(stored.Name, out var known))
                ByPlace.Remove(known);
            var indexed = new IndexedRequest(
                stored.Name,
                request.State,
                request.Content.Environments,
                request.Requester.Subject,
                AskedOf(request),
                PlaceOf(request)
            );
            _byName[stored.Name] = indexed;
            ByPlace.Add(indexed);
        }
    }
}
