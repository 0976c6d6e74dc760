using Halyard.Core.Access;
using Halyard.Core.Storage.Privacy;
using Halyard.Server.Authentication.Jwt;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>Somebody as a provider's verified claims tell of them.</summary>
/// <param name="Tenant">The tenant they belong to.</param>
/// <param name="Subject">What the provider calls them; personal, and the same for ever.</param>
/// <param name="Kind">A person, or a service that acts for itself.</param>
/// <param name="Groups">The groups they belong to.</param>
/// <param name="Roles">The built-in roles of these groups.</param>
/// <param name="Email">Their e-mail address, or <see langword="null"/>; personal.</param>
/// <param name="Name">Their name, or <see langword="null"/>; personal.</param>
/// <param name="AuthenticatedAt">When they proved who they are, or <see langword="null"/>.</param>
/// <param name="Acr">How strongly, or <see langword="null"/>.</param>
internal sealed record Person(
    string Tenant,
    string Subject,
    ActorKind Kind,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Roles,
    string? Email,
    string? Name,
    DateTimeOffset? AuthenticatedAt,
    string? Acr
)
{
    /// <summary>How such a person proves who they are, as the log says it.</summary>
    public const string Authentication = "oidc";

    /// <summary>The most characters of what a provider calls somebody, or a session of theirs; as OpenID Connect bounds it.</summary>
    public const int MaxSubject = 255;

    private const int MaxGroups = 256;
    private const int MaxGroup = 256;

    // They are kept with every session.
    private const int MaxGroupCharacters = 8_192;
    private const int MaxAcr = 256;
    private const int MaxPersonal = 320;

    /// <summary>Reads verified claims; <see langword="null"/> with the fault where they name nobody of this server.</summary>
    /// <param name="options">The provider's mappings.</param>
    /// <param name="claims">The claims of a token that was verified.</param>
    /// <param name="more">What else the provider says of the same person, or <see langword="null"/>.</param>
    public static (Person? Person, TokenFault Fault) Read(ProviderOptions options, TokenClaims claims, TokenClaims? more = null)
    {
        var mapping = options.ClaimMapping;
        var tenant = options.TenantMapping.Find(
            options.TenantMapping.Claim is { Length: > 0 } claim ? Text(claim, claims, more, TokenClaims.MaxText) : null
        );
        if (tenant is null)
            return (null, TokenFault.Tenant);
        var subject = Text(mapping.Subject, claims, more, MaxSubject);
        if (string.IsNullOrEmpty(subject) || subject.Any(char.IsControl))
            return (null, TokenFault.Claims);
        if (ReadGroups(mapping.Groups, claims, more) is not { } groups)
            return (null, TokenFault.Claims);
        var roles = options
            .RoleMapping.Where(item => groups.Contains(item.Group, StringComparer.Ordinal))
            .Select(item => item.Role)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var person = new Person(
            tenant,
            subject,
            // A client that acts for itself is its own subject (RFC 9068, 2.2).
            claims.Text("client_id")
                is { } client
            && client == claims.Text("sub")
                ? ActorKind.Service
                : ActorKind.User,
            groups,
            roles,
            // An address that the provider knows to be unproven names nobody.
            claims.Is("email_verified", truth: false)
            || more?.Is("email_verified", truth: false) == true
                ? null
                : Text(mapping.Email, claims, more, MaxPersonal),
            Text(mapping.Name, claims, more, MaxPersonal),
            claims.Moment("auth_time"),
            claims.Text("acr") is { Length: <= MaxAcr } acr ? acr : null
        );
        return (person, default);
    }

    /// <summary>Who acts: the person under the id that this server knows them by.</summary>
    public async ValueTask<Actor> ActorAsync(ProviderOptions options, PersonalVault vault, CancellationToken cancellationToken) =>
        new(
            Tenant,
            await vault.SubjectOfAsync(Tenant, options.Issuer, Subject, cancellationToken),
            Kind,
            Authentication,
            [.. Roles],
            // No credential of this server.
            null
        )
        {
            Groups = [.. Groups],
            AuthenticatedAt = AuthenticatedAt,
            Acr = Acr,
            Issuer = options.Issuer,
        };

    /// <summary>The groups, in ordinal order; <see langword="null"/> where they cannot be read: a group may take rights, too.</summary>
    private static List<string>? ReadGroups(string claim, TokenClaims claims, TokenClaims? more)
    {
        if (claim.Length == 0)
            return [];
        // Too many for the token: the provider says only where to ask for them (OpenID Connect Core, 5.6.2).
        if (claims.Has($"/_claim_names/{claim}"))
            return null;
        var source = claims.Has(claim) ? claims : more;
        if (source?.Has(claim) != true)
            return [];
        return
            source.Texts(claim) is { Count: <= MaxGroups } groups
            && groups.All(group => group.Length is > 0 and <= MaxGroup)
            && groups.Sum(group => group.Length) <= MaxGroupCharacters
            ? [.. groups.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : null;
    }

    private static string? Text(string claim, TokenClaims claims, TokenClaims? more, int longest) =>
        claim.Length > 0 && (claims.Text(claim) ?? more?.Text(claim)) is { } text && text.Length <= longest ? text : null;
}
