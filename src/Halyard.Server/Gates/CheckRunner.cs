using Halyard.Core.Storage;

namespace Halyard.Server.Gates;

/// <summary>Goes round by the clock, for each tenant by itself. What goes wrong with one is logged, and the next round begins anew.</summary>
internal sealed partial class CheckRunner(
    CheckRounds rounds,
    IStore store,
    CheckOptions options,
    TimeProvider time,
    ILogger<CheckRunner> logger
) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.IntervalSeconds == 0)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.IntervalSeconds), time);
        using var all = new TenantRounds(GoAsync);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await BeginAsync(all, stoppingToken);
        }
        finally
        {
            await all.EndAsync();
        }
    }

    private async ValueTask BeginAsync(TenantRounds all, CancellationToken cancellationToken)
    {
        try
        {
            all.Begin(await store.TenantsAsync(cancellationToken), cancellationToken);
        }
        catch (Exception broken) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(broken, "");
        }
    }

    private async Task GoAsync(string tenant, CancellationToken cancellationToken)
    {
        try
        {
            await rounds.GoAsync(tenant, cancellationToken);
        }
        catch (Exception broken) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(broken, tenant);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The checks that requests of tenant '{Tenant}' wait for could not be asked."
    )]
    private partial void LogFailed(Exception broken, string tenant);
}
