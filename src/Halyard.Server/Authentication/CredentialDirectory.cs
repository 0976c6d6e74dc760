using System.Collections.Concurrent;
using Halyard.Core.Access;
using Halyard.Core.Access.Services;
using Halyard.Core.Access.Users;
using Halyard.Core.Flags;
using Halyard.Ledger;
using Halyard.Server.Authentication.Local;

namespace Halyard.Server.Authentication;

/// <summary>
/// Every credential that is in force, kept up with the log: a revoked one is unknown as soon as its entry is followed, one that
/// expires from that very moment on.
/// </summary>
internal sealed class CredentialDirectory(TimeProvider time, CredentialUse use, LocalOptions local)
{
    private readonly ConcurrentDictionary<string, Holder> _holders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Tenant, string Id), bool> _mayAct = new();
    private readonly ConcurrentDictionary<(string Tenant, string Id), ServiceAccount> _accounts = new();

    /// <summary>Takes note of a credential.</summary>
    public void Put(string tenant, Resource credential) =>
        _holders[Credential.NameOf(tenant, credential.Id)] = credential switch
        {
            Token token => new TokenHolder(tenant, token),
            SdkKey key => new SdkKeyHolder(tenant, key),
            _ => throw new ArgumentException($"A {credential.Name.Kind} is no credential.", nameof(credential)),
        };

    /// <summary>Forgets a revoked credential.</summary>
    public void Remove(string tenant, string id) => _holders.TryRemove(Credential.NameOf(tenant, id), out _);

    /// <summary>Takes note of a user: what belongs to whom may not log in is worth nothing.</summary>
    public void Put(string tenant, User user) => _mayAct[(tenant, user.Id)] = user.Enabled;

    /// <summary>Takes note that a user was deleted.</summary>
    public void RemoveUser(string tenant, string id) => _mayAct.TryRemove((tenant, id), out _);

    /// <summary>Takes note of a service account: its tokens count as long as it is enabled, and has the owner who made them.</summary>
    public void Put(string tenant, ServiceAccount account) => _accounts[(tenant, account.Id)] = account;

    /// <summary>Takes note that a service account was deleted.</summary>
    public void RemoveAccount(string tenant, string id) => _accounts.TryRemove((tenant, id), out _);

    /// <summary>The bearer token that was sent, with its tenant, or <see langword="null"/>.</summary>
    public TokenHolder? FindToken(Credential sent) => Find(sent) is TokenHolder found && IsAnswered(found) ? found : null;

    /// <summary>Whoever holds the SDK key that was sent, or <see langword="null"/>.</summary>
    public SdkCaller? FindSdkKey(Credential sent) => (Find(sent) as SdkKeyHolder)?.Caller;

    private Holder? Find(Credential sent)
    {
        var lookup = _holders.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(sent.Name, out var holder))
            return null;
        var now = time.GetUtcNow();
        if (!holder.Terms.IsInForce(now) || !Proves(sent, holder, now))
            return null;
        use.Note(holder, now);
        return holder;
    }

    private static bool Proves(Credential sent, Holder holder, DateTimeOffset now) =>
        sent.Proves(holder.Secret)
        || (holder.Terms.Previous is { } previous && now < holder.Terms.PreviousUntil && sent.Proves(previous));

    /// <summary>
    /// Whether somebody answers for a token: a user of this server who was disabled or deleted does not, none where there are no
    /// such users, and for a service account nobody but its owner of now.
    /// </summary>
    private bool IsAnswered(TokenHolder holder) =>
        AnsweredFor.CountsBy(holder.Token.Owner, owner => local.Enabled && _mayAct.GetValueOrDefault((holder.Tenant, owner)))
        && (
            holder.Token.Account is not { } account
            || AnsweredFor.IsOf(_accounts.GetValueOrDefault((holder.Tenant, account)), holder.Token)
        );

    /// <summary>A credential and the tenant it belongs to.</summary>
    internal abstract class Holder(string tenant, string id, Digest secret, CredentialTerms terms)
    {
        private long _noted;

        /// <summary>The tenant it belongs to.</summary>
        public string Tenant { get; } = tenant;

        /// <summary>Its id.</summary>
        public string Id { get; } = id;

        /// <summary>SHA-256 of its secret.</summary>
        public Digest Secret { get; } = secret;

        /// <summary>How long it counts.</summary>
        public CredentialTerms Terms { get; } = terms;

        /// <summary>Whether its use in this hour, counted since 1970, is not noted yet; it is then.</summary>
        public bool IsFirstIn(long hour) => Volatile.Read(ref _noted) != hour && Interlocked.Exchange(ref _noted, hour) != hour;
    }

    /// <summary>A bearer token.</summary>
    internal sealed class TokenHolder(string tenant, Token token) : Holder(tenant, token.Id, token.Secret, token.Terms)
    {
        /// <summary>The token.</summary>
        public Token Token { get; } = token;
    }

    private sealed class SdkKeyHolder(string tenant, SdkKey key) : Holder(tenant, key.Id, key.Secret, key.Terms)
    {
        public SdkCaller Caller { get; } = new(tenant, key.EnvironmentId, key.ClientSide);
    }
}
