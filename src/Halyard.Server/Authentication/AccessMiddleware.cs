using System.Diagnostics;
using System.Net;
using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
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

    /// <summary>A bearer token.</summary>
    Token,

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
internal sealed class AccessMiddleware(RequestDelegate next, CredentialDirectory credentials, ChangeService changes)
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
            default:
                context.Response.Headers.WWWAuthenticate = "Bearer";
                return Problems.Unauthenticated().ExecuteAsync(context);
        }
    }

    private async Task InvokeAsync(HttpContext context, AccessRule rule, Caller caller)
    {
        context.Features.Set(caller);
        if (rule.Action is { } action)
        {
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
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && Credential.TryParse(header.AsSpan(Bearer.Length).Trim(), out credential);
    }
}

/// <summary>Who calls with a bearer token.</summary>
internal sealed record Caller(Actor Actor, RequestContext Request)
{
    private const int MaxUserAgent = 512;

    public static Caller Of(string tenant, Token token, HttpContext context)
    {
        var kind = token.Role == BuiltInRoles.Client ? ActorKind.Client : ActorKind.Service;
        var agent = context.Request.Headers.UserAgent.ToString();
        var address = context.Connection.RemoteIpAddress;
        return new Caller(
            new Actor(tenant, token.Subject, kind, "token", [token.Role], token.Id),
            new RequestContext(
                context.TraceIdentifier,
                null,
                address is null ? null : Plain(address).ToString(),
                agent.Length == 0 ? null : Printable(agent),
                Activity.Current?.TraceId.ToString()
            )
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
internal sealed record SdkCaller(string Tenant, string EnvironmentId);

/// <summary>Gives handlers their caller.</summary>
internal static class Callers
{
    /// <summary>The caller established by the middleware.</summary>
    public static Caller Caller(this HttpContext context) => context.Features.GetRequiredFeature<Caller>();

    /// <summary>What the caller may see of what the endpoint reads.</summary>
    public static AccessPlan Plan(this HttpContext context) => context.Features.GetRequiredFeature<AccessPlan>();

    /// <summary>Whether the caller may see a resource.</summary>
    public static bool Sees(this HttpContext context, Resource resource) =>
        context.Plan().Allows(ResourceAttributes.Of(resource));

    /// <summary>The SDK key established by the middleware.</summary>
    public static SdkCaller SdkCaller(this HttpContext context) => context.Features.GetRequiredFeature<SdkCaller>();
}
