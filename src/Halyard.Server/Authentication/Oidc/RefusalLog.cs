using Halyard.Server.Authentication.Jwt;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>
/// Tells the server's log why tokens are refused, one line a minute for each provider and reason with how many there were: whoever
/// floods the server does not flood its log.
/// </summary>
internal sealed partial class RefusalLog(LogInMeter meter, TimeProvider time, ILogger<RefusalLog> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    // As many as there are providers and reasons.
    private readonly Dictionary<(string Provider, TokenFault Fault), (DateTimeOffset Told, long Since)> _refusals = [];
    private readonly Lock _gate = new();

    /// <summary>A token was refused.</summary>
    /// <param name="provider">The provider's name in the configuration; empty where the token names none of them.</param>
    /// <param name="fault">Why.</param>
    public void Add(string provider, TokenFault fault)
    {
        meter.Refused(provider, fault);
        var now = time.GetUtcNow();
        long count;
        lock (_gate)
        {
            var known = _refusals.TryGetValue((provider, fault), out var last);
            count = last.Since + 1;
            if (known && now - last.Told < Pause)
            {
                _refusals[(provider, fault)] = last with { Since = count };
                return;
            }
            _refusals[(provider, fault)] = (now, 0);
        }
        Refused(count, provider.Length == 0 ? "nobody configured" : provider, fault);
    }

    [LoggerMessage(LogLevel.Information, "{Count} token(s) of {Provider} refused: {Fault}")]
    private partial void Refused(long count, string provider, TokenFault fault);
}
