using Halyard.Core;
using Halyard.Core.Audit.Sinks;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;

namespace Halyard.Server.Delivery;

/// <summary>
/// Keeps one worker for each sink that is switched on, of every tenant. Follows the log by looking, never in the way of whoever
/// writes: no change waits for a sink.
/// </summary>
internal sealed partial class SinkDispatcher(
    IStore store,
    SinkTargets targets,
    SinkMarks marks,
    DeadLetters deadLetters,
    DeliveryMeter meter,
    TimeProvider time,
    Entropy entropy,
    ILogger<SinkDispatcher> logger
) : BackgroundService
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan AfterBreak = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(2);

    private readonly string _node = entropy.NewId("node");
    private readonly Dictionary<(string Tenant, string Id), Running> _running = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // Whatever broke, the workers there are go on, and the sinks are looked up again.
            catch (Exception broken)
#pragma warning restore CA1031
            {
                CannotRefresh(broken);
            }
            await Task.Delay(SinkWorker.Poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        foreach (var key in _running.Keys.ToList())
            await StopWorkerAsync(key);
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var wanted = new Dictionary<(string Tenant, string Id), Sink>();
        foreach (var tenant in await store.TenantsAsync(cancellationToken))
        {
            foreach (var sink in await SinksAsync(tenant, cancellationToken))
            {
                if (sink.Settings.Enabled)
                    wanted[(tenant, sink.Id)] = sink;
            }
        }
        foreach (var (key, running) in _running.ToList())
        {
            if (!wanted.TryGetValue(key, out var sink) || sink != running.Sink)
                await StopWorkerAsync(key);
        }
        foreach (var (key, sink) in wanted)
        {
            if (!_running.TryGetValue(key, out var running))
                _running[key] = running = Employ(key.Tenant, sink, cancellationToken);
            if (running.Worker.Next is { } next)
            {
                var lag = await SinkLag.OfAsync(store, key.Tenant, next, time.GetUtcNow(), cancellationToken);
                meter.Lags(key.Tenant, sink.Key, lag);
            }
        }
    }

    private async ValueTask<List<Sink>> SinksAsync(string tenant, CancellationToken cancellationToken)
    {
        var sinks = new List<Sink>();
        while (true)
        {
            var page = await store.ListAsync(
                tenant,
                ResourceKind.Sink,
                "",
                sinks.LastOrDefault()?.Key,
                PageSize,
                cancellationToken
            );
            sinks.AddRange(page.Select(stored => (Sink)ResourceDocuments.Read(stored.Name, stored.Document)));
            if (page.Count < PageSize)
                return sinks;
        }
    }

    private Running Employ(string tenant, Sink sink, CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // Disposed of where the worker is stopped.
        var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
#pragma warning restore CA2000
        var target = targets.Open(tenant, sink);
        var worker = new SinkWorker(tenant, sink, _node, target, store, marks, deadLetters, meter, time, entropy);
        return new Running(worker, sink, end, Task.Run(() => WorkAsync(tenant, sink, worker, end.Token), CancellationToken.None));
    }

    private async Task StopWorkerAsync((string Tenant, string Id) key)
    {
        var running = _running[key];
        await running.End.CancelAsync();
        await running.Work;
        running.End.Dispose();
        _running.Remove(key);
        meter.Forget(key.Tenant, running.Sink.Key);
    }

    private async Task WorkAsync(string tenant, Sink sink, SinkWorker worker, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var wait = AfterBreak;
            try
            {
                wait = await worker.StepAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // The store was away, or is damaged: the cursor stays, it is said, and tried again.
            catch (Exception broken)
#pragma warning restore CA1031
            {
                CannotDeliver(broken, tenant, sink.Key);
            }
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await ReleaseAsync(tenant, sink, worker);
    }

    private async Task ReleaseAsync(string tenant, Sink sink, SinkWorker worker)
    {
        using var patience = new CancellationTokenSource(LastPatience, time);
        try
        {
            await worker.ReleaseAsync(patience.Token);
        }
#pragma warning disable CA1031 // A lease that is not given back ends by itself.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            CannotRelease(broken, tenant, sink.Key);
        }
    }

    [LoggerMessage(LogLevel.Error, "Sinks cannot be looked up; those that are known go on.")]
    private partial void CannotRefresh(Exception broken);

    [LoggerMessage(LogLevel.Error, "{Tenant}: sink '{Sink}' cannot deliver; its cursor stays.")]
    private partial void CannotDeliver(Exception broken, string tenant, string sink);

    [LoggerMessage(LogLevel.Warning, "{Tenant}: the lease of sink '{Sink}' was not given back; it ends by itself.")]
    private partial void CannotRelease(Exception broken, string tenant, string sink);

    private sealed record Running(SinkWorker Worker, Sink Sink, CancellationTokenSource End, Task Work);
}
