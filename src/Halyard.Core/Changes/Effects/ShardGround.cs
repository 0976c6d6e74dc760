using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Effects;

/// <summary>Finds what a new shard of a log goes on from.</summary>
internal sealed class ShardGround(IStore store)
{
    /// <summary>The event as it will be recorded, and its effect.</summary>
    public async ValueTask<Result<EffectGround>> LoadAsync(
        string tenant,
        ChangeEvent happened,
        EffectRequest.OpenShard wanted,
        CancellationToken cancellationToken
    )
    {
        if (await store.HeadAsync(tenant, cancellationToken) is not { } head)
            return new Error.NotFound("log", tenant);
        var name = LogName.Of(head.Origin);
        if (wanted.Shard <= name.Shard || wanted.Shard > LogName.MaxShard || wanted.Lost.Count == 0)
            return Error.Invalid.At("/shard", $"must be above {name.Shard}, and something must be lost");
        var effect = new CommitEffect.OpenShard(head.Origin, head.Range.Size, (name with { Shard = wanted.Shard }).ToString());
        return new EffectGround(
            happened with
            {
                Words = $"the store was put back from a backup that lacks entries; the log goes on as {effect.Origin}",
                Details = Details(wanted, effect, head.Range.Root),
            },
            effect,
            []
        );
    }

    private static byte[] Details(EffectRequest.OpenShard wanted, CommitEffect.OpenShard effect, Digest root)
    {
        var writer = new CanonicalWriter(1_024).StartObject();
        writer.Name("from_backup").String(wanted.Backup);
        writer.Name("last_anchored").StartObject().Name("log").String(wanted.Last.Origin);
        writer.Name("root").String(wanted.Last.Root.ToString()).Name("size").Number(wanted.Last.Size).EndObject();
        writer.Name("lost").StartArray();
        foreach (var lost in wanted.Lost)
        {
            writer.StartObject().Name("from").Number(lost.From).Name("log").String(lost.Log);
            writer.Name("root").String(lost.Root.ToString()).Name("to").Number(lost.To).EndObject();
        }
        writer.EndArray();
        writer.Name("restored").StartObject().Name("log").String(effect.From);
        writer.Name("root").String(root.ToString()).Name("size").Number(effect.Size).EndObject();
        writer.Name("shard").String(effect.Origin);
        return writer.EndObject().ToArray();
    }
}
