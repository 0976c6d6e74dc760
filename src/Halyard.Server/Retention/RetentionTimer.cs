using System.Globalization;
using Halyard.Core.Audit.Retention;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Server.Jobs;

namespace Halyard.Server.Retention;

/// <summary>
/// Starts archiving once a day for each tenant that wants it. Any number of servers may ask: the day is the idempotency key, so that
/// one of them starts the job.
/// </summary>
internal sealed partial class RetentionTimer(
    IStore store,
    ProjectReader reader,
    TimedJobs jobs,
    TimeProvider time,
    ILogger<RetentionTimer> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Starts what was not started today.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in await store.TenantsAsync(cancellationToken))
        {
            var found = await reader.FindAsync(tenant, LogRetention.Place, cancellationToken);
            if (found?.Resource is LogRetention { Policy.ArchiveAfterDays: not null })
                await StartAsync(tenant, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryRunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; whatever was not started today is started by another, or later.
        }
    }

    private async Task TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(cancellationToken);
        }
#pragma warning disable CA1031 // The store was away: it is said, and tried again.
        catch (Exception broken) when (broken is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            CannotStart(broken);
        }
    }

    private ValueTask StartAsync(string tenant, CancellationToken cancellationToken)
    {
        var day = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        const string Words = "the daily archive of the log";
        return jobs.StartAsync(tenant, "retention.run", ArchiveJob.Name, Words, $"retention/{day}", cancellationToken);
    }

    [LoggerMessage(LogLevel.Error, "The daily archive cannot be started; it is tried again in an hour.")]
    private partial void CannotStart(Exception broken);
}
