using Halyard.Server.Authentication.Jwt;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>What a provider announces, and its keys, as they were read together.</summary>
internal sealed record ProviderState(ProviderMetadata Metadata, KeySet Keys);

/// <summary>
/// Keeps what a provider announces and its keys. Read when first needed, again every ten minutes, and at once for a key that nobody
/// knows, but no more often than the options say: a flood of unknown keys costs one request. While the provider cannot be reached,
/// what was read last counts for a bounded time.
/// </summary>
internal sealed partial class ProviderDocuments(
    ProviderOptions options,
    ProviderHttp http,
    TimeProvider time,
    ILogger<ProviderDocuments> logger
)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly TimeSpan _pause = TimeSpan.FromSeconds(options.KeyRefreshSeconds);
    private readonly TimeSpan _believed = TimeSpan.FromHours(options.StaleKeyHours);
    private (ProviderState State, DateTimeOffset At)? _held;
    private DateTimeOffset? _tried;
    private Task? _reading;

    /// <summary>What is known of the provider, or <see langword="null"/> where it cannot be had.</summary>
    public async ValueTask<ProviderState?> CurrentAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (Held(now) is not { } held)
        {
            await ReadAsync(now).WaitAsync(cancellationToken);
            return Held(time.GetUtcNow())?.State;
        }
        if (now - held.At < Fresh)
            return held.State;
        // Nobody waits for what is only to be renewed, but after a quiet time: a key may have been withdrawn long ago.
        var wasQuiet = WasQuiet(now);
        var reading = ReadAsync(now);
        if (!wasQuiet)
            return held.State;
        await reading.WaitAsync(cancellationToken);
        return Held(time.GetUtcNow())?.State;
    }

    /// <summary>The same, read anew unless that was tried a moment ago: for a key that is not known.</summary>
    public async ValueTask<ProviderState?> RenewedAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(time.GetUtcNow()).WaitAsync(cancellationToken);
        return Held(time.GetUtcNow())?.State;
    }

    private (ProviderState State, DateTimeOffset At)? Held(DateTimeOffset now)
    {
        lock (_gate)
            return _held is { } held && now - held.At < _believed ? held : null;
    }

    private bool WasQuiet(DateTimeOffset now)
    {
        lock (_gate)
            return _tried is not { } tried || now - tried >= 2 * Fresh;
    }

    /// <summary>The reading that is under way, or a new one; a finished one where it is too early for another.</summary>
    private Task ReadAsync(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_reading is { IsCompleted: false })
                return _reading;
            if (_tried is { } tried && now - tried < _pause)
                return Task.CompletedTask;
            _tried = now;
            // Not the caller's to cancel: others wait for it too.
            return _reading = Task.Run(ReadAsync, CancellationToken.None);
        }
    }

    private async Task ReadAsync()
    {
        var (state, problem) = await AskAsync();
        if (state is null)
        {
            CannotRead(options.Name, problem);
            return;
        }
        lock (_gate)
            _held = (state, time.GetUtcNow());
    }

    private async Task<(ProviderState? State, string Problem)> AskAsync()
    {
        var announced = await http.GetAsync(ProviderMetadata.AddressOf(options.Issuer), CancellationToken.None);
        if (announced.Good is not { } document)
            return (null, announced.Words);
        var (metadata, problem) = ProviderMetadata.Read(document, options.Issuer);
        if (metadata is null)
            return (null, problem);
        var published = await http.GetAsync(metadata.Keys, CancellationToken.None);
        if (published.Good is not { } set)
            return (null, $"its keys cannot be had: {published.Words}");
        return KeySet.Read(set) is { Keys.Count: > 0 } keys
            ? (new ProviderState(metadata, keys), "")
            : (null, "none of its keys can be used");
    }

    [LoggerMessage(LogLevel.Warning, "The identity provider '{Provider}' cannot be read: {Problem}")]
    private partial void CannotRead(string provider, string problem);
}
