using Halyard.Core.Access.Roles;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access;

/// <summary>What kind of being acts. Wire names: user, service, system, client.</summary>
public enum ActorKind
{
    User,
    Service,
    System,
    Client,
}

/// <summary>Who acts, as the server established it; never taken from a request's body.</summary>
/// <param name="Tenant">The tenant the credential belongs to.</param>
/// <param name="Subject">Pseudonymous id, stable for the same person or service.</param>
/// <param name="Kind">What kind of being.</param>
/// <param name="Authentication">How it proved itself: token, sdk-key, system.</param>
/// <param name="Roles">The roles it holds.</param>
/// <param name="Credential">The id of the credential used; <see langword="null"/> for the system.</param>
/// <param name="OnBehalfOf">The subject it acts for, or <see langword="null"/>.</param>
public sealed record Actor(
    string Tenant,
    string Subject,
    ActorKind Kind,
    string Authentication,
    Sequence<string> Roles,
    string? Credential,
    string? OnBehalfOf = null
)
{
    /// <summary>The groups that the identity provider says it belongs to; empty for credentials of this server.</summary>
    public Sequence<string> Groups { get; init; } = [];

    /// <summary>When it last proved who it is, or <see langword="null"/> where nobody proved anything at a moment: tokens, the system.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>How strongly it proved that, in the identity provider's words (OIDC <c>acr</c>), or <see langword="null"/>.</summary>
    public string? Acr { get; init; }

    /// <summary>The identity provider that vouches for it, or <see langword="null"/> for this server.</summary>
    public string? Issuer { get; init; }

    /// <summary>Where what it may do counts: a credential may be worth less than whom it belongs to.</summary>
    public ResourcePattern Limits { get; init; } = ResourcePattern.Everything;

    /// <summary>The person who answers for the credential, or <see langword="null"/> where nobody is known.</summary>
    public string? Owner { get; init; }

    /// <summary>From when on the credential counts no more, or <see langword="null"/>: what it makes cannot outlast it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The server itself, acting for a tenant: first start, schedules.</summary>
    public static Actor System(string tenant) => new(tenant, "system", ActorKind.System, "system", [BuiltInRoles.Admin], null);
}

/// <summary>Where a request came from.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="Session">The browser session, or <see langword="null"/>.</param>
/// <param name="IpAddress">The client's address, or <see langword="null"/>.</param>
/// <param name="UserAgent">What the client calls itself, or <see langword="null"/>.</param>
/// <param name="Trace">The W3C trace id, or <see langword="null"/>.</param>
public sealed record RequestContext(string Id, string? Session, string? IpAddress, string? UserAgent, string? Trace)
{
    /// <summary>The context of what the server does by itself.</summary>
    public static RequestContext Internal(string id) => new(id, null, null, null, null);
}
