using System.Globalization;
using System.Text.Json;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Effects;
using Halyard.Core.Storage;
using Halyard.Server.Delivery;
using Halyard.Server.Jobs;
using Halyard.Server.Publishing;

namespace Halyard.Server.Retention;

/// <summary>
/// Removes what is archived and old enough from the store, in steps that are each a change of their own, after it has read from the
/// archive once more what it is about to remove.
/// </summary>
internal sealed class PurgeJob(
    IStore store,
    PurgeLimits limits,
    LogArchive archive,
    SinkMarks sinks,
    ChangeService changes,
    Entropy entropy
) : IJobKind
{
    /// <summary>The kind's name.</summary>
    public const string Name = "purge";

    /// <inheritdoc/>
    public string Kind => Name;

    /// <inheritdoc/>
    public async ValueTask<JobEnd> RunAsync(Job job, CancellationToken cancellationToken)
    {
        if (!archive.Exists)
            return JobEnd.Failed("archive.unconfigured", "there is no archive: Halyard:Archive says where");
        try
        {
            return await PurgeAsync(job, cancellationToken);
        }
        catch (LedgerAlarmException alarm)
        {
            return JobEnd.Failed("archive.contradiction", alarm.Message);
        }
    }

    /// <summary>Nothing: each step is whole.</summary>
    public void Abandon(Job job) { }

    private async ValueTask<JobEnd> PurgeAsync(Job job, CancellationToken cancellationToken)
    {
        var purged = job.State.Done;
        while (true)
        {
            var limit = await limits.FindAsync(job.Tenant, cancellationToken);
            if (limit.Below == limit.From)
            {
                return new JobEnd(
                    JobStatus.Finished,
                    $"{purged} entries purged; those from {limit.From} on stay: {limit.Reason}",
                    Result: JsonSerializer.SerializeToElement(purged, ArchiveJson.Default.Int64)
                );
            }
            await archive.CompareAsync(job.Tenant, (limit.From, limit.Below), cancellationToken);
            if (await SubmitAsync(job, limit.Below, cancellationToken) is { } refused)
                return refused;
            await sinks.RemovePurgedAsync(job.Tenant, limit.Below, cancellationToken);
            purged += limit.Below - limit.From;
            var cursor = JsonSerializer.SerializeToElement(limit.Below, ArchiveJson.Default.Int64);
            await job.SaveAsync(purged, purged, cursor, cancellationToken);
        }
    }

    private async ValueTask<JobEnd?> SubmitAsync(Job job, long below, CancellationToken cancellationToken)
    {
        var submission = new Submission(
            Actor.System(job.Tenant) with
            {
                OnBehalfOf = job.State.Subject,
            },
            RequestContext.Internal(entropy.NewId("q")),
            Change.Purge(new EffectRequest.Purge(below), "the tenant's setting of retention")
        );
        var result = await changes.SubmitAsync(submission, cancellationToken);
        if (result.TryGet(out var outcome, out var error))
            return outcome is Outcome.Applied
                ? null
                : throw new InvalidOperationException($"The log cannot be purged: {outcome}");
        // A hold that was placed, or a setting that was changed, since the limit was found: the next look finds another.
        var head = await store.HeadAsync(job.Tenant, cancellationToken);
        var minimum = (head?.Minimum ?? 0).ToString(CultureInfo.InvariantCulture);
        return error switch
        {
            Error.Held held => JobEnd.Failed("held", $"purged below {minimum}; held by {string.Join(", ", held.Holds)}"),
            Error.NotReady notReady => JobEnd.Failed("not-ready", $"purged below {minimum}. {notReady.Reason}"),
            _ => throw new InvalidOperationException($"The log cannot be purged: {error}"),
        };
    }
}
