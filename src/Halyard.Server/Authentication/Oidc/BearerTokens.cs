using Halyard.Core.Storage.Privacy;
using Halyard.Server.Authentication.Jwt;
using Halyard.Server.Authentication.Local;
using Halyard.Server.Snapshots;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>Tells who calls with an access token of an identity provider, or of this server itself. Tenant and person follow from the token alone.</summary>
internal sealed class BearerTokens(
    ProviderDirectory providers,
    OwnTokens own,
    SnapshotFollower tenants,
    PersonalVault vault,
    LogIns logIns,
    LogInMeter meter,
    RefusalLog refusals
)
{
    /// <summary>Who sent the token, or <see langword="null"/> where it proves nobody.</summary>
    public async ValueTask<Caller?> FindAsync(HttpContext context, string text)
    {
        var cancellationToken = context.RequestAborted;
        if (!UnverifiedToken.TryParse(text, out var token))
            return Refuse("", TokenFault.Malformed);
        if (token.UnverifiedClaims.Text("iss") is { } our && own.AreOf(our))
        {
            var (user, revoked) = await own.FindAsync(context, token);
            return user ?? Refuse(OwnTokens.Provider, revoked);
        }
        if (token.UnverifiedClaims.Text("iss") is not { } issuer || providers.IssuedBy(issuer) is not { } provider)
            return Refuse("", TokenFault.Issuer);
        var options = provider.Options;
        if (await provider.ValidateAccessTokenAsync(token, cancellationToken) is { } fault)
            return Refuse(options.Name, fault);
        var (person, problem) = Person.Read(options, token.UnverifiedClaims);
        if (person is null)
            return Refuse(options.Name, problem);
        if (!tenants.Follows(person.Tenant))
            return Refuse(options.Name, TokenFault.Tenant);
        meter.Accepted(options.Name);
        var caller = new Caller(await person.ActorAsync(options, vault, cancellationToken), Caller.RequestOf(context, null));
        await logIns.SeenAsync(caller, person, options.Name, cancellationToken);
        return caller;
    }

    private Caller? Refuse(string provider, TokenFault fault)
    {
        refusals.Add(provider, fault);
        return null;
    }
}
