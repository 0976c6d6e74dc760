using System.Net;

namespace Halyard.Server.Edges;

/// <summary>What the server's edge lets through, under <c>Halyard:Edge</c>.</summary>
internal sealed class EdgeOptions
{
    private const string Section = "Halyard:Edge";

    /// <summary>Other sites whose pages may evaluate flags from a browser: scheme, host and port, letter for letter.</summary>
    /// <value>The default value is empty: none.</value>
    public List<string> Origins { get; set; } = [];

    /// <summary>Proxies before this server, as addresses or networks (<c>10.0.0.0/8</c>): what they say of who calls is believed.</summary>
    /// <value>The default value is empty: none.</value>
    public List<string> Proxies { get; set; } = [];

    /// <summary>How many requests a minute one credential may make of the management API, as many again at once; 0 for any number.</summary>
    /// <value>The default value is 12,000.</value>
    public int RequestsPerMinute { get; set; } = 12_000;

    /// <summary>The same for one address, whatever credentials it uses, and for what needs none; 0 for any number.</summary>
    /// <value>The default value is 24,000.</value>
    public int AddressRequestsPerMinute { get; set; } = 24_000;

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var origin in Origins.Where(origin => !IsOrigin(origin)))
            yield return $"{Section}:{nameof(Origins)}: '{origin}' must be an origin such as https://shop.example.com.";
        foreach (var proxy in Proxies.Where(proxy => !IPNetwork.TryParse(proxy, out _) && !IPAddress.TryParse(proxy, out _)))
            yield return $"{Section}:{nameof(Proxies)}: '{proxy}' must be an address or a network.";
        if (RequestsPerMinute is < 0 or > 10_000_000)
            yield return $"{Section}:{nameof(RequestsPerMinute)} must be 0 to 10000000.";
        if (AddressRequestsPerMinute is < 0 or > 10_000_000)
            yield return $"{Section}:{nameof(AddressRequestsPerMinute)} must be 0 to 10000000.";
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.GetLeftPart(UriPartial.Authority) == text;
}
