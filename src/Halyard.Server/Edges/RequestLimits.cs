using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Halyard.Core.Access;

namespace Halyard.Server.Edges;

/// <summary>
/// Bounds how often one credential, and one address, may call the management API: buckets that fill steadily. Evaluating is left
/// alone: programs do it as often as they must.
/// </summary>
internal sealed class RequestLimits(EdgeOptions options) : IDisposable
{
    private const int StepsPerMinute = 60;

    private readonly PartitionedRateLimiter<string>? _byCredential = Limiter(options.RequestsPerMinute);
    private readonly PartitionedRateLimiter<string>? _byAddress = Limiter(options.AddressRequestsPerMinute);

    /// <summary>How long a credential must wait; <see langword="null"/> where it need not.</summary>
    public TimeSpan? RefusalOf(Actor actor) => RefusalOf(_byCredential, $"{actor.Tenant}.{actor.Credential ?? actor.Subject}");

    /// <summary>How long an address must wait; <see langword="null"/> where it need not.</summary>
    public TimeSpan? RefusalOf(IPAddress? address) => RefusalOf(_byAddress, PlaceOf(address));

    /// <summary>What counts as one place: of the newer kind of address the network of 64 bits, for whoever has one has all of it.</summary>
    public static string PlaceOf(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
            address = address.MapToIPv4();
        return address is { AddressFamily: AddressFamily.InterNetworkV6 }
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : $"{address}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _byCredential?.Dispose();
        _byAddress?.Dispose();
    }

    private static TimeSpan? RefusalOf(PartitionedRateLimiter<string>? limiter, string who)
    {
        if (limiter is null)
            return null;
        using var lease = limiter.AttemptAcquire(who);
        if (lease.IsAcquired)
            return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
    }

    private static PartitionedRateLimiter<string>? Limiter(int perMinute) =>
        perMinute == 0
            ? null
            : PartitionedRateLimiter.Create<string, string>(who =>
                RateLimitPartition.GetTokenBucketLimiter(
                    who,
                    _ => new TokenBucketRateLimiterOptions
                    {
                        TokenLimit = perMinute,
                        TokensPerPeriod = Math.Max(1, perMinute / StepsPerMinute),
                        ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / Math.Min(perMinute, StepsPerMinute)),
                        QueueLimit = 0,
                    }
                )
            );
}
