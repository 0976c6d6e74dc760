using System.Diagnostics;
using System.Net;
using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Server.Authentication.Oidc;
using Halyard.Server.Authentication.Sessions;
using Halyard.Server.Edges;
using Halyard.Server.Hosting;
using Halyard.Server.Management;
using Microsoft.AspNetCore.Http.Features;

namespace Halyard.Server.Authentication;

/// <summary>What an endpoint asks of its caller. An endpoint without one is closed to everybody.</summary>
/// <param name="Kind">Which credential.</param>
/// <param name="Action">What the authorizer is asked before the handler runs; <see langword="null"/> where the pipeline asks.</param>
/// <param name="Filters">
/// Whether the handler leaves out what the caller's plan leaves out; otherwise the action must be allowed on the whole project, or
/// tenant.
/// </param>
internal sealed record AccessRule(AccessKind Kind, string? Action, bool Filters = false);

/// <summary>Which credential an endpoint takes.</summary>
internal enum AccessKind
{
    /// <summary>None.</summary>
    Anonymous,

    /// <summary>A bearer token, or a browser's session.</summary>
    Token,

    /// <summary>A browser's session.</summary>
    Session,

    /// <summary>An SDK key.</summary>
    SdkKey,
}

/// <summary>Says what an endpoint asks of its caller.</summary>
internal static class AccessRules
{
    /// <summary>Open to everybody.</summary>
    public static T AllowEverybody<T>(this T builder)
        where T : IEndpointConventionBuilder => builder.WithMetadata(new AccessRule(AccessKind.Anonymous, null));

    /// <summary>Reads: the authorizer is asked about the action; a denial is audited.</summary>
    public static T Reads<T>(this T builder, string action)
        where T : IEndpointConventionBuilder => builder.WithMetadata(new AccessRule(AccessKind.Token, action));

    /// <summary>
    /// The same where the caller sees what it may: the handler asks <see cref="Callers.Plan"/> about every resource, and answers for a
    /// hidden one as for one that does not exist.
    /// </summary>
    public static T ReadsVisible<T>(this T builder, string action)
        where T : IEndpointConventionBuilder => builder.WithMetadata(new AccessRule(AccessKind.Token, action, Filters: true));

    /// <summary>Writes through the pipeline, which asks the authorizer itself.</summary>
    public static T SubmitsChange<T>(this T builder)
        where T : IEndpointConventionBuilder =>
        builder.WithMetadata(new AccessRule(AccessKind.Token, null), SubmitsChangeMarker.Instance);

    /// <summary>Concerns nothing but the browser's own session.</summary>
    public static T WithOwnSession<T>(this T builder)
        where T : IEndpointConventionBuilder => builder.WithMetadata(new AccessRule(AccessKind.Session, null));

    /// <summary>Evaluates with an SDK key.</summary>
    public static T EvaluatesWithSdkKey<T>(this T builder)
        where T : IEndpointConventionBuilder => builder.WithMetadata(new AccessRule(AccessKind.SdkKey, null));
}

/// <summary>Marks endpoints that submit a change; the route inventory test holds it against what their handlers call.</summary>
internal sealed class SubmitsChangeMarker
{
    public static readonly SubmitsChangeMarker Instance = new();
}

