using Halyard.Server.Delivery.Http;

namespace Halyard.Server.Gates;

/// <summary>Where environment checks may ask, under <c>Halyard:Checks</c>.</summary>
internal sealed class CheckOptions
{
    private const string Section = "Halyard:Checks";

    /// <summary>
    /// Hosts, separated by commas, that checks may ask, with a port where only that one is meant: <c>ci.example.com,10.0.0.7:9090</c>.
    /// </summary>
    /// <value>The default value is empty: none.</value>
    public string AllowedHosts { get; set; } = "";

    /// <summary>How long an answer may take, in seconds: 1 to 60.</summary>
    /// <value>The default value is 10.</value>
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>How often checks are asked for requests that wait for them, in seconds: 0 to 3,600; 0 for never.</summary>
    /// <value>The default value is 60.</value>
    public int IntervalSeconds { get; set; } = 60;

    /// <summary>Whether an address may be asked.</summary>
    public bool Allows(Uri address) => HostList.Has(AllowedHosts, address);

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        if (TimeoutSeconds is < 1 or > 60)
            yield return $"{Section}:{nameof(TimeoutSeconds)} must be 1 to 60.";
        if (IntervalSeconds is < 0 or > 3_600)
            yield return $"{Section}:{nameof(IntervalSeconds)} must be 0 to 3600.";
    }
}
