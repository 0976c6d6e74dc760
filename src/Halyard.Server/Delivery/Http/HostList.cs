namespace Halyard.Server.Delivery.Http;

/// <summary>
/// Hosts that an operator lists, separated by commas, with a port where only that one is meant: <c>ci.example.com,10.0.0.7:9090</c>.
/// Names are exact.
/// </summary>
internal static class HostList
{
    /// <summary>Whether the host of an address is among them.</summary>
    public static bool Has(string hosts, Uri address) =>
        hosts
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Any(host =>
                host.Equals(address.Host, StringComparison.OrdinalIgnoreCase)
                || host.Equals($"{address.Host}:{address.Port}", StringComparison.OrdinalIgnoreCase)
            );
}
