using System.Diagnostics.Metrics;
using Halyard.Server.Authentication.Jwt;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>Counts whom providers' tokens let in and whom they do not; docs/identity.md names each.</summary>
internal sealed class LogInMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Halyard.Identity";

    private readonly Meter _meter;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refused;

    public LogInMeter(IMeterFactory factory)
    {
        _meter = factory.Create(Name);
        _accepted = _meter.CreateCounter<long>(
            "halyard.identity.accepted",
            "{token}",
            "Tokens of identity providers that were believed"
        );
        _refused = _meter.CreateCounter<long>(
            "halyard.identity.refused",
            "{token}",
            "Tokens of identity providers that were refused"
        );
    }

    /// <summary>A token was believed.</summary>
    /// <param name="provider">The provider's name in the configuration.</param>
    public void Accepted(string provider) => _accepted.Add(1, new KeyValuePair<string, object?>("provider", provider));

    /// <summary>A token was refused.</summary>
    /// <param name="provider">The provider's name in the configuration; empty where the token names none of them.</param>
    /// <param name="fault">Why.</param>
    public void Refused(string provider, TokenFault fault) =>
        _refused.Add(1, new("provider", provider), new("fault", fault.ToString()));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
