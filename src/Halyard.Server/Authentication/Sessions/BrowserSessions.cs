using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Access.Users;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Server.Authentication.Local;
using Halyard.Server.Authentication.Oidc;

namespace Halyard.Server.Authentication.Sessions;

/// <summary>
/// The sessions of browsers: begun by a log-in, whoever vouches for it, known by a cookie, ended by a log-out, by time, or by whatever
/// takes the holder's power. Beginning and ending are entries of the log.
/// </summary>
internal sealed class BrowserSessions(
    SessionTable table,
    LocalUsers users,
    ProviderDirectory providers,
    ChangeService changes,
    SessionOptions options,
    TimeProvider time,
    Entropy entropy
)
{
    /// <summary>The header, <c>true</c>, of what a page reads by itself while nobody is at it.</summary>
    public const string UnattendedHeader = "X-Halyard-Unattended";

    /// <summary>The type of a log-in's entry.</summary>
    public const string LoggedIn = "access.logged_in";

    /// <summary>What the authorizer is asked about a log-in.</summary>
    public const string StartAction = "session.start";

    /// <summary>The type of a log-out's entry.</summary>
    public const string LoggedOut = "access.logged_out";

    /// <summary>What the authorizer is asked about a log-out.</summary>
    public const string EndAction = "session.end";

    /// <summary>
    /// Begins a session for whoever just proved who they are, and gives the browser its cookie. The session that the browser had
    /// before ends: what somebody knew of it is worth nothing after a log-in.
    /// </summary>
    /// <param name="context">The request, whose answer gets the cookie.</param>
    /// <param name="actor">Who logged in; the credential is the session's own.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The session, or why there is none: policy may refuse a log-in.</returns>
    public ValueTask<Result<OpenSession>> StartAsync(HttpContext context, Actor actor, CancellationToken cancellationToken) =>
        StartAsync(
            context,
            actor,
            null,
            null,
            new ChangeEvent(LoggedIn, $"logged in with {actor.Authentication}"),
            cancellationToken
        );

    /// <summary>The same of somebody for whom an identity provider vouches, told to the log in other words.</summary>
    public ValueTask<Result<OpenSession>> StartAsync(
        HttpContext context,
        Actor actor,
        ProviderNames names,
        ChangeEvent told,
        CancellationToken cancellationToken
    ) => StartAsync(context, actor, null, names, told, cancellationToken);

    /// <summary>The same for a user of this server, who proved it by the password: the session lasts as long as that counts.</summary>
    public ValueTask<Result<OpenSession>> StartAsync(
        HttpContext context,
        string tenant,
        User user,
        CancellationToken cancellationToken
    ) =>
        StartAsync(
            context,
            new Actor(tenant, user.Id, ActorKind.User, "password", user.Roles, null),
            user.Epoch,
            null,
            OwnTokens.Told("logged in with password", user),
            cancellationToken
        );

    private async ValueTask<Result<OpenSession>> StartAsync(
        HttpContext context,
        Actor actor,
        long? epoch,
        ProviderNames? names,
        ChangeEvent told,
        CancellationToken cancellationToken
    )
    {
        var (tenant, subject, now) = (actor.Tenant, actor.Subject, time.GetUtcNow());
        var (credential, secret) = Credential.Create(tenant, subject, entropy);
        var session = new Session
        {
            Id = entropy.NewId("b"),
            Secret = secret.ToString(),
            Started = now,
            Used = now,
            Authentication = actor.Authentication,
            // A provider may remember somebody from long ago: what it does not say is not known.
            AuthenticatedAt = actor.AuthenticatedAt ?? (actor.Issuer is null ? now : null),
            Acr = actor.Acr,
            Issuer = actor.Issuer,
            Provider = names,
            Epoch = epoch,
            Roles = actor.Roles,
            Groups = actor.Groups,
        };
        var opened = new OpenSession(tenant, subject, credential, session, now + options.Absolute);
        if (await RecordAsync(context, opened, StartAction, told, cancellationToken) is { } refusal)
            return refusal;
        if (await FindAsync(context, cancellationToken) is { } before)
            await table.EndAsync(before.Tenant, before.Subject, before.Session.Id, cancellationToken);
        await table.AddAsync(tenant, subject, session, cancellationToken);
        SessionCookie.Write(context, credential);
        return opened;
    }

    /// <summary>The session of the request's cookie, or <see langword="null"/> where it has none that is open.</summary>
    public async ValueTask<OpenSession?> FindAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (SessionCookie.Read(context.Request) is not { } credential || Name(credential) is not var (tenant, subject, secret))
            return null;
        if (await table.FindAsync(tenant, subject, secret, cancellationToken) is not { } session)
            return null;
        // Nobody vouches any more for whom a provider let in that is not configured now, or not for this tenant.
        if (session.Issuer is { } issuer && providers.IssuedBy(issuer)?.Options.LogsInto(tenant) != true)
            return null;
        var open = new OpenSession(tenant, subject, credential, session, session.Started + options.Absolute);
        if (session.Epoch is { } epoch)
        {
            // Disabled, deleted or with another password, nobody goes on; and roles are those of now.
            if (await users.FindAsync(tenant, subject, cancellationToken) is not { Enabled: true } user || user.Epoch != epoch)
                return null;
            open = open with { Actor = open.Actor with { Roles = user.Roles } };
        }
        if (!IsUnattended(context.Request))
            await table.TouchAsync(tenant, subject, session, cancellationToken);
        return open;
    }

    /// <summary>
    /// Whether a page asks this by itself, with nobody at it: that is no use of the session, or a page left open would keep it for ever.
    /// Only reads say so; whoever says it too often loses nothing but their own session.
    /// </summary>
    private static bool IsUnattended(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers[UnattendedHeader] == "true";

    /// <summary>Ends a session; the log knows, and the browser forgets its cookie.</summary>
    public async ValueTask EndAsync(HttpContext context, OpenSession open, CancellationToken cancellationToken)
    {
        await table.EndAsync(open.Tenant, open.Subject, open.Session.Id, cancellationToken);
        SessionCookie.Clear(context);
        // A policy that denies it is in the log by that; the session is over all the same.
        var told = new ChangeEvent(LoggedOut, "logged out") { About = About(open) };
        await RecordAsync(context, open, EndAction, told, cancellationToken);
    }

    private async ValueTask<Error?> RecordAsync(
        HttpContext context,
        OpenSession open,
        string action,
        ChangeEvent told,
        CancellationToken cancellationToken
    )
    {
        var caller = Caller.Of(open, context);
        var submission = new Submission(caller.Actor, caller.Request, Change.Record(action, "", told));
        var result = await changes.SubmitAsync(submission, cancellationToken);
        return !result.TryGet(out var outcome, out var error) ? error
            : outcome is Outcome.Denied denied ? new Error.Denied(denied.Reason)
            : null;
    }

    private static IReadOnlyList<ResourceName> About(OpenSession open) =>
        open.Session.Epoch is null ? [] : [User.NameOf(open.Subject)];

    private static (string Tenant, string Subject, Ledger.Digest Secret)? Name(string credential)
    {
        if (!Credential.TryParse(credential, out var sent))
            return null;
        var dot = sent.Name.IndexOf('.');
        var tenant = sent.Name[..dot].ToString();
        return TenantKeys.Form().IsMatch(tenant) ? (tenant, sent.Name[(dot + 1)..].ToString(), sent.Secret) : null;
    }
}

/// <summary>A session that is open, as a request has it.</summary>
/// <param name="Tenant">The tenant it belongs to.</param>
/// <param name="Subject">Pseudonymous id of its holder.</param>
/// <param name="Credential">What the cookie holds.</param>
/// <param name="Session">What is kept of it.</param>
/// <param name="Ends">When it ends in any case.</param>
internal sealed record OpenSession(string Tenant, string Subject, string Credential, Session Session, DateTimeOffset Ends)
{
    /// <summary>Who acts in it.</summary>
    public Actor Actor { get; init; } = Session.ActorOf(Tenant, Subject);
}