/// <summary>Establishes who calls, and closes every endpoint to whoever may not.</summary>
internal sealed class AccessMiddleware(
    RequestDelegate next,
    CredentialDirectory credentials,
    BrowserSessions sessions,
    BearerTokens providers,
    ChangeService changes,
    Reauthentication reauthentication,
    RequestLimits limits,
    HalyardOptions options
)
{
    private const string Bearer = "Bearer ";

    public Task InvokeAsync(HttpContext context)
    {
        // What is not a mapped route is the framework's own answer: no such address, wrong method.
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
            return next(context);
        switch (endpoint.Metadata.GetMetadata<AccessRule>())
        {
            case { Kind: AccessKind.Anonymous }:
                return next(context);
            case { Kind: AccessKind.SdkKey } when Sent(context, out var sent) && credentials.FindSdkKey(sent) is { } caller:
                context.Features.Set(caller);
                return next(context);
            case { Kind: AccessKind.Token } rule when Sent(context, out var sent) && credentials.FindToken(sent) is { } holder:
                return InvokeAsync(context, rule, Caller.Of(holder.Tenant, holder.Token, context));
            case { Kind: AccessKind.Token } rule when ForeignToken(context) is { } token:
                return InvokeWithTokenAsync(context, rule, token);
            // Whoever sends a credential is not saved by a cookie where it is no good one.
            case { Kind: AccessKind.Token or AccessKind.Session } rule when context.Request.Headers.Authorization.Count == 0:
                return InvokeInSessionAsync(context, rule);
            default:
                return RefuseAsync(context);
        }
    }

    private async Task InvokeInSessionAsync(HttpContext context, AccessRule rule)
    {
        if (await sessions.FindAsync(context, context.RequestAborted) is not { } open)
        {
            await RefuseAsync(context);
            return;
        }
        if (!CrossSite.MayUseCookie(context.Request, open.Credential, options.PublicUrl))
        {
            await Problems.CrossSite().ExecuteAsync(context);
            return;
        }
        context.Features.Set(open);
        await InvokeAsync(context, rule, Caller.Of(open, context));
    }

    private async Task InvokeWithTokenAsync(HttpContext context, AccessRule rule, string token)
    {
        if (await providers.FindAsync(context, token) is { } caller)
            await InvokeAsync(context, rule, caller);
        else
            await RefuseAsync(context);
    }

    private static Task RefuseAsync(HttpContext context)
    {
        // That a credential is no good, and nothing of why (RFC 6750, 3.1).
        var sent = context.Request.Headers.Authorization.Count > 0;
        context.Response.Headers.WWWAuthenticate = sent ? "Bearer error=\"invalid_token\"" : "Bearer";
        return Problems.Unauthenticated().ExecuteAsync(context);
    }

    private async Task InvokeAsync(HttpContext context, AccessRule rule, Caller caller)
    {
        context.Features.Set(caller);
        // Before anything that costs: a denial is a commit.
        if (limits.RefusalOf(caller.Actor) is { } wait)
        {
            await Problems.TooMany(context, wait).ExecuteAsync(context);
            return;
        }
        if (rule.Action is { } action)
        {
            if (reauthentication.Demand(caller.Actor, action) is { } demand)
            {
                await Problems.Of(demand).ExecuteAsync(context);
                return;
            }
            var project = context.GetRouteValue("project") as string ?? "";
            var answer = await changes.PlanAsync(
                caller.Actor,
                caller.Request,
                action,
                project,
                rule.Filters,
                context.RequestAborted
            );
            if (!answer.TryGet(out var plan, out var refusal))
            {
                await Problems.Of(refusal).ExecuteAsync(context);
                return;
            }
            context.Features.Set(plan);
        }
        await next(context);
    }

    private static bool Sent(HttpContext context, out Credential credential)
    {
        credential = default;
        return SentToken(context) is { } token && Credential.TryParse(token, out credential);
    }

    /// <summary>A bearer token that is none of this server's form, or <see langword="null"/>.</summary>
    private static string? ForeignToken(HttpContext context) =>
        SentToken(context) is { } token && !Credential.HasForm(token) ? token : null;

    private static string? SentToken(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
    }
}

/// <summary>Who calls with a bearer token or in a browser's session.</summary>
internal sealed record Caller(Actor Actor, RequestContext Request)
{
    private const int MaxUserAgent = 512;

    /// <summary>The holder of a bearer token.</summary>
    public static Caller Of(string tenant, Token token, HttpContext context)
    {
        var kind = token.Roles is [BuiltInRoles.Client] ? ActorKind.Client : ActorKind.Service;
        return new Caller(
            new Actor(tenant, token.Subject, kind, "token", token.Roles, token.Id)
            {
                Limits = token.Scope,
                Owner = token.Owner,
                ExpiresAt = token.Terms.ExpiresAt,
            },
            RequestOf(context, null)
        );
    }

    /// <summary>Whoever's session it is.</summary>
    public static Caller Of(OpenSession open, HttpContext context) => new(open.Actor, RequestOf(context, open.Session.Id));

    /// <summary>Where a request came from.</summary>
    public static RequestContext RequestOf(HttpContext context, string? session)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        var address = context.Connection.RemoteIpAddress;
        return new RequestContext(
            context.TraceIdentifier,
            session,
            address is null ? null : Plain(address).ToString(),
            agent.Length == 0 ? null : Printable(agent),
            Activity.Current?.TraceId.ToString()
        );
    }

    /// <summary>What a client calls itself, cut, with anything but printable ASCII shown as a question mark.</summary>
    private static string Printable(string agent) =>
        string.Create(
            Math.Min(agent.Length, MaxUserAgent),
            agent,
            static (span, text) =>
            {
                for (var i = 0; i < span.Length; i++)
                    span[i] = text[i] is >= ' ' and <= '~' ? text[i] : '?';
            }
        );

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}

/// <summary>Who calls with an SDK key.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="EnvironmentId">The environment that it reads.</param>
/// <param name="ClientSide">Whether it is in the hands of everybody: then it sees no sensitive flag.</param>
internal sealed record SdkCaller(string Tenant, string EnvironmentId, bool ClientSide = false);

/// <summary>Gives handlers their caller.</summary>
internal static class Callers
{
    /// <summary>The caller established by the middleware.</summary>
    public static Caller Caller(this HttpContext context) => context.Features.GetRequiredFeature<Caller>();

    /// <summary>The browser's session established by the middleware.</summary>
    public static OpenSession OpenSession(this HttpContext context) => context.Features.GetRequiredFeature<OpenSession>();

    /// <summary>What the caller may see of what the endpoint reads.</summary>
    public static AccessPlan Plan(this HttpContext context) => context.Features.GetRequiredFeature<AccessPlan>();

    /// <summary>Whether the caller may see a resource.</summary>
    public static bool Sees(this HttpContext context, Resource resource) =>
        context.Plan().Allows(ResourceAttributes.Of(resource));

    /// <summary>The SDK key established by the middleware.</summary>
    public static SdkCaller SdkCaller(this HttpContext context) => context.Features.GetRequiredFeature<SdkCaller>();
}
