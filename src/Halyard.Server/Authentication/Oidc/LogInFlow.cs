using System.Globalization;
using Halyard.Core;
using Halyard.Core.Storage.Privacy;
using Halyard.Server.Authentication.Jwt;
using Halyard.Server.Authentication.Sessions;
using Halyard.Server.Hosting;
using Halyard.Server.Snapshots;
using Microsoft.AspNetCore.WebUtilities;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>What the provider's answer to a log-in came to.</summary>
/// <param name="Fault">Why nobody is logged in; <see langword="null"/> where somebody is.</param>
/// <param name="Refusal">What policy says to the log-in, or <see langword="null"/>.</param>
/// <param name="ReturnUrl">Where the browser goes.</param>
internal sealed record LogInEnd(TokenFault? Fault, Error? Refusal, string ReturnUrl);

/// <summary>
/// Logs people in at an identity provider: authorization code with PKCE, state and nonce (OpenID Connect Core, 3.1; RFC 9700). It ends
/// in a session of this server; no token of the provider is kept.
/// </summary>
internal sealed class LogInFlow(
    ProviderDirectory providers,
    CodeExchange exchange,
    BrowserSessions sessions,
    SnapshotFollower tenants,
    PersonalVault vault,
    HiddenNames hidden,
    LogInMeter meter,
    HalyardOptions options,
    TimeProvider time,
    Entropy entropy
)
{
    private const string Purpose = "log-in state";
    private const int MaxCode = 4_096;

    /// <summary>Where the browser is sent to log in; it gets its state. <see langword="null"/> where the provider cannot be had.</summary>
    /// <param name="context">The request, whose answer gets the cookie.</param>
    /// <param name="provider">Where to log in.</param>
    /// <param name="returnUrl">Where the browser goes afterwards: a path of this server.</param>
    /// <param name="maxAge">How long ago the person may have proved who they are, in seconds; <see langword="null"/> for any time.</param>
    /// <param name="acr">How strongly, one of these; empty for in any way.</param>
    public async ValueTask<string?> BeginAsync(
        HttpContext context,
        Provider provider,
        string returnUrl,
        int? maxAge,
        IReadOnlyList<string> acr
    )
    {
        var metadata = (await provider.StateAsync(context.RequestAborted))?.Metadata;
        if (metadata is not { Authorization: { } authorization, Token: not null })
            return null;
        var state = LogInState.Begin(provider.Options.Name, returnUrl, time.GetUtcNow(), entropy) with
        {
            MaxAge = maxAge,
            Acr = acr,
        };
        var key = await vault.SecretAsync(Purpose, context.RequestAborted);
        LogInCookie.Write(context, state.Seal(key, entropy));
        var query = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = provider.Options.ClientId,
            ["redirect_uri"] = RedirectOf(context, provider),
            ["scope"] = $"openid {provider.Options.Scopes}".Trim(),
            ["state"] = state.State,
            ["nonce"] = state.Nonce,
            ["code_challenge"] = state.Challenge,
            ["code_challenge_method"] = "S256",
        };
        if (maxAge is { } seconds)
            query["max_age"] = seconds.ToString(CultureInfo.InvariantCulture);
        if (acr.Count > 0)
            query["acr_values"] = string.Join(' ', acr);
        return QueryHelpers.AddQueryString(authorization.OriginalString, query);
    }

    /// <summary>Ends a log-in with what the browser brings back: a session, or why there is none.</summary>
    public async ValueTask<LogInEnd> EndAsync(HttpContext context, Provider provider)
    {
        var cancellationToken = context.RequestAborted;
        var now = time.GetUtcNow();
        // Whatever comes of it, a state is used once.
        var kept = LogInCookie.Take(context);
        var key = await vault.SecretAsync(Purpose, cancellationToken);
        if (kept is null || LogInState.Open(kept, key, now) is not { } state || state.Provider != provider.Options.Name)
            return Failed(TokenFault.State);
        var metadata = (await provider.StateAsync(cancellationToken))?.Metadata;
        if (metadata is not { Token: not null })
            return Failed(TokenFault.ProviderUnavailable);
        if (!IsAnswerTo(context.Request.Query, state, provider.Options, metadata))
            return Failed(TokenFault.State);
        if (
            context.Request.Query["code"] is not [{ Length: > 0 and <= MaxCode } code]
            || context.Request.Query["error"].Count > 0
        )
            return Failed(TokenFault.Refused);
        var redirect = RedirectOf(context, provider);
        var tokens = await exchange.RedeemAsync(provider.Options, metadata, state, code, redirect, cancellationToken);
        if (tokens is null)
            return Failed(TokenFault.Code);
        var (person, names, fault) = await PersonOfAsync(provider, metadata, state, tokens, cancellationToken);
        if (person is null || names is null)
            return Failed(fault);
        if (!tenants.Follows(person.Tenant))
            return Failed(TokenFault.Tenant);
        meter.Accepted(provider.Options.Name);
        var actor = await person.ActorAsync(provider.Options, vault, cancellationToken);
        var told = LogIns.Told($"logged in with '{provider.Options.Name}'", person, provider.Options.Name);
        var started = await sessions.StartAsync(context, actor, names, told, cancellationToken);
        return new LogInEnd(null, started.Error, state.ReturnUrl);
    }

    /// <summary>
    /// Where the browser ends its log-in at the provider too, or <see langword="null"/> where the provider has no such place.
    /// </summary>
    public async ValueTask<string?> EndSessionAsync(HttpContext context, string issuer)
    {
        if (providers.IssuedBy(issuer) is not { } provider)
            return null;
        var address = (await provider.StateAsync(context.RequestAborted))?.Metadata.EndSession;
        return address is null
            ? null
            : QueryHelpers.AddQueryString(
                address.OriginalString,
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["client_id"] = provider.Options.ClientId,
                    ["post_logout_redirect_uri"] = $"{Origin(context)}/",
                }
            );
    }

    private static LogInEnd Failed(TokenFault fault) => new(fault, null, "");

    /// <summary>Whether what the browser brings answers this state, and is of this issuer (RFC 9207).</summary>
    private static bool IsAnswerTo(
        IQueryCollection query,
        LogInState state,
        ProviderOptions options,
        ProviderMetadata metadata
    ) =>
        query["state"] is [{ } sent]
        && LogInState.AreSame(sent, state.State)
        && (query["iss"] is [{ } issuer] ? issuer == options.Issuer : query["iss"].Count == 0 && !metadata.NamesIssuer);

    private async ValueTask<(Person? Person, ProviderNames? Names, TokenFault Fault)> PersonOfAsync(
        Provider provider,
        ProviderMetadata metadata,
        LogInState state,
        CodeExchange.Tokens tokens,
        CancellationToken cancellationToken
    )
    {
        if (!UnverifiedToken.TryParse(tokens.IdToken, out var token))
            return (null, null, TokenFault.Malformed);
        if (await provider.ValidateIdTokenAsync(token, cancellationToken) is { } fault)
            return (null, null, fault);
        var claims = token.UnverifiedClaims;
        if (claims.Text("nonce") is not { } nonce || !LogInState.AreSame(nonce, state.Nonce))
            return (null, null, TokenFault.Nonce);
        if (!IsFresh(claims, state, provider.Options) || (state.Acr.Count > 0 && !state.Acr.Contains(claims.Text("acr"))))
            return (null, null, TokenFault.Authentication);
        TokenClaims? more = null;
        if (provider.Options.AsksUserInfo(claims) && metadata.UserInfo is { } address && tokens.AccessToken is { } opener)
        {
            more = await exchange.UserInfoAsync(address, opener, claims.Text("sub") ?? "", cancellationToken);
            if (more is null)
                return (null, null, TokenFault.UserInfo);
        }
        var (person, problem) = Person.Read(provider.Options, claims, more);
        // An ID token without a sub is none (OpenID Connect Core, 2); whichever claim names the person here.
        return person is null || claims.Text("sub", Person.MaxSubject) is not { Length: > 0 } subject
            ? (null, null, person is null ? problem : TokenFault.Claims)
            : (
                person,
                await hidden.OfAsync(provider.Options.Issuer, subject, claims.Text("sid", Person.MaxSubject), cancellationToken),
                default
            );
    }

    private bool IsFresh(TokenClaims claims, LogInState state, ProviderOptions provider) =>
        state.MaxAge is not { } seconds
        || (
            claims.Moment("auth_time") is { } at
            && time.GetUtcNow() - at <= TimeSpan.FromSeconds(seconds + provider.ClockSkewSeconds)
        );

    private string RedirectOf(HttpContext context, Provider provider) =>
        $"{Origin(context)}/auth/callback/{provider.Options.Name}";

    private string Origin(HttpContext context) =>
        options.PublicUrl.Length > 0 ? options.PublicUrl.TrimEnd('/') : $"{context.Request.Scheme}://{context.Request.Host}";
}
