using Halyard.Server.Authentication.Jwt;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>One identity provider: whose tokens are believed, and what they must be for each use.</summary>
internal sealed class Provider(ProviderOptions options, ProviderDocuments documents, TimeProvider time)
{
    private readonly TokenRules _accessRules = RulesOf(
        options,
        options.Audience,
        // Where both kinds of token are for the same audience, only their type tells them apart.
        options.Audience == options.ClientId
            ? TokenRules.StrictAccessTypes
            : TokenRules.AccessTypes
    );

    private readonly TokenRules _idRules = RulesOf(options, options.ClientId, TokenRules.IdTypes);

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
