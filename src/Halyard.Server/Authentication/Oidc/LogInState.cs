using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Halyard.Core;
using Halyard.Core.Audit.Privacy;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>What a log-in that was begun must be answered with. The browser keeps it, encrypted, and can neither read nor change it.</summary>
internal sealed record LogInState
{
    /// <summary>How long a log-in may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private const int MaxLength = 4_096;
    private const int RandomBytes = 32;

    private static readonly byte[] Place = "halyard/log-in/1"u8.ToArray();

    /// <summary>The provider's name.</summary>
    public required string Provider { get; init; }

    /// <summary>What the provider must send back to the browser.</summary>
    public required string State { get; init; }

    /// <summary>What the ID token must hold.</summary>
    public required string Nonce { get; init; }

    /// <summary>What proves at the provider that the code is ours (PKCE, RFC 7636).</summary>
    public required string Verifier { get; init; }

    /// <summary>Where the browser goes afterwards: a path of this server.</summary>
    public required string ReturnUrl { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset Begun { get; init; }

    /// <summary>How long ago the person may have proved who they are, in seconds; <see langword="null"/> for any time.</summary>
    public int? MaxAge { get; init; }

    /// <summary>How strongly, one of these; empty for in any way.</summary>
    public IReadOnlyList<string> Acr { get; init; } = [];

    /// <summary>What the authorization request says of the verifier.</summary>
    [JsonIgnore]
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>A new log-in.</summary>
    public static LogInState Begin(string provider, string returnUrl, DateTimeOffset now, Entropy entropy) =>
        new()
        {
            Provider = provider,
            State = Base64Url.EncodeToString(entropy.Bytes(RandomBytes)),
            Nonce = Base64Url.EncodeToString(entropy.Bytes(RandomBytes)),
            Verifier = Base64Url.EncodeToString(entropy.Bytes(RandomBytes)),
            ReturnUrl = returnUrl,
            Begun = now,
        };

    /// <summary>The state that a browser kept, or <see langword="null"/> where it is none of ours or too old.</summary>
    public static LogInState? Open(string text, byte[] key, DateTimeOffset now)
    {
        if (text.Length > MaxLength || !Base64Url.IsValid(text))
            return null;
        using var cipher = new SealedBytes(key);
        if (cipher.Open(Base64Url.DecodeFromChars(text), Place) is not { } clear)
            return null;
        var state = JsonSerializer.Deserialize(clear, LogInJson.Default.LogInState)!;
        return now - state.Begun <= Patience ? state : null;
    }

    /// <summary>As the browser keeps it.</summary>
    public string Seal(byte[] key, Entropy entropy)
    {
        using var cipher = new SealedBytes(key);
        var clear = JsonSerializer.SerializeToUtf8Bytes(this, LogInJson.Default.LogInState);
        return Base64Url.EncodeToString(cipher.Seal(clear, Place, entropy));
    }

    /// <summary>Whether two secrets are the same; takes the same time wherever they differ.</summary>
    public static bool AreSame(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}

/// <summary>Source-generated JSON of log-ins under way.</summary>
[JsonSerializable(typeof(LogInState))]
internal sealed partial class LogInJson : JsonSerializerContext;
