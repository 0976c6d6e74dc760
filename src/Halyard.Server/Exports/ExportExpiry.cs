namespace Halyard.Server.Exports;

/// <summary>Removes files of exports that are kept no longer, at the start and every hour.</summary>
internal sealed partial class ExportExpiry(ExportFolder folder, TimeProvider time, ILogger<ExportExpiry> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do Remove();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what is left is removed at its next start.
        }
    }

    private void Remove()
    {
        try
        {
            folder.RemoveExpired();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            CannotRemove(broken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Expired files of exports cannot be removed; it is tried again in an hour.")]
    private partial void CannotRemove(Exception broken);
}
