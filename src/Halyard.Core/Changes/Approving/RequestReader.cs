using System.Collections.Immutable;
using Halyard.Core.Access;
using Halyard.Core.Approvals;
using Halyard.Core.Flags;
using Halyard.Core.Policies;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Approving;

/// <summary>Reads change requests, and who could approve them.</summary>
public sealed class RequestReader(IStore store, TimeProvider time)
{
    private readonly RequestIndex _index = new(store);

    /// <summary>The request with an id, in whatever project; <see langword="null"/> where there is none.</summary>
    public async ValueTask<ChangeRequest?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var names = (await ProjectsAsync(tenant, cancellationToken)).Select(project => ChangeRequest.NameOf(project, id));
        var slice = await store.LoadAsync(tenant, [.. names], [], cancellationToken);
        return slice.Resources.Values.Select(stored => ResourceDocuments.Read(stored.Name, stored.Document)).SingleOrDefault()
            as ChangeRequest;
    }

    /// <summary>The requests that may be seen, the newest first, at most <paramref name="limit"/> before a cursor.</summary>
    public async ValueTask<(IReadOnlyList<ChangeRequest> Items, string? Next)> ListAsync(
        string tenant,
        ChangeRequestState? state,
        Func<IndexedRequest, bool> isVisible,
        string? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var page = await _index.ListAsync(
            tenant,
            request => (state is null || request.State == state) && isVisible(request),
            before,
            limit + 1,
            cancellationToken
        );
        var shown = page.Take(limit).ToList();
        var slice = await store.LoadAsync(tenant, [.. shown.Select(item => item.Name)], [], cancellationToken);
        var items = shown
            .Select(item => slice.Resources[item.Name])
            .Select(stored => (ChangeRequest)ResourceDocuments.Read(stored.Name, stored.Document))
            .ToList();
        return (items, page.Count > limit ? shown[^1].Place : null);
    }

    /// <summary>The same of those alone that somebody could bring further now by approving them, whatever others may do for them.</summary>
    public async ValueTask<(IReadOnlyList<ChangeRequest> Items, string? Next)> ListWaitingAsync(
        Actor actor,
        Func<IndexedRequest, bool> isVisible,
        string? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var people = await People.LoadAsync(store, actor.Tenant, time.GetUtcNow(), cancellationToken);
        var party = Party.Of(actor);
        var held = new Dictionary<(string, Sequence<TargetEnvironment>), Sequence<string>>();
        var items = new List<ChangeRequest>();
        while (true)
        {
            var page = await _index.ListAsync(
                actor.Tenant,
                request => request.Requester != actor.Subject && MayBeAsked(request) && isVisible(request),
                before,
                limit + 1,
                cancellationToken
            );
            var slice = await store.LoadAsync(actor.Tenant, [.. page.Select(item => item.Name)], [], cancellationToken);
            foreach (var item in page)
            {
                var request = (ChangeRequest)ResourceDocuments.Read(item.Name, slice.Resources[item.Name].Document);
                var scope = await RequestScope.OfAsync(store, actor.Tenant, request, cancellationToken);
                var approver = new Approver(party, people.HoldsOf(actor, scope));
                if (request.WhoCanApprove(new ApproverDirectory([approver])).Count == 0)
                    continue;
                if (items.Count == limit)
                    return (items, RequestIndex.PlaceOf(items[^1]));
                items.Add(request);
            }
            if (page.Count <= limit)
                return (items, null);
            before = page[^1].Place;
        }

        // Owners are known by the flags, which are read of those alone that are left.
        bool MayBeAsked(IndexedRequest request)
        {
            if (request.Asked.Count == 0)
                return false;
            var place = (request.Name.Project, request.Environments);
            if (!held.TryGetValue(place, out var holds))
                held[place] = holds = people.HoldsOf(
                    actor,
                    new RequestScope(request.Name.Project, request.Environments, ImmutableHashSet<string>.Empty)
                );
            return request.Asked.Any(name => name == ApproverNames.Owners || holds.Contains(name));
        }
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

    /// <summary>How far a request is, whom it asks, and everybody who could bring it further now.</summary>
    public async ValueTask<RequestApprovers> ApproversAsync(
        string tenant,
        ChangeRequest request,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var people = await People.LoadAsync(store, tenant, now, cancellationToken);
        var scope = await RequestScope.OfAsync(store, tenant, request, cancellationToken);
        var directory = people.Directory(scope, []);
        var able = request.WhoCanApprove(directory).ToHashSet(StringComparer.Ordinal);
        var found = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.Delegation, "", found, cancellationToken);
        var given = found
            .Values.Select(stored => (Delegation)ResourceDocuments.Read(stored.Name, stored.Document))
            .Where(delegation =>
                request.Exclusion(delegation.To) is null && delegation.Refusal(delegation.To, request, now) is null
            )
            .ToLookup(delegation => delegation.From.Subject);
        var quorum = request.Quorum();
        return new RequestApprovers(
            quorum,
            quorum.OpenStage is { } stage ? Quorum.Asked(stage, request.Progress) : [],
            [
                .. directory
                    .Members.Where(member => able.Contains(member.Who.Subject))
                    .Select(member => new AbleApprover(
                        member.Who.Subject,
                        member.Holds,
                        [.. given[member.Who.Subject].Select(delegation => new Delegate(delegation.To.Subject, delegation.Id))]
                    )),
            ]
        );
    }

    private async ValueTask<IReadOnlyList<string>> ProjectsAsync(string tenant, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.Project, "", found, cancellationToken);
        return ["", .. found.Keys.Select(name => name.Key)];
    }
}

/// <summary>Who could approve a request now.</summary>
/// <param name="Quorum">How far it is.</param>
/// <param name="Asked">The roles, groups and owners that the open stage asks; who belongs to groups nobody here knows.</param>
/// <param name="People">Everybody whom the store knows, by subject in ordinal order.</param>
public sealed record RequestApprovers(QuorumState Quorum, Sequence<string> Asked, IReadOnlyList<AbleApprover> People);

/// <summary>Somebody who could bring a request further.</summary>
/// <param name="Subject">Who.</param>
/// <param name="Holds">What they hold there.</param>
/// <param name="Delegates">Who may approve for them.</param>
public sealed record AbleApprover(string Subject, Sequence<string> Holds, IReadOnlyList<Delegate> Delegates);

/// <summary>Somebody who may approve for another.</summary>
/// <param name="Subject">Who.</param>
/// <param name="Delegation">By which delegation.</param>
public sealed record Delegate(string Subject, string Delegation);
