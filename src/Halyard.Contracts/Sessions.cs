namespace Halyard.Contracts;

/// <summary>A browser's session.</summary>
/// <param name="Tenant">The tenant it belongs to.</param>
/// <param name="Subject">Pseudonymous id of its holder.</param>
/// <param name="Kind">What kind of being: <c>user</c>.</param>
/// <param name="Roles">The roles its holder has by itself.</param>
/// <param name="Groups">The groups that the identity provider named at the log-in.</param>
/// <param name="Authentication">How its holder logged in: <c>password</c> or <c>oidc</c>.</param>
/// <param name="AuthenticatedAt">When; absent where the identity provider does not say.</param>
/// <param name="Acr">How strongly, in the identity provider's words; absent where it said nothing.</param>
/// <param name="Issuer">The identity provider; absent for this server.</param>
/// <param name="CsrfToken">What every request that is no GET must carry in <c>X-CSRF-Token</c>.</param>
/// <param name="ExpiresAt">When it ends unless it is used before then.</param>
public sealed record SessionAnswer(
    string Tenant,
    string Subject,
    string Kind,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Groups,
    string Authentication,
    DateTimeOffset? AuthenticatedAt,
    string? Acr,
    string? Issuer,
    string CsrfToken,
    DateTimeOffset ExpiresAt
);

/// <summary>A browser session that is open.</summary>
/// <param name="Id">Its id, as the log has it; it opens nothing.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="UsedAt">When it was last used, to within a tenth of the time that it may be idle.</param>
/// <param name="Authentication">How its holder logged in: <c>password</c> or <c>oidc</c>.</param>
/// <param name="Issuer">The identity provider; absent for this server.</param>
public sealed record OpenSessionAnswer(
    string Id,
    DateTimeOffset StartedAt,
    DateTimeOffset UsedAt,
    string Authentication,
    string? Issuer
);

/// <summary>A log-out of somebody for whom an identity provider vouched.</summary>
/// <param name="ProviderAddress">Where the browser goes to log out there too.</param>
public sealed record LogoutAnswer(string ProviderAddress);

/// <summary>How a browser can log in.</summary>
/// <param name="Providers">Their names, as <c>GET /auth/login?provider=</c> takes them.</param>
/// <param name="Password">Whether <c>POST /auth/password</c> takes e-mail address and password.</param>
public sealed record ProviderListAnswer(IReadOnlyList<string> Providers, bool Password);
