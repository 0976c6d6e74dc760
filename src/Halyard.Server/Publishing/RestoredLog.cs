using System.Globalization;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Effects;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Server.Publishing;

/// <summary>A log whose store was put back from a backup, and what was given out of it before.</summary>
internal sealed class RestoredLog(LogHead head, IStore store, ProofReader proofs, ChangeService changes, Entropy entropy)
{
    /// <summary>Looks in every place for what was given out.</summary>
    /// <exception cref="LedgerAlarmException">What is there is not of this log, or cannot be read.</exception>
    public async ValueTask<Restoration> FindAsync(IEnumerable<IObjectStore> places, CancellationToken cancellationToken)
    {
        var found = new List<FoundLog>();
        foreach (var objects in places)
            found.AddRange(await new GivenOut(head, objects, store, proofs).FindAsync(cancellationToken));
        var last = found.Select(each => each.Newest).MaxBy(newest => (LogName.Of(newest.Origin).Shard, newest.Size));
        var lost = found
            .GroupBy(each => each.Newest.Origin, StringComparer.Ordinal)
            .Where(log => log.Any(each => !each.IsWhole))
            .Select(LostOf)
            .OrderBy(each => LogName.Of(each.Log).Shard);
        return new Restoration(last, [.. lost]);
    }

    /// <summary>Records that the store was put back and lost nothing; gives the entry's index.</summary>
    public ValueTask<long> RecordAsync(string backup, Checkpoint? last, CancellationToken cancellationToken)
    {
        var details = new CanonicalWriter(512).StartObject();
        details.Name("from_backup").String(backup);
        details.Name("last_anchored");
        if (last is null)
        {
            details.Null();
        }
        else
        {
            details.StartObject().Name("log").String(last.Origin);
            details.Name("root").String(last.Root.ToString()).Name("size").Number(last.Size).EndObject();
        }
        var happened = new ChangeEvent(CommitEffect.OpenShard.Type, "the store was put back from a backup")
        {
            Details = details.EndObject().ToArray(),
        };
        return SubmitAsync(Change.Record(EffectRequest.OpenShard.Action, "", happened), cancellationToken);
    }

    /// <summary>Lets the log go on under the name of its next shard; gives the index of the entry that says so.</summary>
    public ValueTask<long> OpenShardAsync(string backup, Restoration found, CancellationToken cancellationToken)
    {
        // A name under which anything was given out is not used again.
        var next = Math.Max(head.Shard, LogName.Of(found.Last!.Origin).Shard) + 1;
        return SubmitAsync(
            Change.OpenShard(
                new EffectRequest.OpenShard(backup, found.Last, found.Lost, next),
                "the backup lacks entries that were given out"
            ),
            cancellationToken
        );
    }

    /// <summary>What one place cannot show another may.</summary>
    private static LostEntries LostOf(IEnumerable<FoundLog> places)
    {
        var found = places.ToList();
        var last = found.Where(each => !each.IsWhole).MaxBy(each => each.Newest.Size)!.Newest;
        var agreed = Math.Min(found.Max(each => each.Agreed), last.Size - 1);
        return new LostEntries(last.Origin, agreed, last.Size, last.Root);
    }

    private async ValueTask<long> SubmitAsync(Change change, CancellationToken cancellationToken)
    {
        var submission = new Submission(Actor.System(head.Tenant), RequestContext.Internal(entropy.NewId("q")), change);
        var result = await changes.SubmitAsync(submission, cancellationToken);
        return result.Error is null && result.Value is Outcome.Applied applied
            ? applied.Receipt.Index
            : throw new InvalidOperationException($"The restore cannot be recorded: {result.Error}");
    }
}

/// <summary>What was given out of a log before its store was put back.</summary>
/// <param name="Last">The newest checkpoint that was found, or <see langword="null"/>.</param>
/// <param name="Lost">What the store lacks of it, a range a shard; none where it has all.</param>
internal sealed record Restoration(Checkpoint? Last, IReadOnlyList<LostEntries> Lost)
{
    /// <summary>What is lost, in words.</summary>
    public string Words =>
        string.Join(
            "; ",
            Lost.Select(lost =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the log '{lost.Log}' was given out with {lost.To} entries, and the entries {lost.From} to {lost.To - 1} are lost"
                )
            )
        );
}
