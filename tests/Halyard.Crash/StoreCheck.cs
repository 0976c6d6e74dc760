using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;

namespace Halyard.Crash;

/// <summary>Proves of a file, after whatever happened to its writer, that it is whole.</summary>
internal sealed class StoreCheck(IStore store, PersonalVault vault)
{
    private const int Page = 500;

    /// <summary>Checks everything and returns the number of entries.</summary>
    /// <exception cref="InvalidDataException">Something acknowledged is lost, or log and state disagree.</exception>
    public async Task<long> RunAsync(IReadOnlyList<Acknowledgement> acknowledged)
    {
        var head = await store.HeadAsync(Workload.Tenant, default);
        var entries = await ReadLogAsync();
        var size = head?.Range.Size ?? 0;
        Require(entries.Count == size, $"the head says {size} entries, there are {entries.Count}");
        var roots = CheckTree(entries);
        Require(size == 0 || roots[^1] == head!.Range.Root, "the head's root is not that of the leaves");
        var hashes = await store.LeafHashesAsync(Workload.Tenant, 0, int.MaxValue, default);
        Require(
            hashes.SequenceEqual(entries.Select(entry => MerkleTree.HashLeaf(entry.Leaf))),
            "leaf hashes are not those of the leaves"
        );
        Require(await store.CountAsync(Workload.Tenant, new AuditQuery(), default) == size, "the audit index counts otherwise");

        var fold = new LedgerFold(BlobAsync);
        foreach (var entry in entries)
            await fold.AddAsync(entry);
        await CheckStateAsync(fold);
        await CheckAcknowledgedAsync(acknowledged, entries, roots);
        await CheckPrivatesAsync(entries);
        // The product's own comparison must come to the same end as this check.
        var difference = await new StoreDiff(store, vault).RunAsync(Workload.Tenant, progress: null, default);
        Require(difference is { IsComplete: true, Differences: [] }, string.Join("; ", difference.Differences));
        return size;
    }

    private async Task<List<FeedEntry>> ReadLogAsync()
    {
        var entries = new List<FeedEntry>();
        while (await store.FeedAsync(Workload.Tenant, entries.Count, Page, default) is { Count: > 0 } page)
            entries.AddRange(page);
        return entries;
    }

    private static List<Digest> CheckTree(List<FeedEntry> entries)
    {
        var roots = new List<Digest>(entries.Count);
        var range = CompactRange.Empty;
        foreach (var entry in entries)
        {
            using var leaf = JsonDocument.Parse(entry.Leaf);
            var index = leaf.RootElement.GetProperty("idx").GetInt64();
            Require(entry.Index == range.Size && index == range.Size, $"entry {range.Size} is missing: there is {entry.Index}");
            range = range.Append(MerkleTree.HashLeaf(entry.Leaf));
            roots.Add(range.Root);
        }
        return roots;
    }

    private async Task CheckStateAsync(LedgerFold fold)
    {
        var live = new Dictionary<ResourceName, StoredResource>();
        foreach (var kind in Enum.GetValues<ResourceKind>())
        {
            foreach (var project in new[] { string.Empty, Workload.Project })
            {
                foreach (var resource in await store.ListAsync(Workload.Tenant, kind, project, null, int.MaxValue, default))
                    live.Add(resource.Name, resource);
            }
        }
        foreach (var (name, (revision, document)) in fold.State)
        {
            Require(live.Remove(name, out var stored), $"{name} is in the log but not in the state");
            Require(stored!.Revision == revision, $"{name} has revision {stored.Revision}, the log says {revision}");
            Require(document.AsSpan().SequenceEqual(stored.Sealed ?? stored.Document), $"{name} is not what the log says");
            Require((await BlobAsync(Digest.Of(document))).AsSpan().SequenceEqual(document), $"the snapshot of {name} is wrong");
        }
        var commitments = fold
            .State.Values.SelectMany(item => PersonalValues.CommitmentsIn(item.Document))
            .ToHashSet(StringComparer.Ordinal);
        var values = await store.DocumentPrivatesAsync(Workload.Tenant, commitments, default);
        Require(values.Count == commitments.Count, "a private value of a document is lost");
        Require(
            (await vault.OpenStrictlyAsync(Workload.Tenant, values, default)).Count == values.Count,
            "the key of a private value in a document is lost"
        );
        Require(live.Count == 0, $"in the state but not in the log: {string.Join(", ", live.Keys)}");
    }

    private async Task CheckAcknowledgedAsync(
        IReadOnlyList<Acknowledgement> acknowledged,
        List<FeedEntry> entries,
        List<Digest> roots
    )
    {
        foreach (var told in acknowledged)
        {
            Require(told.Index < entries.Count, $"entry {told.Index} was acknowledged and is lost");
            Require(roots[(int)told.Index] == told.Root, $"entry {told.Index} was acknowledged with another root");
            var made = entries[(int)told.Index].Resources.Select(version => $"{version.Name}@{version.Revision}");
            Require(
                told.Revisions.Order(StringComparer.Ordinal).SequenceEqual(made.Order(StringComparer.Ordinal)),
                $"revisions of {told.Index}"
            );
            if (told.IdempotencyKey.Length == 0)
                continue;
            var answer = await store.FindAnswerAsync(
                Workload.Tenant,
                Workload.Credential,
                told.IdempotencyKey,
                TimeProvider.System.GetUtcNow(),
                default
            );
            Require(
                answer?.Receipt.Index == told.Index && answer.Receipt.Root == told.Root,
                $"answer '{told.IdempotencyKey}' is lost"
            );
        }
    }

    /// <summary>Each commitment of a leaf's reason and request has its value, and the value fits.</summary>
    private async Task CheckPrivatesAsync(List<FeedEntry> entries)
    {
        var kept = await store.EntryPrivatesAsync(Workload.Tenant, [.. entries.Select(entry => entry.Index)], default);
        var privates = await vault.OpenStrictlyAsync(Workload.Tenant, kept, default);
        Require(privates.Count == kept.Count, "the key of a private value is lost");
        var byCommitment = privates.ToDictionary(value => value.Commitment, StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            using var leaf = JsonDocument.Parse(entry.Leaf);
            JsonElement[] fields =
            [
                leaf.RootElement.GetProperty("why").GetProperty("reason"),
                leaf.RootElement.GetProperty("req").GetProperty("ip"),
                leaf.RootElement.GetProperty("req").GetProperty("ua"),
            ];
            foreach (var field in fields.Where(field => field.ValueKind == JsonValueKind.Object))
            {
                Require(
                    byCommitment.Remove(field.GetProperty("$c").GetString()!, out var value),
                    $"a private value of {entry.Index} is lost"
                );
                var again = Commitment.Compute(value!.Key, value.Pointer, System.Text.Encoding.UTF8.GetBytes(value.Value));
                Require(again == value.Commitment, $"a private value of {entry.Index} is another");
            }
        }
        Require(byCommitment.Count == 0, "there are private values without an entry");
    }

    private async Task<byte[]> BlobAsync(Digest digest)
    {
        var found = await store.BlobsAsync(Workload.Tenant, [digest], default);
        return found.TryGetValue(digest, out var content)
            ? content
            : throw new InvalidDataException($"The blob {digest}, which the log names, is lost.");
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
            throw new InvalidDataException($"The file is not whole: {what}.");
    }
}
