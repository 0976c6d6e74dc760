using System.Collections.Concurrent;
using Halyard.Core.Access;
using Halyard.Core.Flags;

namespace Halyard.Server.Authentication;

/// <summary>Every credential that is in force, kept up with the log: a revoked one is unknown as soon as its entry is followed.</summary>
internal sealed class CredentialDirectory
{
    private readonly ConcurrentDictionary<(string Tenant, string Id), Resource> _credentials = new();

    /// <summary>Takes note of a credential.</summary>
    public void Put(string tenant, Resource credential) => _credentials[(tenant, credential.Id)] = credential;

    /// <summary>Forgets a revoked credential.</summary>
    public void Remove(string tenant, string id) => _credentials.TryRemove((tenant, id), out _);

    /// <summary>The bearer token that was sent, or <see langword="null"/>.</summary>
    public Token? FindToken(Credential sent) =>
        _credentials.GetValueOrDefault((sent.Tenant, sent.Id)) is Token token && Credential.Matches(sent.Secret, token.Secret)
            ? token
            : null;

    /// <summary>The SDK key that was sent, or <see langword="null"/>.</summary>
    public SdkKey? FindSdkKey(Credential sent) =>
        _credentials.GetValueOrDefault((sent.Tenant, sent.Id)) is SdkKey key && Credential.Matches(sent.Secret, key.Secret)
            ? key
            : null;
}
