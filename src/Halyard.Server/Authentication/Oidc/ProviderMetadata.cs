using System.Text.Json;
using Halyard.Server.Authentication.Jwt;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>Where a provider is asked for what, as it announces it (OpenID Connect Discovery 1.0).</summary>
internal sealed record ProviderMetadata
{
    private const string WellKnown = "/.well-known/openid-configuration";

    /// <summary>Where its keys are.</summary>
    public required Uri Keys { get; init; }

    /// <summary>Where browsers log in, or <see langword="null"/>.</summary>
    public Uri? Authorization { get; init; }

    /// <summary>Where a code is exchanged for tokens, or <see langword="null"/>.</summary>
    public Uri? Token { get; init; }

    /// <summary>Where more is said of a person, or <see langword="null"/>.</summary>
    public Uri? UserInfo { get; init; }

    /// <summary>Where browsers log out, or <see langword="null"/>.</summary>
    public Uri? EndSession { get; init; }

    /// <summary>Whether the client's secret goes into the body of a request, because the header is not taken.</summary>
    public bool TakesSecretInBody { get; init; }

    /// <summary>Whether answers to log-ins name the issuer (RFC 9207), so that one without is none.</summary>
    public bool NamesIssuer { get; init; }

    /// <summary>Where an issuer announces itself.</summary>
    public static Uri AddressOf(string issuer) => new(issuer.TrimEnd('/') + WellKnown);

    /// <summary>Reads what a provider announces; where it cannot be used, says why in words.</summary>
    public static (ProviderMetadata? Metadata, string Problem) Read(ReadOnlyMemory<byte> utf8, string issuer)
    {
        if (!StrictJson.TryReadObject(utf8, out var document))
            return (null, "what it announces is not JSON");
        using (document)
        {
            var json = document.RootElement;
            // One provider speaking for another is how tokens of the wrong one would be believed.
            if (Text(json, "issuer") is var said && said != issuer)
                return (null, "it announces another issuer than the one configured");
            var unsafeOnes = json.EnumerateObject()
                .Where(member =>
                    member.Name
                        is "jwks_uri"
                            or "authorization_endpoint"
                            or "token_endpoint"
                            or "userinfo_endpoint"
                            or "end_session_endpoint"
                )
                .Where(member =>
                    member.Value.ValueKind != JsonValueKind.String || !ProviderOptions.IsSafe(member.Value.GetString()!)
                )
                .Select(member => member.Name)
                .ToList();
            if (unsafeOnes.Count > 0)
                return (null, $"it announces addresses that are not https: {string.Join(", ", unsafeOnes)}");
            if (Address(json, "jwks_uri") is not { } keys)
                return (null, "it announces no keys");
            var metadata = new ProviderMetadata
            {
                Keys = keys,
                Authorization = Address(json, "authorization_endpoint"),
                Token = Address(json, "token_endpoint"),
                UserInfo = Address(json, "userinfo_endpoint"),
                EndSession = Address(json, "end_session_endpoint"),
                TakesSecretInBody =
                    new TokenClaims(json).Texts("token_endpoint_auth_methods_supported") is { } methods
                    && !methods.Contains("client_secret_basic", StringComparer.Ordinal)
                    && methods.Contains("client_secret_post", StringComparer.Ordinal),
                NamesIssuer =
                    json.TryGetProperty("authorization_response_iss_parameter_supported", out var names)
                    && names.ValueKind == JsonValueKind.True,
            };
            return (metadata, "");
        }
    }

    private static string? Text(JsonElement json, string member) => new TokenClaims(json).Text(member);

    private static Uri? Address(JsonElement json, string member) => Text(json, member) is { } text ? new Uri(text) : null;
}
