using System.Net.Http.Headers;
using System.Text;
using Halyard.Server.Authentication.Jwt;
using Halyard.Server.Publishing.Signing;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>Exchanges a log-in's code for what the provider says of the person, server to server.</summary>
internal sealed class CodeExchange(ProviderHttp http)
{
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
        return Read(answer) is { } claims && claims.Text("id_token", UnverifiedToken.MaxLength) is { } id
            ? new Tokens(id, claims.Text("access_token", UnverifiedToken.MaxLength))
            : null;
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

    private static TokenClaims? Read(ProviderAnswer answer)
    {
        if (answer.Good is not { } body || !StrictJson.TryReadObject(body, out var document))
            return null;
        using (document)
            return new TokenClaims(document.RootElement.Clone());
    }
}
