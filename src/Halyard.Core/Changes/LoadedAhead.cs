namespace Halyard.Core.Changes;

/// <summary>
/// A ground whose first load begins before anybody waits for it, beside another read: stores that answer both in one trip then do.
/// Later loads look at the store anew.
/// </summary>
internal sealed class LoadedAhead : IChangeGround
{
    private readonly IChangeGround _ground;
    private Task<Result<LoadedGround>>? _first;

    private LoadedAhead(IChangeGround ground, Task<Result<LoadedGround>>? first) => (_ground, _first) = (ground, first);

    /// <summary>Begins to load what is sure to be asked for: not where something else is done first, or nothing is loaded.</summary>
    public static LoadedAhead Begin(IChangeGround ground, Submission submission, CancellationToken cancellationToken)
    {
        var change = submission.Change;
        var isLoaded =
            ground is ChangeLoader
            && submission is { IdempotencyKey: not null, DryRun: false }
            && change is { Event: null, Request: null, Bypass: null };
        return new LoadedAhead(
            ground,
            isLoaded ? ground.LoadAsync(submission.Actor.Tenant, change, cancellationToken).AsTask() : null
        );
    }

    /// <inheritdoc/>
    public async ValueTask<Result<LoadedGround>> LoadAsync(string tenant, Change change, CancellationToken cancellationToken)
    {
        if (_first is not { } first)
            return await _ground.LoadAsync(tenant, change, cancellationToken);
        _first = null;
        return await first;
    }

    /// <summary>Waits for a load that nobody needs any more, whatever came of it.</summary>
    public async ValueTask EndAsync()
    {
        if (_first is { } first)
            await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _first = null;
    }
}
