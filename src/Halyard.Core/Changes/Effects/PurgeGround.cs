using Halyard.Core.Audit.Holds;
using Halyard.Core.Audit.Retention;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Effects;

/// <summary>Finds whether a purge may be done: the setting wants it, everything is archived, and no hold stands in its way.</summary>
internal sealed class PurgeGround(IStore store, TimeProvider time)
{
    private readonly PurgeLimits _limits = new(store, time);
    private readonly ProofReader _proofs = new(store);

    /// <summary>The event as it will be recorded, its effect, and what must stay as it was read.</summary>
    public async ValueTask<Result<EffectGround>> LoadAsync(
        string tenant,
        ChangeEvent happened,
        EffectRequest.Purge wanted,
        CancellationToken cancellationToken
    )
    {
        var slice = await store.LoadAsync(tenant, [LogRetention.Place], [Hold.Fence], cancellationToken);
        if (!slice.Resources.TryGetValue(LogRetention.Place, out var setting))
            return new Error.NotReady("Nothing says how long the log is kept, so that it is kept for ever.");
        var limit = await _limits.FindAsync(tenant, cancellationToken);
        var below = wanted.Below;
        if (below % TilePath.FullWidth != 0 || below <= limit.From || below - limit.From > CommitEffect.PurgeEntries.MaxEntries)
        {
            return Error.Invalid.At(
                "/below",
                $"must be a multiple of {TilePath.FullWidth} above {limit.From}, by at most {CommitEffect.PurgeEntries.MaxEntries}"
            );
        }
        var effect = new CommitEffect.PurgeEntries(limit.From, below);
        var forbidding = HoldRules.Check(effect, limit.Holds);
        if (forbidding.Count > 0)
            return new Error.Held(forbidding);
        if (below > limit.Below)
            return new Error.NotReady($"Entries below {limit.Below} may be purged, and no others: {limit.Reason}.");
        var root = MerkleTree.Root(await _proofs.NodesAsync(tenant, [below], cancellationToken), below);
        return new EffectGround(
            happened with
            {
                Words = $"entries {limit.From} to before {below} purged",
                Details = Details(effect, setting, root),
            },
            effect,
            [
                new Precondition.Unchanged(LogRetention.Place, setting.Revision),
                .. slice.Fences.Select(fence => new Precondition.Fence(fence.Key, fence.Value)),
            ]
        );
    }

    private static byte[] Details(CommitEffect.PurgeEntries purge, StoredResource setting, Digest root)
    {
        var writer = new CanonicalWriter(256).StartObject();
        writer.Name("from").Number(purge.From);
        writer.Name("policy").UnverifiedCanonical(setting.Document);
        writer.Name("root").String(root.ToString());
        writer.Name("to").Number(purge.Below);
        return writer.EndObject().ToArray();
    }
}
