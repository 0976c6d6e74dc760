using Halyard.Core.Audit;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Server.Publishing;

/// <summary>What was given out of a tenant's log in one place, held against the log as the store has it.</summary>
internal sealed class GivenOut(LogHead head, IObjectStore objects, IStore store, ProofReader proofs)
{
    /// <summary>The newest checkpoint of each shard from the present one on, with how much of it the store has.</summary>
    /// <exception cref="LedgerAlarmException">A checkpoint is of another log.</exception>
    public async ValueTask<List<FoundLog>> FindAsync(CancellationToken cancellationToken)
    {
        var found = new List<FoundLog>();
        var name = LogName.Of(head.Origin);
        for (var shard = name.Shard; ; shard++)
        {
            var folder = PublishedLog.FolderOf(head.Tenant, shard);
            var sizes = await SizesAsync(folder, cancellationToken);
            if (sizes.Count == 0)
            {
                // An anchor may lack the present shard, which it was made for late; behind that there is none without the one before.
                if (shard > name.Shard)
                    return found;
                continue;
            }
            var newest = await CheckpointAsync(folder, sizes[^1], cancellationToken);
            var log = (name with { Shard = shard }).ToString();
            if (newest.Origin != log)
                throw new LedgerAlarmException($"the log '{newest.Origin}' is where that of the store, '{log}', should be");
            found.Add(new FoundLog(newest, await AgreedAsync(folder, sizes, cancellationToken)));
        }
    }

    private async ValueTask<List<long>> SizesAsync(string folder, CancellationToken cancellationToken)
    {
        var sizes = new List<long>();
        await foreach (var path in objects.ListAsync(folder + CheckpointFile.Folder, cancellationToken))
        {
            if (CheckpointFile.SizeOf(path) is { } size)
                sizes.Add(size);
        }
        sizes.Sort();
        return sizes;
    }

    /// <summary>How many entries of what was given out are those of the store, as far as what is there can show.</summary>
    private async ValueTask<long> AgreedAsync(string folder, List<long> sizes, CancellationToken cancellationToken)
    {
        // Two logs that are the same up to a size are so up to every smaller one.
        var (low, high) = (0, sizes.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (await IsOfStoreAsync(await CheckpointAsync(folder, sizes[middle], cancellationToken), cancellationToken))
                low = middle + 1;
            else
                high = middle;
        }
        var agreed = low == 0 ? 0 : sizes[low - 1];
        return low == sizes.Count ? agreed : await ExtendAsync(folder, agreed, sizes[low], cancellationToken);
    }

    private async ValueTask<bool> IsOfStoreAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        if (checkpoint.Size > head.Range.Size)
            return false;
        var nodes = await proofs.NodesAsync(head.Tenant, [checkpoint.Size], cancellationToken);
        return MerkleTree.Root(nodes, checkpoint.Size) == checkpoint.Root;
    }

    /// <summary>Goes on entry by entry where the place has hash tiles; checkpoints alone leave it at the last one that agrees.</summary>
    private async ValueTask<long> ExtendAsync(string folder, long from, long to, CancellationToken cancellationToken)
    {
        var agreed = from;
        while (agreed < Math.Min(to, head.Range.Size))
        {
            var path = TileLayout.Holding(0, agreed, to);
            if (
                await objects.ReadAsync(folder + path, cancellationToken) is not { } bytes
                || !HashTile.TryRead(bytes, path.Width, out var given)
            )
                return agreed;
            var first = path.Index * TilePath.FullWidth;
            var kept = await store.LeafHashesAsync(head.Tenant, first, given.Length, cancellationToken);
            var same = given.AsSpan().CommonPrefixLength([.. kept]);
            agreed = Math.Max(agreed, first + same);
            if (same < given.Length)
                return agreed;
        }
        return agreed;
    }

    private async ValueTask<Checkpoint> CheckpointAsync(string folder, long size, CancellationToken cancellationToken)
    {
        var path = folder + CheckpointFile.PathOf(size);
        var bytes =
            await objects.ReadAsync(path, cancellationToken) ?? throw new LedgerAlarmException($"'{path}' disappeared meanwhile");
        var checkpoint = CheckpointFile.Read(bytes).Checkpoint;
        return checkpoint.Size == size ? checkpoint : throw new LedgerAlarmException($"'{path}' is of {checkpoint.Size} entries");
    }
}

/// <summary>What was found of a log in one place.</summary>
/// <param name="Newest">The newest checkpoint.</param>
/// <param name="Agreed">How many of its entries, from the first on, are known to be those of the store.</param>
internal sealed record FoundLog(Checkpoint Newest, long Agreed)
{
    /// <summary>Whether the store has all of it.</summary>
    public bool IsWhole => Agreed == Newest.Size;
}
