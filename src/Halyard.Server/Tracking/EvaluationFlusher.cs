using Halyard.Core.Storage;
using Halyard.Server.Hosting;
using Halyard.Server.Snapshots;

namespace Halyard.Server.Tracking;

/// <summary>
/// Brings what was counted to the store, as additions, every few seconds and once more when the server stops. What cannot be
/// stored is kept and tried again; a crash loses what was counted since the last flush.
/// </summary>
internal sealed partial class EvaluationFlusher(
    SnapshotTable snapshots,
    IStore store,
    HalyardOptions options,
    TimeProvider time,
    ILogger<EvaluationFlusher> logger
) : BackgroundService
{
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    // By hour too, so that what waits for the store goes where it belongs.
    private readonly Dictionary<Cell, EvaluationCount> _waiting = [];

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = new CancellationTokenSource(LastPatience, time);
        await FlushAsync(patience.Token);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.TrackingFlushSeconds), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await FlushAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The last flush is in StopAsync.
        }
    }

    /// <summary>Stores everything counted so far; also what could not be stored before.</summary>
    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        Collect();
        foreach (var tenant in _waiting.GroupBy(count => count.Key.Tenant).ToList())
        {
            try
            {
                var deltas = tenant.GroupBy(count => count.Key.EnvironmentId).Select(Delta);
                await store.AddEvaluationsAsync(tenant.Key, [.. deltas], cancellationToken);
                foreach (var (key, _) in tenant)
                    _waiting.Remove(key);
            }
#pragma warning disable CA1031 // Counting must not end because the store was away: the counts wait, and it is said.
            catch (Exception broken) when (broken is not OperationCanceledException)
#pragma warning restore CA1031
            {
                CannotFlush(broken, tenant.Key);
            }
        }
    }

    private void Collect()
    {
        var now = time.GetUtcNow();
        foreach (var (tenant, environmentId, holder) in snapshots.All)
        {
            foreach (var (flag, variant, count) in holder.TakeCounts())
            {
                var cell = new Cell(tenant, environmentId, EvaluationHours.Of(now), flag, variant);
                var before = _waiting.TryGetValue(cell, out var waiting) ? waiting.Count : 0;
                _waiting[cell] = new EvaluationCount(flag, variant, before + count, now);
            }
        }
    }

    private static EvaluationDelta Delta(IGrouping<string, KeyValuePair<Cell, EvaluationCount>> environment) =>
        new(environment.Key, [.. environment.Select(count => count.Value)]);

    private readonly record struct Cell(string Tenant, string EnvironmentId, DateTimeOffset Hour, string Flag, string Variant);

    [LoggerMessage(LogLevel.Warning, "Evaluation counts of tenant {Tenant} could not be stored; they are kept and tried again.")]
    private partial void CannotFlush(Exception broken, string tenant);
}
