using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Storage.DynamoDb.Reading;

namespace Halyard.Storage.DynamoDb.Writing;

/// <summary>What a batch decided, as the actions of one transaction and what has to be there before it.</summary>
internal sealed class BatchItems
{
    /// <summary>A transaction has at most 4 MB; some of it is names and numbers.</summary>
    private const long MaxBytes = 3_500_000;

    private BatchItems(
        List<WriteAction> actions,
        List<Item> before,
        List<(Segment Segment, IReadOnlyList<LogRecord> Records)> segments,
        long lastErasure
    ) => (Actions, Before, Segments, LastErasure) = (actions, before, segments, lastErasure);

    /// <summary>All or nothing.</summary>
    public List<WriteAction> Actions { get; }

    /// <summary>Blobs that do not fit the transaction. They are found by digest alone, so that what nothing names does no harm.</summary>
    public List<Item> Before { get; }

    /// <summary>The entries, as the log goes on with them.</summary>
    public List<(Segment Segment, IReadOnlyList<LogRecord> Records)> Segments { get; }

    /// <summary>The last entry that erased somebody.</summary>
    public long LastErasure { get; }

    /// <summary>Why it is too much for one transaction, or <see langword="null"/> where it is not.</summary>
    public string? Excess { get; private init; }

    public static BatchItems Of(BatchPlan plan, TenantLog log, long lastErasure, Entropy entropy)
    {
        var head = plan.Head ?? throw new InvalidOperationException("There is nothing to write.");
        var actions = new List<WriteAction>();
        if (plan.Effect is CommitEffect.EraseSubjects erase)
        {
            lastErasure = plan.Entries[0].Entry.Index;
            actions.Add(new WriteAction.Put(Erasures.Write(plan.Tenant, lastErasure, erase.Subjects)));
        }
        // The one condition that serialises all who write to the tenant; those of revisions stand behind it as a second wall.
        actions.Add(
            new WriteAction.Put(log.WriteHead(head, lastErasure), Condition.Revision("size", plan.Base?.Range.Size ?? 0))
        );
        if (plan.Base is null)
            actions.Add(new WriteAction.Put(new Item(Keys.Tenant(plan.Tenant)).With("name", plan.Tenant)));
        var segments = Logs.Segments.Of(plan.Tenant, plan.Entries.ConvertAll(entry => SegmentEntry.Of(entry.Draft, entry.Entry)));
        actions.AddRange(
            segments.SelectMany(segment => segment.Items).Select(item => new WriteAction.Put(item, Condition.Absent))
        );
        AddResources(plan, actions);
        actions.AddRange(
            plan.Fences.Select(fence => new WriteAction.Put(FenceItems.Write(plan.Tenant, fence.Name, fence.Value)))
        );
        actions.AddRange(
            plan.Answers.Select(answer => new WriteAction.Put(AnswerItems.Write(plan.Tenant, answer.Answer, answer.Receipt)))
        );
        actions.AddRange(plan.Timers.Select(timer => TimerItems.Write(plan.Tenant, timer, entropy)));

        var bytes = actions.Sum(action => action.Size);
        var before = new List<Item>();
        foreach (var item in Blobs(plan))
        {
            var put = new WriteAction.Put(item);
            if (actions.Count < Table.MaxActions && bytes + put.Size <= MaxBytes)
            {
                actions.Add(put);
                bytes += put.Size;
            }
            else
                before.Add(item);
        }
        return new BatchItems(actions, before, segments.ConvertAll(made => (made.Segment, made.Records)), lastErasure)
        {
            Excess =
                actions.Count > Table.MaxActions ? $"{actions.Count} items, and {Table.MaxActions} are the most"
                : bytes > MaxBytes ? $"{bytes} bytes, and {MaxBytes} are the most"
                : null,
        };
    }

    private static void AddResources(BatchPlan plan, List<WriteAction> actions)
    {
        foreach (var (put, created, updated) in plan.Puts)
        {
            var before = plan.Before(put.Name);
            var items = ResourceItems.Write(plan.Tenant, put, created, updated);
            actions.Add(new WriteAction.Put(items[0], Condition.Revision(ResourceItems.Revision, before?.Revision ?? 0)));
            actions.AddRange(items.Skip(1).Select(part => new WriteAction.Put(part)));
            AddUnusedParts(plan.Tenant, put.Name, items.Count - 1, before, actions);
        }
        foreach (var name in plan.Deletes)
        {
            var before = plan.Before(name);
            // What one commit of the batch created and another deleted was never there.
            if (before is null)
                continue;
            actions.Add(
                new WriteAction.Delete(Keys.Resource(plan.Tenant, name), Condition.Is(ResourceItems.Revision, before.Revision))
            );
            AddUnusedParts(plan.Tenant, name, 0, before, actions);
        }
    }

    private static void AddUnusedParts(
        string tenant,
        Core.Flags.ResourceName name,
        int used,
        LiveResource? before,
        List<WriteAction> actions
    )
    {
        for (var part = used; part < (before?.Parts ?? 0); part++)
            actions.Add(new WriteAction.Delete(Keys.ResourcePart(tenant, name, part)));
    }

    private static IEnumerable<Item> Blobs(BatchPlan plan) =>
        plan
            .Entries.SelectMany(entry => entry.Draft.Blobs)
            .DistinctBy(blob => blob.Digest)
            .SelectMany(blob => BlobItems.Write(plan.Tenant, blob));
}
