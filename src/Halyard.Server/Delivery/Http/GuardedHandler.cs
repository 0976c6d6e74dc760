using System.Net;
using System.Net.Sockets;
using Halyard.Server.Hosting;

namespace Halyard.Server.Delivery.Http;

/// <summary>
/// Connects to addresses that were checked, and to no other: the name is resolved once, each address is judged, and the
/// connection is made to one that passed. No redirect is followed, no proxy and no cookie is used.
/// </summary>
internal static class GuardedHandler
{
    private const int MaxHeaderKilobytes = 16;

    /// <summary>A handler that obeys the options.</summary>
    public static SocketsHttpHandler Create(SinkOptions options) =>
        new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            // A host that moves is found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = (context, cancellationToken) => ConnectAsync(options, context.DnsEndPoint, cancellationToken),
        };

    private static async ValueTask<Stream> ConnectAsync(
        SinkOptions options,
        DnsEndPoint endPoint,
        CancellationToken cancellationToken
    )
    {
        var host = endPoint.Host.Trim('[', ']');
        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var passed = options.Allows(host) ? addresses : [.. addresses.Where(PublicAddresses.Contain)];
        if (passed.Length == 0)
            throw new TargetRefusedException();
#pragma warning disable CA2000 // The stream owns the socket, or it is disposed of where no connection comes about.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
#pragma warning restore CA2000
        try
        {
            await socket.ConnectAsync(passed, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>No address of the target is one that may be connected to.</summary>
internal sealed class TargetRefusedException()
    : IOException("The target's address is private; Halyard:Sinks:AllowedHosts does not list its host.");
