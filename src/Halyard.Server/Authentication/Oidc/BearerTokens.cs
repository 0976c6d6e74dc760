using Halyard.Core.Access;
using Halyard.Core.Storage.Privacy;
using Halyard.Server.Authentication.Jwt;
using Halyard.Server.Snapshots;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>Tells who calls with an access token of an identity provider. Tenant and person follow from the token alone.</summary>
internal sealed class BearerTokens(
    ProviderDirectory providers,
    SnapshotFollower tenants,
    PersonalVault vault,
    LogInMeter meter,
    RefusalLog refusals
)
{
    /// <summary>Who sent the token, or <see langword="null"/> where it proves nobody.</summary>
    public async ValueTask<(Actor Actor, Person Person)?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (!UnverifiedToken.TryParse(text, out var token))
            return Refuse("", TokenFault.Malformed);
        if (token.UnverifiedClaims.Text("iss") is not { } issuer || providers.IssuedBy(issuer) is not { } provider)
            return Refuse("", TokenFault.Issuer);
        var name = provider.Options.Name;
        if (await provider.ValidateAccessTokenAsync(token, cancellationToken) is { } fault)
            return Refuse(name, fault);
        var (person, problem) = Person.Read(provider.Options, token.UnverifiedClaims);
        if (person is null)
            return Refuse(name, problem);
        if (!tenants.Follows(person.Tenant))
            return Refuse(name, TokenFault.Tenant);
        meter.Accepted(name);
        return (await person.ActorAsync(provider.Options, vault, cancellationToken), person);
    }

    private (Actor, Person)? Refuse(string provider, TokenFault fault)
    {
        refusals.Add(provider, fault);
        return null;
    }
}
