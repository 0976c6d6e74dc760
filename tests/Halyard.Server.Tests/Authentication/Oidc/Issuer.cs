using System.Text.Json.Nodes;
using Halyard.Server.Tests.Authentication.Jwt;
using Halyard.Server.Tests.Delivery;
using Microsoft.AspNetCore.WebUtilities;

namespace Halyard.Server.Tests.Authentication.Oidc;

/// <summary>An identity provider that says whatever a test likes, on loopback.</summary>
public sealed class Issuer : IAsyncDisposable
{
    public const string ClientId = "halyard";
    public const string Audience = "halyard-api";

    private readonly StandIn _standIn;

    private Issuer(StandIn standIn)
    {
        _standIn = standIn;
        Metadata = new JsonObject
        {
            ["issuer"] = Address,
            ["jwks_uri"] = $"{Address}/keys",
            ["authorization_endpoint"] = $"{Address}/authorize?audience=x",
            ["token_endpoint"] = $"{Address}/token",
            ["end_session_endpoint"] = $"{Address}/logout",
        };
        _standIn.Answers(Answer);
    }

    public string Address => _standIn.Address;

    internal TokenForge Forge { get; private set; } = new();

    /// <summary>What it announces.</summary>
    public JsonObject Metadata { get; }

    /// <summary>Where set, the answer to everything.</summary>
    public Reply? Instead { get; set; }

    /// <summary>What is said of the person with the next code; <see langword="null"/> to refuse it.</summary>
    public Func<JsonObject>? IdClaims { get; set; }

    /// <summary>What else it says of the person.</summary>
    public string? UserInfo { get; set; }

    /// <summary>What was sent to redeem the last code.</summary>
    public IReadOnlyDictionary<string, string> Redeemed { get; private set; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The header that the last code was redeemed with.</summary>
    public string Authorization { get; private set; } = "";

    public int Asked(string path) => _standIn.Requests.Count(request => request.Path == path);

    public static async Task<Issuer> StartAsync() => new(await StandIn.StartAsync());

    /// <summary>Has other keys from now on.</summary>
    public void Rotate() => Forge = new TokenForge();

    /// <summary>Claims of an access token, right now and right in every respect.</summary>
    public JsonObject Claims(DateTimeOffset now, string subject = "person-1", params (string Name, JsonNode? Value)[] changed)
    {
        var claims = TokenForge.Claims([
            ("iss", Address),
            ("aud", Audience),
            ("sub", subject),
            ("iat", now.ToUnixTimeSeconds()),
            ("exp", now.ToUnixTimeSeconds() + 300),
        ]);
        foreach (var (name, value) in changed)
        {
            claims.Remove(name);
            if (value is not null)
                claims[name] = value;
        }
        return claims;
    }

    public ValueTask DisposeAsync() => _standIn.DisposeAsync();

    private Reply Answer(Received request) =>
        Instead
        ?? request.Path switch
        {
            "/.well-known/openid-configuration" => new Reply(200, Metadata.ToJsonString()),
            "/keys" => new Reply(200, Forge.PublicKeys.ToJsonString()),
            "/token" => Redeem(request),
            "/userinfo" when UserInfo is not null => new Reply(200, UserInfo),
            _ => new Reply(404),
        };

    private Reply Redeem(Received request)
    {
        Redeemed = new FormReader(request.Text)
            .ReadForm()
            .ToDictionary(item => item.Key, item => item.Value.ToString(), StringComparer.Ordinal);
        Authorization = request.Headers.TryGetValue("Authorization", out var sent) ? sent : "";
        if (IdClaims is null)
            return new Reply(400, """{"error":"invalid_grant"}""");
        var answer = new JsonObject { ["id_token"] = Forge.Token(IdClaims()), ["access_token"] = "opener" };
        return new Reply(200, answer.ToJsonString());
    }
}
