using Halyard.Core.Audit.Sinks;
using Halyard.Server.Delivery.Http;
using Halyard.Server.Hosting;

namespace Halyard.Server.Delivery;

/// <summary>
/// Secrets by name, from one section of the configuration. Resources hold the names; a secret is looked up when it is used and kept
/// nowhere, so that a changed one counts at once. Whoever may name one of a section names none of another, and within a section each
/// is for the tenants that the operator says, and for the hosts: who may name a secret could else have another tenant's sent to a server
/// of theirs.
/// </summary>
/// <param name="configuration">Where they are.</param>
/// <param name="section">The section; that of sinks, mail and the source of incidents by itself.</param>
internal sealed class Secrets(IConfiguration configuration, string section = Secrets.Section)
{
    private const string Section = "Halyard:Secrets";
    private const string AnyTenant = "*";

    // Settings of the operator's own that name a secret: what they name is nobody else's.
    private static readonly string[] OwnSettings = ["Halyard:Mail:Secret", "Halyard:Bypass:Incidents:Secret"];

    /// <summary>The secret, where it is for this use; else why not, in words that hold none of it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tenant">Whose resource names it.</param>
    /// <param name="target">Where it goes, or what it signs; <see langword="null"/> where nothing leaves this server.</param>
    public FoundSecret Find(string name, string tenant, Uri? target) => Find(name, tenant, _ => target);

    /// <summary>The same for a secret that is the address where something goes.</summary>
    public FoundSecret FindAddress(string name, string tenant) =>
        Find(name, tenant, secret => SinkRules.IsAddress(secret, out var address) ? address : null);

    private FoundSecret Find(string name, string tenant, Func<string, Uri?> target)
    {
        // The words are the same for what is missing and for what is another's: nobody learns which names there are.
        if (Value(name) is not { } secret || IsOperators(name) || !IsFor(tenant, name))
            return FoundSecret.Not(
                $"there is no secret '{name}' for tenant '{tenant}' in the configuration ({section}:{name}, {section}:{name}:Tenants)"
            );
        return ForHost(name, secret, target(secret));
    }

    /// <summary>The secret that a setting of the operator's names.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="target">Where it goes.</param>
    public FoundSecret FindOwn(string name, Uri target) =>
        Value(name) is { } secret
            ? ForHost(name, secret, target)
            : FoundSecret.Not($"there is no secret '{name}' in the configuration ({section}:{name})");

    private FoundSecret ForHost(string name, string secret, Uri? target)
    {
        if (Setting(name, "Hosts") is not { } hosts)
            return new FoundSecret(secret, "");
        if (target is null)
            return FoundSecret.Not($"the secret '{name}' is for certain hosts alone ({section}:{name}:Hosts)");
        return HostList.Has(hosts, target)
            ? new FoundSecret(secret, "")
            : FoundSecret.Not($"the secret '{name}' is not for the host '{target.Host}' ({section}:{name}:Hosts)");
    }

    // Without a word about it, it is the first tenant's: most installations have no other.
    private bool IsFor(string tenant, string name) =>
        (Setting(name, "Tenants") ?? FirstStart.DefaultTenant)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Any(each => each == AnyTenant || each == tenant);

    private bool IsOperators(string name) =>
        section == Section && OwnSettings.Any(own => string.Equals(configuration[own], name, StringComparison.OrdinalIgnoreCase));

    private string? Value(string name) => Text(name) ?? Setting(name, "Value");

    private string? Setting(string name, string member) => Text($"{name}:{member}", name);

    private string? Text(string name) => Text(name, name);

    // A colon in a name would lead past what is said about the secret.
    private string? Text(string place, string name) =>
        !name.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)
        && configuration[$"{section}:{place}"] is { Length: > 0 } text
            ? text
            : null;
}

/// <summary>A secret for one use, or why there is none.</summary>
/// <param name="Value">The secret, or <see langword="null"/>.</param>
/// <param name="Problem">Why there is none, in words; empty where there is one.</param>
internal readonly record struct FoundSecret(string? Value, string Problem)
{
    public static FoundSecret Not(string problem) => new(null, problem);

    /// <summary>What a secret is, is no part of what is printed.</summary>
    public override string ToString() => Value is null ? Problem : "a secret";
}
