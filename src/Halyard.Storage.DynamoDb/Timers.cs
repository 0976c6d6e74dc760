using Halyard.Core;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb;

/// <summary>
/// Timers that are due, found through an index by when they can be taken and taken by a conditional write each. The index may lag behind
/// the table: a timer is then seen a moment later, or its write is refused.
/// </summary>
internal sealed class Timers(Table table, Entropy entropy)
{
    public const string IndexPartition = Table.DueIndex + "PK";
    public const string IndexSort = Table.DueIndex + "SK";

    /// <summary>Greater than the time of any timer.</summary>
    private static readonly string Ever = Keys.Index(long.MaxValue);

    public async ValueTask<DateTimeOffset?> NextAsync(CancellationToken cancellationToken)
    {
        var first = await Task.WhenAll(
            TimerItems.Buckets.Select(bucket =>
                table.QueryIndexAsync(Table.DueIndex, bucket, Ever, 1, cancellationToken).AsTask()
            )
        );
        return first.SelectMany(items => items).Min(item => (DateTimeOffset?)item.Time(TimerItems.Ready));
    }

    public async ValueTask<IReadOnlyList<TakenTimer>> TakeAsync(
        DateTimeOffset now,
        int limit,
        TimeSpan lease,
        CancellationToken cancellationToken
    )
    {
        var until = Keys.Index(Instants.Micros(now));
        var due = await Task.WhenAll(
            TimerItems.Buckets.Select(bucket =>
                table.QueryIndexAsync(Table.DueIndex, bucket, until, int.MaxValue, cancellationToken).AsTask()
            )
        );
        var waiting = due.SelectMany(items => items)
            .OrderBy(item => item.Time(TimerItems.Due))
            .ThenBy(item => item.Text(TimerItems.Tenant), StringComparer.Ordinal)
            .ThenBy(item => item.Text(TimerItems.Id), StringComparer.Ordinal)
            .ToList();
        var taken = new List<TakenTimer>();
        if (waiting.Count == 0)
            return taken;
        var most = Math.Min(limit, waiting.Count);
        var fence = await FencesAsync(most, cancellationToken);
        foreach (var item in waiting)
        {
            if (taken.Count == most)
                break;
            var held = TimerItems.Take(item, Instants.Ceiling(now + lease), fence + 1, entropy);
            if (!await table.PutAsync(held, Condition.Is(TimerItems.Stamp, item.Text(TimerItems.Stamp)), cancellationToken))
            {
                // Ours all the same where an answer was lost.
                var there = await table.GetAsync(held.Key, cancellationToken);
                if (there?.Text(TimerItems.Stamp) != held.Text(TimerItems.Stamp))
                    continue;
            }
            fence++;
            taken.Add(TimerItems.Read(held));
        }
        return taken;
    }

    public async ValueTask<bool> FinishAsync(TakenTimer taken, CancellationToken cancellationToken)
    {
        // In two steps, so that a lost answer can be told from another's timer: what is finished is in no index.
        var key = Keys.Timer(taken.Tenant, taken.Timer.Id);
        var finished = new Item(key).With(TimerItems.Stamp, TimerItems.NewStamp(entropy));
        var stamp = finished.Text(TimerItems.Stamp);
        if (
            !await table.PutAsync(finished, Condition.Is(TimerItems.Fence, taken.Fence), cancellationToken)
            && (await table.GetAsync(key, cancellationToken))?.Text(TimerItems.Stamp) != stamp
        )
            return false;
        await table.DeleteAsync(key, Condition.Is(TimerItems.Stamp, stamp), cancellationToken);
        return true;
    }

    /// <summary>So many fences after the one that is returned, for whoever asks alone.</summary>
    private async ValueTask<long> FencesAsync(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            var last = (await table.GetAsync(Keys.TimerFence, cancellationToken))?.Number(TimerItems.Fence) ?? 0;
            var next = TimerItems.LastFence(last + count, entropy);
            if (
                await table.PutAsync(next, Condition.Revision(TimerItems.Fence, last), cancellationToken)
                || (await table.GetAsync(Keys.TimerFence, cancellationToken))?.Text(TimerItems.Stamp)
                    == next.Text(TimerItems.Stamp)
            )
                return last;
        }
    }
}

