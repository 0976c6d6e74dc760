using System.Net;
using System.Net.Sockets;

namespace Halyard.Server.Delivery.Http;

/// <summary>
/// Which addresses belong to the internet at large. Everything else (this machine, private networks, link-local ones with the
/// metadata services of clouds, addresses that stand for another) is refused unless its host is allowed.
/// </summary>
internal static class PublicAddresses
{
    // RFC 6890 and its registry: what is not globally reachable.
    private static readonly IPNetwork[] Refused =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/3"),
        IPNetwork.Parse("2001::/23"),
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("2002::/16"),
        IPNetwork.Parse("3fff::/20"),
    ];

    // Of IPv6 only what is handed out; unique local, link-local, translated and mapped addresses lie outside.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    /// <summary>Whether the address is a public one.</summary>
    public static bool Contain(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (plain.AddressFamily == AddressFamily.InterNetwork || Global.Contains(plain))
            && !Refused.Any(network => network.Contains(plain));
    }
}
