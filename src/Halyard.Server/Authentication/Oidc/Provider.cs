using Halyard.Server.Authentication.Jwt;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>One identity provider: whose tokens are believed, and what they must be for each use.</summary>
internal sealed class Provider(ProviderOptions options, ProviderDocuments documents, TimeProvider time)
{
    private const string LogOutEvent = "/events/http:~1~1schemas.openid.net~1event~1backchannel-logout";

    private readonly TokenRules _accessRules = RulesOf(
        options,
        options.Audience,
        // Where both kinds of token are for the same audience, only their type tells them apart.
        options.Audience == options.ClientId
            ? TokenRules.StrictAccessTypes
            : TokenRules.AccessTypes
    );

    private readonly TokenRules _idRules = RulesOf(options, options.ClientId, TokenRules.IdTypes);

    // A provider tells of a log-out when it happens: what is older is no news.
    private readonly TokenRules _logOutRules = RulesOf(options, options.ClientId, TokenRules.LogOutTypes) with
    {
        MaxAge = LogOutPatience,
    };

    /// <summary>How long ago a logout token may have been made, beside the clocks' difference.</summary>
    public static TimeSpan LogOutPatience { get; } = TimeSpan.FromMinutes(5);

    /// <summary>What the operator configured.</summary>
    public ProviderOptions Options { get; } = options;

    /// <summary>What is known of the provider, or <see langword="null"/> where it cannot be had.</summary>
    public ValueTask<ProviderState?> StateAsync(CancellationToken cancellationToken) => documents.CurrentAsync(cancellationToken);

    /// <summary>What is wrong with an access token for this server, or <see langword="null"/>.</summary>
    public ValueTask<TokenFault?> ValidateAccessTokenAsync(UnverifiedToken token, CancellationToken cancellationToken) =>
        Options.Audience.Length == 0
            ? ValueTask.FromResult<TokenFault?>(TokenFault.Audience)
            : ValidateAsync(token, _accessRules, cancellationToken);

    /// <summary>What is wrong with an ID token of a log-in at this server (OpenID Connect Core, 3.1.3.7), or <see langword="null"/>.</summary>
    public async ValueTask<TokenFault?> ValidateIdTokenAsync(UnverifiedToken token, CancellationToken cancellationToken)
    {
        if (await ValidateAsync(token, _idRules, cancellationToken) is { } fault)
            return fault;
        var claims = token.UnverifiedClaims;
        var isForOthersToo = claims.Texts("aud")!.Count > 1;
        return (isForOthersToo || claims.Has("azp")) && claims.Text("azp") != Options.ClientId ? TokenFault.Audience : null;
    }

    /// <summary>What is wrong with a logout token (OpenID Connect Back-Channel Logout 1.0, 2.6), or <see langword="null"/>.</summary>
    public async ValueTask<TokenFault?> ValidateLogOutTokenAsync(UnverifiedToken token, CancellationToken cancellationToken) =>
        await ValidateAsync(token, _logOutRules, cancellationToken) ?? CheckLogOut(token.UnverifiedClaims);

    private static TokenFault? CheckLogOut(TokenClaims claims)
    {
        // By its events it is a logout token, and by a nonce it would be an ID token.
        if (!claims.IsObject(LogOutEvent) || claims.Has("nonce"))
            return TokenFault.Type;
        var isNamed = claims.Has("sub") || claims.Has("sid");
        return isNamed && IsNameOrAbsent(claims, "sub") && IsNameOrAbsent(claims, "sid") && IsName(claims, "jti")
            ? null
            : TokenFault.Claims;
    }

    private static bool IsNameOrAbsent(TokenClaims claims, string claim) => !claims.Has(claim) || IsName(claims, claim);

    private static bool IsName(TokenClaims claims, string claim) => claims.Text(claim, Person.MaxSubject) is { Length: > 0 };

    private async ValueTask<TokenFault?> ValidateAsync(
        UnverifiedToken token,
        TokenRules rules,
        CancellationToken cancellationToken
    )
    {
        if (await documents.CurrentAsync(cancellationToken) is not { } state)
            return TokenFault.ProviderUnavailable;
        var fault = TokenValidator.Validate(token, state.Keys, rules, time.GetUtcNow());
        if (fault != TokenFault.UnknownKey)
            return fault;
        // The provider may have a new key since.
        return await documents.RenewedAsync(cancellationToken) is { } renewed && renewed != state
            ? TokenValidator.Validate(token, renewed.Keys, rules, time.GetUtcNow())
            : fault;
    }

    private static TokenRules RulesOf(ProviderOptions options, string audience, IReadOnlyCollection<string> types) =>
        new(
            options.Issuer,
            audience,
            options.AllowedAlgorithms,
            types,
            TimeSpan.FromSeconds(options.ClockSkewSeconds),
            TimeSpan.FromSeconds(options.MaxTokenAgeSeconds)
        );
}
