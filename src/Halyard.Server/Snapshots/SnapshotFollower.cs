using System.Collections.Concurrent;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Storage;
using Halyard.Server.Authentication;

namespace Halyard.Server.Snapshots;

/// <summary>
/// Keeps every tenant's snapshots and credentials up with its log: nothing reaches a client that the log does not hold. When the
/// store cannot be reached the last good snapshots stay.
/// </summary>
internal sealed partial class SnapshotFollower(
    IStore store,
    SnapshotTable snapshots,
    CredentialDirectory credentials,
    IAccessStates access,
    SnapshotAge age,
    TimeProvider time,
    ILogger<SnapshotFollower> logger
) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>How often it is told that the log cannot be followed, as long as it cannot.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(30);

    private long? _told;
    private long _listed;

    private readonly ConcurrentDictionary<string, TenantFollower> _tenants = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once everything committed before the start is compiled.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Whether there is such a tenant here.</summary>
    public bool Follows(string tenant) => _tenants.ContainsKey(tenant);

    /// <summary>
    /// Waits until an entry is in the snapshots, so that whoever wrote it reads it back here; gives up after
    /// <paramref name="patience"/>, for the entry is durable all the same.
    /// </summary>
    public async ValueTask<bool> ReachedAsync(string tenant, long index, TimeSpan patience, CancellationToken cancellationToken)
    {
        var deadline = time.GetTimestamp() + (long)(patience.TotalSeconds * time.TimestampFrequency);
        while (true)
        {
            var progress = Volatile.Read(ref _progress).Task;
            if (_tenants.TryGetValue(tenant, out var follower) && follower.Next > index)
                return true;
            var left = time.GetElapsedTime(time.GetTimestamp(), deadline);
            if (left <= TimeSpan.Zero)
                return false;
            await Task.WhenAny(progress, Task.Delay(left, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var began = time.GetTimestamp();
                var any = await CatchUpAsync(stoppingToken);
                TellIfBack();
                if (_tenants.Values.All(tenant => tenant.IsAtEnd))
                    age.IsCurrentAsOf(began);
                if (any)
                    continue;
                _ready.TrySetResult();
                await store.WaitForCommitsAsync(Patience, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever broke, the last good snapshots go on serving and the log is tried again.
            catch (Exception broken)
#pragma warning restore CA1031
            {
                Tell(broken);
                await Task.Delay(Patience, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Tell(Exception broken)
    {
        if (_told is { } told && time.GetElapsedTime(told) < Reminder)
            return;
        _told = time.GetTimestamp();
        CannotFollow(broken, age.Age.TotalSeconds);
    }

    private void TellIfBack()
    {
        if (_told is not null)
            FollowsAgain(age.Age.TotalSeconds);
        _told = null;
    }

    private async ValueTask<bool> CatchUpAsync(CancellationToken cancellationToken)
    {
        // Those that are known first: whoever made a change waits for it, and new tenants are looked for when there is nothing else to
        // do, or not for long.
        var any = false;
        foreach (var follower in _tenants.Values)
            any |= await follower.CatchUpAsync(cancellationToken);
        if (!any || time.GetElapsedTime(_listed) >= Patience)
        {
            foreach (var tenant in await store.TenantsAsync(cancellationToken))
            {
                if (_tenants.ContainsKey(tenant))
                    continue;
                var follower = new TenantFollower(tenant, store, snapshots, credentials, access, logger);
                _tenants[tenant] = follower;
                any |= await follower.CatchUpAsync(cancellationToken);
            }
            _listed = time.GetTimestamp();
        }
        if (any)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref _progress, reached).SetResult();
        }
        return any;
    }

    [LoggerMessage(
        LogLevel.Error,
        "The log cannot be followed; the last good snapshots stay in force. They are {Seconds:F1} s old."
    )]
    private partial void CannotFollow(Exception broken, double seconds);

    [LoggerMessage(LogLevel.Warning, "The log is followed again; the snapshots were up to {Seconds:F1} s old.")]
    private partial void FollowsAgain(double seconds);
}
