using System.Net.Http.Headers;
using System.Text;
using Halyard.Server.Authentication.Jwt;
using Halyard.Server.Publishing.Signing;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>Exchanges a log-in's code for what the provider says of the person, server to server.</summary>
internal sealed partial class CodeExchange(ProviderHttp http, ILogger<CodeExchange> logger)
{
    private const int MaxError = 64;

    /// <summary>The tokens of a code.</summary>
    /// <param name="IdToken">Who logged in.</param>
    /// <param name="AccessToken">Opens what else the provider says of them, or <see langword="null"/>.</param>
    internal sealed record Tokens(string IdToken, string? AccessToken);

    /// <summary>The tokens, or <see langword="null"/> where the provider gives none.</summary>
    public async ValueTask<Tokens?> RedeemAsync(
        ProviderOptions options,
        ProviderMetadata metadata,
        LogInState state,
        string code,
        string redirect,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, metadata.Token);
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = redirect,
            ["code_verifier"] = state.Verifier,
        };
        Authenticate(request, form, options, metadata);
        request.Content = new FormUrlEncodedContent(form);
        request.Headers.Accept.ParseAdd("application/json");
        var answer = await http.SendAsync(request, cancellationToken);
        if (Read(answer) is { } claims && claims.Text("id_token", UnverifiedToken.MaxLength) is { } id)
            return new Tokens(id, claims.Text("access_token", UnverifiedToken.MaxLength));
        // For whoever sets a provider up; anybody can bring a code that is none, so not for every day.
        GivesNoTokens(options.Name, ErrorOf(answer) is { } error ? $"{answer.Words}, {error}" : answer.Words);
        return null;
    }

    /// <summary>What else the provider says of the same person, or <see langword="null"/> where it cannot be had.</summary>
    public async ValueTask<TokenClaims?> UserInfoAsync(
        Uri address,
        string accessToken,
        string subject,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        request.Headers.Accept.ParseAdd("application/json");
        // Of somebody else it would be somebody else's groups (OpenID Connect Core, 5.3.4).
        return Read(await http.SendAsync(request, cancellationToken)) is { } claims && claims.Text("sub") == subject
            ? claims
            : null;
    }

    private static void Authenticate(
        HttpRequestMessage request,
        Dictionary<string, string> form,
        ProviderOptions options,
        ProviderMetadata metadata
    )
    {
        var secret =
            options.ClientSecretFile.Length > 0 ? PrivateFile.Read(options.ClientSecretFile).Trim() : options.ClientSecret;
        if (secret.Length == 0 || metadata.TakesSecretInBody)
            form["client_id"] = options.ClientId;
        if (secret.Length == 0)
            return;
        if (metadata.TakesSecretInBody)
        {
            form["client_secret"] = secret;
            return;
        }
        // Each part in form encoding first (RFC 6749, 2.3.1).
        var pair = $"{Uri.EscapeDataString(options.ClientId)}:{Uri.EscapeDataString(secret)}";
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))
        );
    }

    [LoggerMessage(LogLevel.Debug, "The identity provider '{Provider}' gives no tokens for a code: {Problem}")]
    private partial void GivesNoTokens(string provider, string problem);

    /// <summary>The code of an error (RFC 6749, 5.2), or <see langword="null"/>.</summary>
    private static string? ErrorOf(ProviderAnswer answer) =>
        Read(answer.Body)?.Text("error", MaxError) is { } error
        && error.All(letter => char.IsAsciiLetterLower(letter) || letter == '_')
            ? error
            : null;

    private static TokenClaims? Read(ProviderAnswer answer) => answer.Good is { } body ? Read(body) : null;

    private static TokenClaims? Read(byte[] body)
    {
        if (!StrictJson.TryReadObject(body, out var document))
            return null;
        using (document)
            return new TokenClaims(document.RootElement.Clone());
    }
}