/// <summary>Timers as items.</summary>
internal static class TimerItems
{
    public const string Tenant = "tenant";
    public const string Id = "id";
    public const string Due = "due";
    public const string Ready = "ready";
    public const string Fence = "fence";

    /// <summary>Another each time that the item is written: what was read through the index must be what is there.</summary>
    public const string Stamp = "stamp";

    // So many that their partitions together take what many tenants set at one moment.
    private const int BucketCount = 4;

    public static IReadOnlyList<string> Buckets { get; } =
    [.. Enumerable.Range(0, BucketCount).Select(bucket => $"TIMER#{bucket}")];

    public static WriteAction Write(string tenant, TimerWrite write, Entropy entropy) =>
        write switch
        {
            TimerWrite.Set set => new WriteAction.Put(Write(tenant, set.Timer, entropy)),
            TimerWrite.Clear clear => new WriteAction.Delete(Keys.Timer(tenant, clear.Id)),
            _ => throw new InvalidOperationException($"A timer is written in an unknown way: {write}."),
        };

    /// <summary>The item as whoever takes it writes it.</summary>
    public static Item Take(Item item, DateTimeOffset until, long fence, Entropy entropy) =>
        ReadyAt(item.Copy(), until).With(Fence, fence).With(Stamp, NewStamp(entropy));

    public static TakenTimer Read(Item item) =>
        new(
            item.Text(Tenant),
            new DurableTimer(
                item.Text(Id),
                item.Time(Due),
                item.Text("kind"),
                new ResourceName(
                    ResourceKinds.Parse(item.Text("resourceKind"))
                        ?? throw new IOException($"The table holds a timer of unknown kind '{item.Text("resourceKind")}'."),
                    item.Text("resourceProject"),
                    item.Text("resourceKey")
                ),
                item.Number("attempt")
            ),
            item.Time(Ready),
            item.Number(Fence)
        );

    /// <summary>The item of a timer that somebody may have taken.</summary>
    public static Item Write(TakenTimer taken, Entropy entropy) =>
        ReadyAt(Write(taken.Tenant, taken.Timer, entropy), taken.Until).With(Fence, taken.Fence);

    private static Item Write(string tenant, DurableTimer timer, Entropy entropy)
    {
        // Rounded up, so that none is taken before its time.
        var due = Instants.Ceiling(timer.DueAt);
        var item = new Item(Keys.Timer(tenant, timer.Id))
            .With(Tenant, tenant)
            .With(Id, timer.Id)
            .With(Due, due)
            .With("kind", timer.Kind)
            .With("resourceKind", timer.Resource.Kind.Name())
            .With("resourceProject", timer.Resource.Project)
            .With("resourceKey", timer.Resource.Key)
            .With("attempt", timer.Attempt)
            // Whoever had the one before has no fence any more.
            .With(Fence, 0)
            .With(Stamp, NewStamp(entropy))
            .With(Timers.IndexPartition, BucketOf(tenant, timer.Id));
        return ReadyAt(item, due);
    }

    private static Item ReadyAt(Item item, DateTimeOffset ready) =>
        item.With(Ready, ready).With(Timers.IndexSort, Keys.Index(Instants.Micros(ready)));

    /// <summary>The last fence that somebody got.</summary>
    public static Item LastFence(long value, Entropy entropy) =>
        new Item(Keys.TimerFence).With(Fence, value).With(Stamp, NewStamp(entropy));

    public static string NewStamp(Entropy entropy) => Convert.ToHexStringLower(entropy.Bytes(16));

    private static string BucketOf(string tenant, string id)
    {
        var hash = 0u;
        foreach (var letter in $"{tenant}/{id}")
            hash = (hash * 31) + letter;
        return Buckets[(int)(hash % BucketCount)];
    }
}
