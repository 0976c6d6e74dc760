using Halyard.Core.Access;
using Halyard.Server.Authentication.Jwt;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>One identity provider (OpenID Connect), under <c>Halyard:Identity:Providers:N</c>.</summary>
internal sealed class ProviderOptions
{
    private const int MaxList = 1_000;

    /// <summary>What the provider is called in addresses and in words: <c>[a-z0-9][a-z0-9-]{0,39}</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The provider's issuer, letter for letter as its tokens say it; https, or http on loopback.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>What access tokens for this server name as their audience.</summary>
    /// <value>The default value is empty: the provider's access tokens are not taken.</value>
    public string Audience { get; set; } = "";

    /// <summary>What this server is called at the provider.</summary>
    /// <value>The default value is empty: nobody logs in with a browser.</value>
    public string ClientId { get; set; } = "";

    /// <summary>The secret that goes with it.</summary>
    /// <value>The default value is empty: none, as a public client, or that of <see cref="ClientSecretFile"/>.</value>
    public string ClientSecret { get; set; } = "";

    /// <summary>A file with the secret, readable by its owner alone; read at each use.</summary>
    /// <value>The default value is empty.</value>
    public string ClientSecretFile { get; set; } = "";

    /// <summary>What a log-in asks for, besides <c>openid</c>, separated by blanks.</summary>
    /// <value>The default value is <c>profile email</c>.</value>
    public string Scopes { get; set; } = "profile email";

    /// <summary>The algorithms that the provider may sign with.</summary>
    /// <value>The default value is empty: RS256, PS256 and ES256.</value>
    public List<string> Algorithms { get; set; } = [];

    /// <summary>How far the provider's clock may differ, in seconds: 0 to 300.</summary>
    /// <value>The default value is 60.</value>
    public int ClockSkewSeconds { get; set; } = 60;

    /// <summary>How old a token may be, in seconds, whatever its expiry says: 60 to 604,800.</summary>
    /// <value>The default value is 86,400: a day.</value>
    public int MaxTokenAgeSeconds { get; set; } = 86_400;

    /// <summary>How often the provider is asked for its keys at most, in seconds, for a key that is not known: 5 to 3,600.</summary>
    /// <value>The default value is 30.</value>
    public int KeyRefreshSeconds { get; set; } = 30;

    /// <summary>How long its keys are believed while the provider cannot be reached, in hours: 1 to 168.</summary>
    /// <value>The default value is 24.</value>
    public int StaleKeyHours { get; set; } = 24;

    /// <summary>Which tenant its people belong to.</summary>
    public TenantMapping TenantMapping { get; set; } = new();

    /// <summary>Which claims say what of a person.</summary>
    public ClaimMapping ClaimMapping { get; set; } = new();

    /// <summary>Built-in roles for groups of the provider, so that its first administrator can let others in.</summary>
    public List<GroupRole> RoleMapping { get; set; } = [];

    /// <summary>The algorithms in force.</summary>
    public IReadOnlyList<string> AllowedAlgorithms => Algorithms.Count > 0 ? Algorithms : ["RS256", "PS256", "ES256"];

    /// <summary>Whether browsers log in with it to a tenant.</summary>
    public bool LogsInto(string tenant) => ClientId.Length > 0 && TenantMapping.Tenants.Contains(tenant, StringComparer.Ordinal);

    /// <summary>Whether a token leaves out something that the provider may say elsewhere.</summary>
    public bool AsksUserInfo(TokenClaims claims) =>
        new[] { TenantMapping.Claim, ClaimMapping.Subject, ClaimMapping.Groups, ClaimMapping.Email, ClaimMapping.Name }.Any(
            claim => claim.Length > 0 && !claims.Has(claim)
        );

    /// <summary>Whether this is an address that secrets and keys may travel to and from: https, or loopback.</summary>
    public static bool IsSafe(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    /// <summary>What is wrong with the options, in words, each below <paramref name="path"/>.</summary>
    public IEnumerable<string> Problems(string path)
    {
        if (!TenantKeys.Form().IsMatch(Name))
            yield return $"{path}:{nameof(Name)} must be 1 to 40 of a-z, 0-9 and '-', not beginning with '-'.";
        if (!IsSafe(Issuer) || Issuer.AsSpan().ContainsAny('?', '#'))
            yield return $"{path}:{nameof(Issuer)} must be an https address without query, or http on loopback.";
        if (Audience.Length == 0 && ClientId.Length == 0)
            yield return $"{path} must have {nameof(Audience)}, {nameof(ClientId)} or both: nothing of it could be used.";
        if (ClientSecret.Length > 0 && ClientSecretFile.Length > 0)
            yield return $"{path}:{nameof(ClientSecret)} and {nameof(ClientSecretFile)} exclude each other.";
        if (ClientSecretFile.Length > 0 && !File.Exists(ClientSecretFile))
            yield return $"{path}:{nameof(ClientSecretFile)}: there is no file '{ClientSecretFile}'.";
        foreach (var unknown in Algorithms.Where(name => JwsAlgorithm.Find(name) is null))
            yield return $"{path}:{nameof(Algorithms)}: '{unknown}' is none of {string.Join(", ", JwsAlgorithm.Names)}.";
        if (ClockSkewSeconds is < 0 or > 300)
            yield return $"{path}:{nameof(ClockSkewSeconds)} must be 0 to 300.";
        if (MaxTokenAgeSeconds is < 60 or > 604_800)
            yield return $"{path}:{nameof(MaxTokenAgeSeconds)} must be 60 to 604800.";
        if (KeyRefreshSeconds is < 5 or > 3_600)
            yield return $"{path}:{nameof(KeyRefreshSeconds)} must be 5 to 3600.";
        if (StaleKeyHours is < 1 or > 168)
            yield return $"{path}:{nameof(StaleKeyHours)} must be 1 to 168.";
        foreach (var problem in TenantMapping.Problems($"{path}:{nameof(TenantMapping)}"))
            yield return problem;
        foreach (var problem in ClaimMapping.Problems($"{path}:{nameof(ClaimMapping)}"))
            yield return problem;
        if (RoleMapping.Count > MaxList)
            yield return $"{path}:{nameof(RoleMapping)} has more than {MaxList} entries.";
        for (var i = 0; i < RoleMapping.Count; i++)
        {
            if (RoleMapping[i].Group.Length == 0)
                yield return $"{path}:{nameof(RoleMapping)}:{i}:{nameof(GroupRole.Group)} must be the name of a group.";
            if (!BuiltInRoles.Exists(RoleMapping[i].Role))
                yield return $"{path}:{nameof(RoleMapping)}:{i}:{nameof(GroupRole.Role)} must be a role that ships with the server, such as {BuiltInRoles.Admin}.";
        }
    }
}

/// <summary>Which tenant a provider's people belong to: always the same, or the one that a claim names through a table.</summary>
internal sealed class TenantMapping
{
    private const int MaxValues = 1_000;

