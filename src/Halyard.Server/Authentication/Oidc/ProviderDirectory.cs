using System.Collections.Frozen;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>The identity providers that are configured.</summary>
internal sealed class ProviderDirectory
{
    private readonly FrozenDictionary<string, Provider> _byName;
    private readonly FrozenDictionary<string, Provider> _byIssuer;

    public ProviderDirectory(
        IReadOnlyList<ProviderOptions> options,
        ProviderHttp http,
        TimeProvider time,
        ILogger<ProviderDocuments> logger
    )
    {
        All = [.. options.Select(item => new Provider(item, new ProviderDocuments(item, http, time, logger), time))];
        _byName = All.ToFrozenDictionary(provider => provider.Options.Name, StringComparer.Ordinal);
        _byIssuer = All.ToFrozenDictionary(provider => provider.Options.Issuer, StringComparer.Ordinal);
    }

    /// <summary>Every provider, in the order of the configuration.</summary>
    public IReadOnlyList<Provider> All { get; }

    /// <summary>The provider of this name, or <see langword="null"/>.</summary>
    public Provider? Named(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The provider of this issuer, letter for letter, or <see langword="null"/>.</summary>
    public Provider? IssuedBy(string issuer) => _byIssuer.GetValueOrDefault(issuer);
}
