using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Core.Reading.Exporting;

/// <summary>Reads the entries of an export from the log, in the log's order, a page at a time.</summary>
public sealed class ExportReader(IStore store, ProofReader proofs)
{
    /// <summary>How many indexes a page spans.</summary>
    public const int PageSize = 256;

    /// <summary>The proofs for a plan; <see langword="null"/> where its format has none.</summary>
    /// <exception cref="InvalidDataException">The log is smaller than the plan says.</exception>
    public async ValueTask<TreeProofs?> ProofsAsync(string tenant, ExportPlan plan, CancellationToken cancellationToken) =>
        EntryFormats.Of(plan).NeedsProofs
            ? await proofs.OpenAsync(tenant, plan.Size, cancellationToken)
                ?? throw new InvalidDataException($"The log has fewer than {plan.Size} entries.")
            : null;

    /// <summary>The root of the log's tree at a size that it has reached.</summary>
    public async ValueTask<Digest> RootAsync(string tenant, long size, CancellationToken cancellationToken) =>
        MerkleTree.Root(await proofs.NodesAsync(tenant, [size], cancellationToken), size);

    /// <summary>
    /// The plan's entries with indexes from <paramref name="from"/> on, of the next <see cref="PageSize"/>; <see langword="null"/> where
    /// they were purged meanwhile.
    /// </summary>
    public async ValueTask<IReadOnlyList<ExportedEntry>?> PageAsync(
        string tenant,
        ExportPlan plan,
        TreeProofs? tree,
        long from,
        CancellationToken cancellationToken
    )
    {
        var query = plan.Filter with { Since = from, Before = Math.Min(from + PageSize, plan.To), Limit = PageSize };
        var found = await store.QueryAsync(tenant, query, cancellationToken);
        // Read after the entries: what was there before the purge was read whole.
        if ((await store.HeadAsync(tenant, cancellationToken))?.Minimum > from)
            return null;
        var entries = found.Reverse().Select(entry => (Entry: entry, Leaf: Parse(entry))).ToList();
        var blobs = await LeafLists.BlobsAsync(store, tenant, entries.Select(item => item.Leaf), cancellationToken);
        var page = new List<ExportedEntry>(entries.Count);
        foreach (var (entry, leaf) in entries)
        {
            page.Add(
                new ExportedEntry(
                    entry,
                    leaf,
                    LeafLists.Summary(leaf, blobs),
                    LeafLists.Environments(leaf, blobs),
                    tree is null ? [] : await tree.ProveAsync(entry.Index, cancellationToken)
                )
            );
        }
        return page;
    }

    private static JsonElement Parse(LogEntry entry)
    {
        using var parsed = JsonDocument.Parse(entry.Leaf);
        return parsed.RootElement.Clone();
    }
}
