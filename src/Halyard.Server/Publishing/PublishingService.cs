using Halyard.Core.Storage;
using Halyard.Server.Hosting;
using Halyard.Server.Publishing.Anchoring;
using Halyard.Server.Publishing.Signing;

namespace Halyard.Server.Publishing;

/// <summary>
/// Publishes every log at an interval. Nothing here is waited for by a change: while it fails, changes go on, the lag grows, and the
/// status says so.
/// </summary>
internal sealed partial class PublishingService(
    IStore store,
    LogPublisher publisher,
    KeyRecorder keys,
    ISigner signer,
    AnchorSignal anchors,
    LedgerStatus status,
    AlarmRecorder alarms,
    PublishingOptions options,
    TimeProvider time,
    ILogger<PublishingService> logger
) : BackgroundService
{
    private const string Place = "publishing";

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once every log was tried to be published.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Tells the operator the public keys, and each log which of them signs it, before the first request.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var key in await signer.KeysAsync(cancellationToken))
                Console.WriteLine($"Signing key: {key}");
            foreach (var tenant in await store.TenantsAsync(cancellationToken))
                await keys.RecordAsync(tenant, cancellationToken);
        }
        catch (Exception away)
            when (away is HttpRequestException
                || (away is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            // A signer of its own may start or answer later; every round asks again.
            CannotPublish(away, "*");
        }
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host goes on starting meanwhile.
        await Task.Yield();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Anchoring.IntervalSeconds), time);
        try
        {
            do
            {
                await PublishAllAsync(stoppingToken);
                _ready.TrySetResult();
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not published yet is published by the next start.
        }
    }

    /// <summary>Publishes one log now, for whoever wants a checkpoint; where that fails it is as if nobody had asked.</summary>
    public async ValueTask PublishNowAsync(string tenant, CancellationToken cancellationToken)
    {
        await PublishAsync(tenant, cancellationToken);
        anchors.Publish();
    }

    /// <summary>Publishes every log that has something new.</summary>
    internal async Task PublishAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var tenant in await store.TenantsAsync(cancellationToken))
                await PublishAsync(tenant, cancellationToken);
        }
#pragma warning disable CA1031 // Publishing must not end because the store was away: it is said, and tried again.
        catch (Exception broken) when (broken is not OperationCanceledException)
#pragma warning restore CA1031
        {
            CannotPublish(broken, "*");
        }
        anchors.Publish();
    }

    private async ValueTask PublishAsync(string tenant, CancellationToken cancellationToken)
    {
        try
        {
            if (await publisher.PublishAsync(tenant, cancellationToken))
                alarms.Over(tenant, Place);
        }
        catch (LedgerAlarmException alarm)
        {
            if (status.Failed(tenant, alarm))
                Alarm(tenant, alarm.Message);
            await alarms.RaiseAsync(tenant, Place, alarm, cancellationToken);
        }
#pragma warning disable CA1031 // One log's trouble is not the others': it is said, and tried again.
        catch (Exception broken) when (broken is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (status.Failed(tenant, broken))
                CannotPublish(broken, tenant);
        }
    }

    [LoggerMessage(LogLevel.Critical, "The ledger of tenant {Tenant} is not published any further: {Contradiction}.")]
    private partial void Alarm(string tenant, string contradiction);

    [LoggerMessage(LogLevel.Error, "The ledger of tenant {Tenant} could not be published; it is tried again.")]
    private partial void CannotPublish(Exception broken, string tenant);
}
