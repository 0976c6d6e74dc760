using System.Text.Json.Serialization;
using Halyard.Core.Access;

namespace Halyard.Server.Authentication.Sessions;

/// <summary>A browser's session as it stands in its subject's mark. The cookie's secret itself is stored nowhere.</summary>
internal sealed record Session
{
    /// <summary>Its id, which the log names; it opens nothing.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the secret in the cookie.</summary>
    public required string Secret { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it was last seen, to within a tenth of what it may be idle.</summary>
    public required DateTimeOffset Used { get; init; }

    /// <summary>How its holder logged in: <c>password</c>, <c>oidc</c>.</summary>
    public required string Authentication { get; init; }

    /// <summary>When its holder proved who they are; <see langword="null"/> where the identity provider does not say.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>How strongly, in the identity provider's words, or <see langword="null"/>.</summary>
    public string? Acr { get; init; }

    /// <summary>The identity provider that vouches for its holder, or <see langword="null"/> for this server.</summary>
    public string? Issuer { get; init; }

    /// <summary>What the provider calls its holder and its own session, hidden; <see langword="null"/> for sessions of this server.</summary>
    public ProviderNames? Provider { get; init; }

    /// <summary>The epoch of a user of this server in which it began; <see langword="null"/> for those of identity providers.</summary>
    public long? Epoch { get; init; }

    /// <summary>The roles that its holder was given at the log-in.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The groups that the identity provider named at the log-in.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Who acts in it.</summary>
    public Actor ActorOf(string tenant, string subject) =>
        new(tenant, subject, ActorKind.User, Authentication, [.. Roles], Id)
        {
            Groups = [.. Groups],
            AuthenticatedAt = AuthenticatedAt,
            Acr = Acr,
            Issuer = Issuer,
        };
}

/// <summary>
/// What an identity provider calls somebody who logged in, as keyed hashes that tell nothing to whoever reads the store: enough to know
/// them again when the provider says that they logged out.
/// </summary>
/// <param name="Subject">Of the token's <c>sub</c>.</param>
/// <param name="Session">Of its <c>sid</c>, or <see langword="null"/> where it says none.</param>
internal sealed record ProviderNames(string Subject, string? Session);

/// <summary>The sessions of one subject.</summary>
/// <param name="Open">Those that are not over.</param>
/// <param name="AllEndedAt">
/// When somebody last ended whatever was begun in the subject's name; <see langword="null"/> for never. Tokens of log-ins before it are over.
/// </param>
internal sealed record SessionList(IReadOnlyList<Session> Open, DateTimeOffset? AllEndedAt = null);

/// <summary>Source-generated JSON of what is kept of sessions.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(SessionList))]
internal sealed partial class SessionJson : JsonSerializerContext;