    /// <summary>The tenant of everybody.</summary>
    /// <value>The default value is empty: a claim decides.</value>
    public string Tenant { get; set; } = "";

    /// <summary>The claim that decides.</summary>
    /// <value>The default value is empty: everybody belongs to <see cref="Tenant"/>.</value>
    public string Claim { get; set; } = "";

    /// <summary>Which value of the claim stands for which tenant; who has another belongs to none and is refused.</summary>
    public List<TenantValue> Values { get; set; } = [];

    /// <summary>The tenant, or <see langword="null"/> where the claim names none.</summary>
    /// <param name="claimed">What the claim says, verified.</param>
    public string? Find(string? claimed) => Tenant.Length > 0 ? Tenant : Values.Find(value => value.Value == claimed)?.Tenant;

    /// <summary>Every tenant that anybody can belong to.</summary>
    public IEnumerable<string> Tenants =>
        Tenant.Length > 0 ? [Tenant] : Values.Select(value => value.Tenant).Distinct(StringComparer.Ordinal);

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems(string path)
    {
        if ((Tenant.Length > 0) == (Claim.Length > 0))
            yield return $"{path} must have either {nameof(Tenant)} or {nameof(Claim)}.";
        if (Tenant.Length > 0 && !TenantKeys.Form().IsMatch(Tenant))
            yield return $"{path}:{nameof(Tenant)} must be a tenant's key.";
        if ((Claim.Length > 0) != (Values.Count > 0))
            yield return $"{path}:{nameof(Values)} must be given with {nameof(Claim)} and not without.";
        if (Values.Count > MaxValues)
            yield return $"{path}:{nameof(Values)} has more than {MaxValues} entries.";
        for (var i = 0; i < Values.Count; i++)
        {
            if (Values[i].Value.Length == 0)
                yield return $"{path}:{nameof(Values)}:{i}:{nameof(TenantValue.Value)} must be a value of the claim.";
            if (!TenantKeys.Form().IsMatch(Values[i].Tenant))
                yield return $"{path}:{nameof(Values)}:{i}:{nameof(TenantValue.Tenant)} must be a tenant's key.";
        }
        if (Values.Select(value => value.Value).Distinct(StringComparer.Ordinal).Count() != Values.Count)
            yield return $"{path}:{nameof(Values)} names a value twice.";
    }
}

/// <summary>A value of a claim and the tenant it stands for.</summary>
internal sealed class TenantValue
{
    /// <summary>The value, letter for letter.</summary>
    public string Value { get; set; } = "";

    /// <summary>The tenant's key.</summary>
    public string Tenant { get; set; } = "";
}

/// <summary>Which claims say what of a person; each a member's name, or a JSON Pointer where it lies deeper.</summary>
internal sealed class ClaimMapping
{
    /// <summary>The claim that is the same for the same person for ever.</summary>
    /// <value>The default value is <c>sub</c>.</value>
    public string Subject { get; set; } = "sub";

    /// <summary>The claim with the groups the person belongs to.</summary>
    /// <value>The default value is <c>groups</c>.</value>
    public string Groups { get; set; } = "groups";

    /// <summary>The claim with the e-mail address.</summary>
    /// <value>The default value is <c>email</c>.</value>
    public string Email { get; set; } = "email";

    /// <summary>The claim with the person's name.</summary>
    /// <value>The default value is <c>name</c>.</value>
    public string Name { get; set; } = "name";

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems(string path)
    {
        if (Subject.Length == 0)
            yield return $"{path}:{nameof(Subject)} must be a claim.";
    }
}

/// <summary>A group and the built-in role of whoever belongs to it.</summary>
internal sealed class GroupRole
{
    /// <summary>The group, letter for letter.</summary>
    public string Group { get; set; } = "";

    /// <summary>ADMIN or CLIENT.</summary>
    public string Role { get; set; } = "";
}
