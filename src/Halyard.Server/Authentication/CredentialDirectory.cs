using System.Collections.Concurrent;
using Halyard.Core.Access;
using Halyard.Core.Flags;

namespace Halyard.Server.Authentication;

/// <summary>Every credential that is in force, kept up with the log: a revoked one is unknown as soon as its entry is followed.</summary>
internal sealed class CredentialDirectory
{
    private readonly ConcurrentDictionary<string, object> _holders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, object>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public CredentialDirectory() => _lookup = _holders.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Takes note of a credential.</summary>
    public void Put(string tenant, Resource credential)
    {
        object? holder = credential switch
        {
            Token token => new TokenHolder(tenant, token),
            SdkKey key => new SdkKeyHolder(new SdkCaller(tenant, key.EnvironmentId), key),
            _ => throw new ArgumentException($"A {credential.Name.Kind} is no credential.", nameof(credential)),
        };
        _holders[Credential.NameOf(tenant, credential.Id)] = holder;
    }

    /// <summary>Forgets a revoked credential.</summary>
    public void Remove(string tenant, string id) => _holders.TryRemove(Credential.NameOf(tenant, id), out _);

    /// <summary>The bearer token that was sent, with its tenant, or <see langword="null"/>.</summary>
    public TokenHolder? FindToken(Credential sent) =>
        _lookup.TryGetValue(sent.Name, out var holder) && holder is TokenHolder found && sent.Proves(found.Token.Secret)
            ? found
            : null;

    /// <summary>Whoever holds the SDK key that was sent, or <see langword="null"/>.</summary>
    public SdkCaller? FindSdkKey(Credential sent) =>
        _lookup.TryGetValue(sent.Name, out var holder) && holder is SdkKeyHolder found && sent.Proves(found.Key.Secret)
            ? found.Caller
            : null;

    /// <summary>A bearer token and the tenant it belongs to.</summary>
    internal sealed record TokenHolder(string Tenant, Token Token);

    private sealed record SdkKeyHolder(SdkCaller Caller, SdkKey Key);
}
