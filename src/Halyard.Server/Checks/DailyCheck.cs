using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Core.Storage;
using Halyard.Server.Hosting;
using Halyard.Server.Jobs;

namespace Halyard.Server.Checks;

/// <summary>Starts a check of every log every <see cref="HalyardOptions.CheckHours"/> hours, through the pipeline like everybody else.</summary>
internal sealed partial class DailyCheck(
    IStore store,
    ChangeService changes,
    JobRunner runner,
    HalyardOptions options,
    TimeProvider time,
    Entropy entropy,
    ILogger<DailyCheck> logger
) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.CheckHours == 0)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromHours(options.CheckHours), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await StartAllAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; its next start begins to count anew.
        }
    }

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var tenant in await store.TenantsAsync(cancellationToken))
                await StartAsync(tenant, cancellationToken);
            runner.Wake();
        }
        catch (IOException broken)
        {
            CannotStart(broken);
        }
    }

    private async Task StartAsync(string tenant, CancellationToken cancellationToken)
    {
        var id = entropy.NewUlid(time.GetUtcNow());
        var started = JobStarter.Started(id, CheckJob.Name, "{}"u8, CheckEndpoints.Words);
        var change = Change.Record(CheckEndpoints.Action, "", started);
        var submission = new Submission(Actor.System(tenant), RequestContext.Internal(entropy.NewId("q")), change);
        var result = await changes.SubmitAsync(submission, cancellationToken);
        if (result.Error is not null || result.Value is not Outcome.Applied)
            NotStarted(tenant, result.Error?.ToString() ?? result.Value!.ToString());
    }

    [LoggerMessage(LogLevel.Error, "The daily check of the logs cannot be started; it is tried again at the next time.")]
    private partial void CannotStart(Exception broken);

    [LoggerMessage(LogLevel.Error, "The daily check of the log of '{Tenant}' was not started: {Reason}")]
    private partial void NotStarted(string tenant, string reason);
}
