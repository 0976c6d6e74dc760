using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Server.Authentication.Jwt;
using Halyard.Server.Authentication.Sessions;
using Halyard.Server.Snapshots;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>
/// Ends sessions when an identity provider says, server to server, that somebody logged out there (OpenID Connect Back-Channel
/// Logout 1.0). What the token names is ended in every tenant that people of the provider can belong to, and the log of each knows.
/// </summary>
internal sealed class BackChannelLogOut(
    SessionTable table,
    ProviderIndex index,
    HiddenNames hidden,
    TakenOnce taken,
    ChangeService changes,
    SnapshotFollower tenants
)
{
    /// <summary>What was wrong, if anything: with the token, or with recording what it ends.</summary>
    internal readonly record struct End(TokenFault? Fault, Error? Error);

    /// <summary>Ends what a logout token names. That nothing is open any more is no fault.</summary>
    public async ValueTask<End> EndAsync(HttpContext context, Provider provider, string text)
    {
        // Whoever hangs up has said it all the same.
        var cancellationToken = CancellationToken.None;
        if (!UnverifiedToken.TryParse(text, out var token))
            return new End(TokenFault.Malformed, null);
        if (await provider.ValidateLogOutTokenAsync(token, context.RequestAborted) is { } fault)
            return new End(fault, null);
        var (issuer, claims) = (provider.Options.Issuer, token.UnverifiedClaims);
        var id = claims.Text("jti")!;
        if (taken.Contains(issuer, id))
            return new End(TokenFault.Replayed, null);
        var skew = TimeSpan.FromSeconds(provider.Options.ClockSkewSeconds);
        var names = await hidden.OfAsync(issuer, claims.Text("sub") ?? "", claims.Text("sid"), cancellationToken);
        // Whoever has logged in since then goes on.
        var latest = claims.Moment("iat")!.Value + skew;
        var hasSubject = claims.Has("sub");
        foreach (var tenant in provider.Options.TenantMapping.Tenants.Where(tenants.Follows))
        {
            var name = hasSubject ? names.Subject : names.Session!;
            if (await index.FindAsync(tenant, name, cancellationToken) is not { } subject)
                continue;
            List<Session> ended =
            [
                .. (await table.OpenAsync(tenant, subject, cancellationToken)).Where(session =>
                    session.Issuer == issuer
                    && session.Started <= latest
                    && session.Provider is { } known
                    && (!hasSubject || known.Subject == names.Subject)
                    && (names.Session is null || known.Session == names.Session)
                ),
            ];
            if (ended.Count == 0)
                continue;
            if (await EndAsync(context, provider, tenant, subject, ended, cancellationToken) is { } error)
                return new End(null, error);
        }
        taken.Add(issuer, id, claims.Moment("exp")!.Value + skew);
        return new End(null, null);
    }

    private async ValueTask<Error?> EndAsync(
        HttpContext context,
        Provider provider,
        string tenant,
        string subject,
        IReadOnlyList<Session> sessions,
        CancellationToken cancellationToken
    )
    {
        List<string> ids = [.. sessions.Select(session => session.Id)];
        var name = provider.Options.Name;
        var told = new ChangeEvent(BrowserSessions.LoggedOut, $"{subject} logged out at '{name}'")
        {
            Details = EndedSessions.Details(subject, ids, name),
        };
        var submission = new Submission(
            Actor.System(tenant),
            Caller.RequestOf(context, null),
            Change.Record(BrowserSessions.EndAction, "", told)
        );
        // The log first: what could not be recorded the provider tells again.
        if ((await changes.SubmitAsync(submission, cancellationToken)).Error is { } error)
            return error;
        await table.EndAsync(tenant, subject, ids, cancellationToken);
        return null;
    }
}
