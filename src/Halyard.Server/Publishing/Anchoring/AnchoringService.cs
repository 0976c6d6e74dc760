using Halyard.Core.Storage;
using Halyard.Server.Hosting;

namespace Halyard.Server.Publishing.Anchoring;

/// <summary>Keeps every anchor up with what is published, each on its own: a slow or broken one delays none of the others.</summary>
internal sealed partial class AnchoringService(
    IStore store,
    PublishedObjects published,
    Anchors anchors,
    AnchorSignal signal,
    LedgerStatus status,
    AlarmRecorder alarms,
    PublishingOptions options,
    TimeProvider time,
    ILogger<AnchoringService> logger
) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await Task.WhenAll(anchors.All.Select(anchor => FollowAsync(anchor, stoppingToken)));
    }

    /// <summary>Hands every log's checkpoints to one anchor.</summary>
    internal async Task CatchUpAsync(IAnchor anchor, CancellationToken cancellationToken)
    {
        foreach (var tenant in await store.TenantsAsync(cancellationToken))
        {
            try
            {
                var size = await CatchUpAsync(tenant, anchor, cancellationToken);
                // Before the first checkpoint there is nothing that could have succeeded.
                if (size > 0)
                    status.Anchored(tenant, anchor.Name, size);
                alarms.Over(tenant, PlaceOf(anchor));
            }
            catch (LedgerAlarmException alarm)
            {
                if (status.AnchoringFailed(tenant, anchor.Name, alarm))
                    Alarm(tenant, anchor.Name, alarm.Message);
                await alarms.RaiseAsync(tenant, PlaceOf(anchor), alarm, cancellationToken);
            }
#pragma warning disable CA1031 // An anchor that is away is tried again; the lag is visible.
            catch (Exception broken) when (broken is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (status.AnchoringFailed(tenant, anchor.Name, broken))
                    CannotAnchor(broken, tenant, anchor.Name);
            }
        }
    }

    /// <summary>Earlier shards too: what was published of them may not all be anchored. Gives how far the present one is.</summary>
    private async ValueTask<long> CatchUpAsync(string tenant, IAnchor anchor, CancellationToken cancellationToken)
    {
        var shards = (await store.HeadAsync(tenant, cancellationToken))?.Shard ?? 1;
        for (var shard = 1; shard < shards; shard++)
            await new LogAnchor(tenant, shard, anchor, store, published.Objects).CatchUpAsync(_ => { }, cancellationToken);
        return await new LogAnchor(tenant, shards, anchor, store, published.Objects).CatchUpAsync(
            size => status.Anchored(tenant, anchor.Name, size),
            cancellationToken
        );
    }

    private static string PlaceOf(IAnchor anchor) => $"anchor '{anchor.Name}'";

    private async Task FollowAsync(IAnchor anchor, CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromSeconds(options.Anchoring.IntervalSeconds);
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = signal.Next;
            try
            {
                await CatchUpAsync(anchor, stoppingToken);
            }
#pragma warning disable CA1031 // The store was away: it is said, and tried again.
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                CannotAnchor(broken, "*", anchor.Name);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(next, Task.Delay(interval, time, waiting.Token));
            await waiting.CancelAsync();
        }
    }

    [LoggerMessage(
        LogLevel.Critical,
        "The ledger of tenant {Tenant} is not anchored at '{Anchor}' any further: {Contradiction}."
    )]
    private partial void Alarm(string tenant, string anchor, string contradiction);

    [LoggerMessage(LogLevel.Warning, "A checkpoint of tenant {Tenant} could not be anchored at '{Anchor}'; it is tried again.")]
    private partial void CannotAnchor(Exception broken, string tenant, string anchor);
}

/// <summary>The anchors that are configured.</summary>
/// <param name="All">Each with a name of its own.</param>
internal sealed record Anchors(IReadOnlyList<IAnchor> All);
