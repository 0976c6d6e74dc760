using System.Globalization;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Audit.Retention;
using Halyard.Core.Changes;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Server.Jobs;

namespace Halyard.Server.Retention;

/// <summary>
/// Starts archiving once a day for each tenant that wants it. Any number of servers may ask: the day is the idempotency key, so that
/// one of them starts the job.
/// </summary>
internal sealed partial class RetentionTimer(
    IStore store,
    ProjectReader reader,
    ChangeService changes,
    JobRunner runner,
    TimeProvider time,
    Entropy entropy,
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

    private async Task StartAsync(string tenant, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var day = now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var started = JobStarter.Started(entropy.NewUlid(now), ArchiveJob.Name, "{}"u8, "the daily archive of the log");
        var submission = new Submission(
            Actor.System(tenant),
            RequestContext.Internal(entropy.NewId("q")),
            Change.Record("retention.run", "", started),
            $"retention/{day}",
            Digest.Of("retention"u8)
        );
        var result = await changes.SubmitAsync(submission, cancellationToken);
        if (!result.TryGet(out var outcome, out var error) || outcome is not Outcome.Applied)
            throw new InvalidOperationException($"Archiving of tenant '{tenant}' cannot be started: {error ?? (object?)outcome}");
        runner.Wake();
    }

    [LoggerMessage(LogLevel.Error, "The daily archive cannot be started; it is tried again in an hour.")]
    private partial void CannotStart(Exception broken);
}
