using Halyard.Core.Approvals;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Reading;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes;

/// <content>Votes, by whoever sends them or for who delegated to them.</content>
public sealed partial class ChangeService
{
    private async ValueTask<Error?> VoteAsync(
        Submission submission,
        RequestAct.Vote vote,
        RequestWalk walk,
        People people,
        List<Precondition> rests,
        CancellationToken cancellationToken
    )
    {
        var (tenant, hash) = (submission.Actor.Tenant, vote.Hash!.Value);
        var scope = await RequestScope.OfAsync(store, tenant, walk.Request, cancellationToken);
        if (vote.Delegation is not { } id)
            return walk.Take(new RequestCommand.CastVote(vote.Kind, hash, vote.Comment, people.HoldsOf(submission.Actor, scope)));
        var name = Delegation.NameOf(id);
        var slice = await store.LoadAsync(tenant, [name], [], cancellationToken);
        if (!slice.Resources.TryGetValue(name, out var stored))
            return Error.Invalid.At("/delegation", "there is no such delegation");
        rests.Add(new Precondition.Unchanged(name, stored.Revision, stored.Id));
        var delegation = (Delegation)ResourceDocuments.Read(name, stored.Document);
        // What counts is what they hold who gave it: not what they were given by others, and not what the voter holds.
        var holds = people.HoldsOf(delegation.From, scope);
        return walk.Take(new RequestCommand.CastVote(vote.Kind, hash, vote.Comment, holds, delegation));
    }
}
