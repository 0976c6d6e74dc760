using Halyard.Core.Storage;
using Halyard.Server.Hosting;
using Halyard.Server.Jobs;

namespace Halyard.Server.Checks;

/// <summary>Starts a check of every log every <see cref="HalyardOptions.CheckHours"/> hours.</summary>
internal sealed partial class DailyCheck(
    IStore store,
    TimedJobs jobs,
    HalyardOptions options,
    TimeProvider time,
    ILogger<DailyCheck> logger
) : BackgroundService
{
    /// <summary>Starts what was not started in this span of hours.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var span = time.GetUtcNow().ToUnixTimeSeconds() / (options.CheckHours * 3_600L);
        foreach (var tenant in await store.TenantsAsync(cancellationToken))
        {
            await jobs.StartAsync(
                tenant,
                CheckEndpoints.Action,
                CheckJob.Name,
                CheckEndpoints.Words,
                $"check/{span}",
                cancellationToken
            );
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.CheckHours == 0)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromHours(options.CheckHours), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryRunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; its next start begins to count anew.
        }
    }

    private async Task TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(cancellationToken);
        }
#pragma warning disable CA1031 // The store was away: it is said, and tried again at the next time; the server goes on.
        catch (Exception broken) when (broken is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            CannotStart(broken);
        }
    }

    [LoggerMessage(LogLevel.Error, "The check of the logs cannot be started; it is tried again at the next time.")]
    private partial void CannotStart(Exception broken);
}
