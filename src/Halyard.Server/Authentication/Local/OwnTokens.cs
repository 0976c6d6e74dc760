using System.Globalization;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Access.Users;
using Halyard.Core.Changes;
using Halyard.Ledger;
using Halyard.Server.Authentication.Jwt;
using Halyard.Server.Authentication.Oidc;
using Halyard.Server.Authentication.Sessions;
using Halyard.Server.Hosting;

namespace Halyard.Server.Authentication.Local;

/// <summary>
/// The short-lived tokens (JWT) that this server gives its own users, for calls that no browser makes. They say who somebody is; what
/// that person may do, and whether they still may anything, is looked up with each call.
/// </summary>
internal sealed class OwnTokens(
    TokenKeys keys,
    LocalUsers users,
    SessionTable sessions,
    ChangeService changes,
    HalyardOptions options,
    TimeProvider time,
    Entropy entropy
)
{
    /// <summary>What this server is called where others are called by their names in the configuration.</summary>
    public const string Provider = "this server";

    private const string Audience = "halyard";
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    private readonly TokenRules _rules = new(
        IssuerOf(options),
        Audience,
        ["ES256"],
        TokenRules.StrictAccessTypes,
        Skew,
        options.Identity.Local.TokenLifetime
    );

    /// <summary>Whether the issuer is this server.</summary>
    public bool AreOf(string issuer) => issuer == _rules.Issuer;

    /// <summary>A token for somebody who just proved who they are, with how long it lasts; the log knows of it first.</summary>
    public async ValueTask<Result<(string Token, TimeSpan Lifetime)>> IssueAsync(HttpContext context, string tenant, User user)
    {
        var now = time.GetUtcNow();
        var id = entropy.NewId("j");
        var actor = new Actor(tenant, user.Id, ActorKind.User, "password", user.Roles, id) { AuthenticatedAt = now };
        var told = Told("logged in with password for a token", user);
        var change = Change.Record(BrowserSessions.StartAction, "", told);
        var submission = new Submission(actor, Caller.RequestOf(context, null), change);
        var result = await changes.SubmitAsync(submission, context.RequestAborted);
        if (!result.TryGet(out var outcome, out var error))
            return error;
        if (outcome is Outcome.Denied denied)
            return new Error.Denied(denied.Reason);
        return (keys.Sign(Claims(tenant, user, id, now)), options.Identity.Local.TokenLifetime);
    }

    /// <summary>Who sent a token of this server, or what is wrong with it.</summary>
    public async ValueTask<(Caller? Caller, TokenFault Fault)> FindAsync(HttpContext context, UnverifiedToken token)
    {
        if (!options.Identity.Local.Enabled)
            return (null, TokenFault.Issuer);
        if (TokenValidator.Validate(token, keys.Public, _rules, time.GetUtcNow()) is { } fault)
            return (null, fault);
        // Signed here: each claim is as it was written.
        var claims = token.UnverifiedClaims;
        var (tenant, subject) = (claims.Text("tenant")!, claims.Text("sub")!);
        var user = await users.FindAsync(tenant, subject, context.RequestAborted);
        if (user is not { Enabled: true } || claims.Text("epoch") != Text(user.Epoch))
            return (null, TokenFault.Revoked);
        if (await sessions.IsOverAsync(tenant, subject, claims.Moment("iat")!.Value, context.RequestAborted))
            return (null, TokenFault.Revoked);
        var actor = new Actor(tenant, subject, ActorKind.User, "password", user.Roles, claims.Text("jti"))
        {
            AuthenticatedAt = claims.Moment("auth_time"),
        };
        return (new Caller(actor, Caller.RequestOf(context, null)), default);
    }

    /// <summary>What the log is told of a user of this server who logged in, in the form of those whom identity providers vouch for.</summary>
    public static ChangeEvent Told(string words, User user) =>
        new(BrowserSessions.LoggedIn, words) { About = [user.Name], Details = LogIns.Details(Provider) };

    private byte[] Claims(string tenant, User user, string id, DateTimeOffset now)
    {
        var claims = new CanonicalWriter(512).StartObject();
        claims.Name("aud").String(Audience);
        claims.Name("auth_time").Number(now.ToUnixTimeSeconds());
        claims.Name("epoch").String(Text(user.Epoch));
        claims.Name("exp").Number((now + options.Identity.Local.TokenLifetime).ToUnixTimeSeconds());
        claims.Name("iat").Number(now.ToUnixTimeSeconds());
        claims.Name("iss").String(_rules.Issuer);
        claims.Name("jti").String(id);
        claims.Name("roles").StartArray();
        foreach (var role in user.Roles)
            claims.String(role);
        claims.EndArray();
        claims.Name("sub").String(user.Id);
        claims.Name("tenant").String(tenant);
        return claims.EndObject().ToArray();
    }

    private static string Text(long epoch) => epoch.ToString(CultureInfo.InvariantCulture);

    private static string IssuerOf(HalyardOptions options) =>
        options.PublicUrl.Length > 0 ? options.PublicUrl.TrimEnd('/') : $"urn:halyard:{options.LogHost}";
}
