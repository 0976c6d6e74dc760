using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Writing;

/// <summary>What became of one commit of a batch: an outcome, or why it cannot be written.</summary>
internal sealed record Outcome(CommitResult? Result, Exception? Failure);

/// <summary>There is more in the batch than one transaction takes.</summary>
internal sealed class BatchTooLargeException(string excess)
    : InvalidOperationException($"What is to be committed at once has {excess} for one transaction of DynamoDB.");

/// <summary>
/// A batch of one tenant's commits as one transaction: the head and the state read, everything decided in memory, all of it written on
/// the condition that the head is still the one that was read. Where another server was faster, it is all done again. Where an answer
/// was lost, the log itself tells whether the batch took effect.
/// </summary>
internal sealed class BatchTransaction(Table table, TenantLog log, string tenant, Entropy entropy)
{
    /// <summary>What became of each commit, and whether anything was written.</summary>
    public async ValueTask<IReadOnlyList<Outcome>> RunAsync(IReadOnlyList<Commit> commits)
    {
        var cancellationToken = CancellationToken.None;
        (BatchPlan Plan, IReadOnlyList<Outcome> Outcomes, long LastErasure)? unknown = null;
        // What this server knows is nearly always all there is; the condition finds out where it is not.
        for (var isFresh = false; ; isFresh = true)
        {
            if (isFresh || log.Index.Head is null)
                await log.RefreshAsync(cancellationToken);
            if (unknown is { } before && await IsInLogAsync(before.Plan, cancellationToken))
                return before.Outcomes;
            unknown = null;
            var (head, folded) = log.Index.Ask(view => (view.Head, view.Folded));
            var state = await LogState.LoadAsync(table, tenant, head, folded, commits, cancellationToken);
            if (Plan(state, folded, commits) is not { } planned)
                continue;
            if (planned.Plan.Head is null)
            {
                // Nothing protects what is not written: it counts if nobody wrote while it was read.
                var now = await log.RefreshAsync(cancellationToken);
                if ((now?.Range.Size ?? 0) == (head?.Range.Size ?? 0))
                    return planned.Outcomes;
                continue;
            }
            unknown = planned;
            if (await WriteAsync(planned.Plan, planned.LastErasure, cancellationToken))
                return planned.Outcomes;
        }
    }

    /// <summary><see langword="null"/> where the log went on meanwhile, or entries went from memory into blocks.</summary>
    private (BatchPlan Plan, IReadOnlyList<Outcome> Outcomes, long LastErasure)? Plan(
        LogState state,
        long folded,
        IReadOnlyList<Commit> commits
    ) =>
        log.Index.Ask<(BatchPlan, IReadOnlyList<Outcome>, long)?>(view =>
        {
            if (view.Size != (state.Head?.Range.Size ?? 0) || view.Folded != folded)
                return null;
            var plan = new BatchPlan(state, view);
            return (plan, [.. commits.Select(commit => Apply(plan, commit))], log.Index.LastErasure);
        });

    private static Outcome Apply(BatchPlan plan, Commit commit)
    {
        try
        {
            return new Outcome(plan.Apply(commit), null);
        }
        catch (IOException wrong)
        {
            // It changed nothing: the others of the batch go on without it.
            return new Outcome(null, wrong);
        }
    }

    /// <summary>All of a batch is, or nothing.</summary>
    private async ValueTask<bool> IsInLogAsync(BatchPlan plan, CancellationToken cancellationToken) =>
        await log.FindAsync(plan.Entries[0].Draft.Id, cancellationToken) == plan.Entries[0].Entry.Index;

    /// <summary>False where it did not take effect, or where nobody knows: the log does.</summary>
    private async ValueTask<bool> WriteAsync(BatchPlan plan, long lastErasure, CancellationToken cancellationToken)
    {
        var items = BatchItems.Of(plan, log, lastErasure, entropy);
        if (items.Excess is { } excess)
            throw new BatchTooLargeException(excess);
        await table.PutAsync(items.Before, cancellationToken);
        try
        {
            if (!await table.TransactAsync(items.Actions, cancellationToken))
                return false;
        }
        catch (IOException)
        {
            if (await IsInLogAsync(plan, cancellationToken))
                return true;
            throw;
        }
        IEnumerable<string> erased = plan.Effect is CommitEffect.EraseSubjects erase ? erase.Subjects : [];
        log.Append(items.Segments, erased, plan.Head!, items.LastErasure);
        return true;
    }
}
