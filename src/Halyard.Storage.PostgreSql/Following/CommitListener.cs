using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Following;

/// <summary>
/// Hears of the commits of every server on the database, on a connection of its own. While it cannot listen, followers learn of
/// commits when their patience ends; whoever waits is woken when it listens again, for something may have been missed. Not when it
/// listens for the first time: nobody has looked before <see cref="HasBegun"/>.
/// </summary>
internal sealed partial class CommitListener : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Database _database;
    private readonly string _channel;
    private readonly CommitSignal _signal;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _listening;

    /// <summary>Begins to listen.</summary>
    public CommitListener(Database database, string channel, CommitSignal signal, TimeProvider time, ILogger logger)
    {
        (_database, _channel, _signal, _time, _logger) = (database, channel, signal, time, logger);
        _listening = Task.Run(RunAsync);
    }

    /// <summary>Completes when it listens, or could not at first and tries again; whoever reads the log afterwards misses nothing.</summary>
    public Task HasBegun => _begun.Task;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever ended it, it is tried again, and followers look for themselves meanwhile.
            catch (Exception broken)
#pragma warning restore CA1031
            {
                CannotListen(broken.Message);
                _begun.TrySetResult();
                await Task.Delay(Pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenAsync(cancellationToken);
        connection.Notification += (_, _) => _signal.Wake();
        await connection.Command($"LISTEN {_channel}").RunAsync(cancellationToken);
        if (!_begun.TrySetResult())
            _signal.Wake();
        try
        {
            while (true)
                await connection.WaitAsync(cancellationToken);
        }
        finally
        {
            // Nobody else who gets this connection from the pool is to hear of commits.
            NpgsqlConnection.ClearPool(connection);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Commits of other servers cannot be heard of and are looked for instead: {Problem}")]
    private partial void CannotListen(string problem);
}
