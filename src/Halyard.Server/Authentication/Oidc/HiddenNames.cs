using System.Buffers.Text;
using System.Security.Cryptography;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;
using Halyard.Server.Authentication.Sessions;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>Hides what providers call people and sessions: the same name of the same issuer is the same hash, and tells nothing else.</summary>
internal sealed class HiddenNames(PersonalVault vault)
{
    private const string Purpose = "names of providers' sessions";

    /// <summary>The names, hidden.</summary>
    /// <param name="issuer">Who calls them so.</param>
    /// <param name="subject">A token's <c>sub</c>.</param>
    /// <param name="session">Its <c>sid</c>, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<ProviderNames> OfAsync(
        string issuer,
        string subject,
        string? session,
        CancellationToken cancellationToken
    )
    {
        var key = await vault.SecretAsync(Purpose, cancellationToken);
        return new ProviderNames(Hide(key, "sub", issuer, subject), session is null ? null : Hide(key, "sid", issuer, session));
    }

    private static string Hide(byte[] key, string claim, string issuer, string name)
    {
        // A list, so that no two of them run into each other.
        var text = new CanonicalWriter(256).StartArray().String(claim).String(issuer).String(name).EndArray().ToArray();
        return Base64Url.EncodeToString(HMACSHA256.HashData(key, text));
    }
}
