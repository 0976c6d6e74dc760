using Halyard.Core.Audit;
using Halyard.Core.Audit.Holds;
using Halyard.Core.Audit.Retention;
using Halyard.Core.Audit.Sinks;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Effects;

/// <summary>Finds which entries of a log may be purged now.</summary>
public sealed class PurgeLimits(IStore store, TimeProvider time)
{
    /// <summary>The oldest entries, in whole bundles, that are archived, old enough by every setting, and not held; a bounded number.</summary>
    public async ValueTask<PurgeLimit> FindAsync(string tenant, CancellationToken cancellationToken)
    {
        var head = await store.HeadAsync(tenant, cancellationToken);
        var from = head?.Minimum ?? 0;
        var slice = await store.LoadAsync(tenant, [LogRetention.Place], [], cancellationToken);
        var policy = slice.Resources.TryGetValue(LogRetention.Place, out var stored)
            ? ((LogRetention)ResourceDocuments.Read(stored.Name, stored.Document)).Policy
            : RetentionPolicy.KeepForEver;
        var holds = await HoldsAsync(tenant, cancellationToken);
        if (head is null || policy.RetentionDays is not { } days)
            return new PurgeLimit(from, from, "they are kept for ever", holds);

        var now = time.GetUtcNow();
        var archived = await ArchiveMark.ReadAsync(store, tenant, cancellationToken);
        var limit = new Limit(from, Math.Min(head.Range.Size, from + CommitEffect.PurgeEntries.MaxEntries));
        limit.Lower(archived, $"{archived} are archived");
        limit.Lower(
            await FirstAfterAsync(tenant, now.AddDays(-days), limit, cancellationToken),
            $"they are kept for {days} days"
        );
        foreach (var minimum in policy.MinimumDays)
        {
            var young = await FirstAfterAsync(tenant, now.AddDays(-minimum.Days), limit, cancellationToken);
            var first = await FirstOfAsync(tenant, minimum.Prefix, young, limit, cancellationToken);
            limit.Lower(first, $"'{minimum.Prefix}' is kept for {minimum.Days} days");
        }
        foreach (var sink in await SinksAsync(tenant, cancellationToken))
        {
            limit.Lower(
                await SinkCursor.NextAsync(store, tenant, sink, cancellationToken),
                $"sink '{sink.Key}' has not delivered them"
            );
        }
        foreach (var hold in holds.Where(hold => hold.Range is { } range && range.To > from))
            limit.Lower(hold.Range!.Value.From, $"hold '{hold.Key}' stands");
        // Bundles are objects that never change: the last that may not go as a whole stays as a whole.
        var below = Math.Max(from, limit.Below - (limit.Below % TilePath.FullWidth));
        return new PurgeLimit(from, below, limit.Reason, holds);
    }

    /// <summary>The first entry within the limit that is younger than a time; a log's time never goes back.</summary>
    private async ValueTask<long> FirstAfterAsync(
        string tenant,
        DateTimeOffset at,
        Limit limit,
        CancellationToken cancellationToken
    )
    {
        var (low, high) = (limit.From, limit.Below);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (await store.EntryAsync(tenant, middle, cancellationToken) is { } entry && entry.At <= at)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>The first entry of some types from an index on within the limit, or the limit.</summary>
    private async ValueTask<long> FirstOfAsync(
        string tenant,
        string prefix,
        long from,
        Limit limit,
        CancellationToken cancellationToken
    )
    {
        var first = limit.Below;
        List<string> types = [.. Catalogue.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
        if (types.Count == 0)
            return first;
        while (from < first)
        {
            var query = new AuditQuery
            {
                Actions = types,
                Since = from,
                Before = first,
                Limit = AuditQuery.MaxLimit,
            };
            var page = await store.QueryAsync(tenant, query, cancellationToken);
            if (page.Count > 0)
                first = page[^1].Index;
            if (page.Count < query.Limit)
                break;
        }
        return first;
    }

    private async ValueTask<List<Hold>> HoldsAsync(string tenant, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.Hold, "", found, cancellationToken);
        return [.. found.Values.Select(stored => (Hold)ResourceDocuments.Read(stored.Name, stored.Document))];
    }

    /// <summary>Those that deliver: one that is switched off waits for nothing.</summary>
    private async ValueTask<IEnumerable<Sink>> SinksAsync(string tenant, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.Sink, "", found, cancellationToken);
        return found
            .Values.Select(stored => (Sink)ResourceDocuments.Read(stored.Name, stored.Document))
            .Where(sink => sink.Settings.Enabled);
    }

    private sealed class Limit(long from, long below)
    {
        public long From => from;

        public long Below { get; private set; } = below;

        public string Reason { get; private set; } = "it is done in steps";

        public void Lower(long to, string reason)
        {
            if (to < Below)
                (Below, Reason) = (Math.Max(from, to), reason);
        }
    }
}

/// <summary>Which entries of a log may be purged.</summary>
/// <param name="From">The first that is there.</param>
/// <param name="Below">The first that must stay; where it is <paramref name="From"/>, none may be purged.</param>
/// <param name="Reason">Why that one must stay, in words.</param>
/// <param name="Holds">The holds that stand, of every kind.</param>
public sealed record PurgeLimit(long From, long Below, string Reason, IReadOnlyList<Hold> Holds);
