using Halyard.Contracts;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication.Oidc;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Halyard.Server.Authentication.Sessions;

/// <summary>What a browser asks about its own session.</summary>
internal static class SessionEndpoints
{
    public static void AddSessions(this IServiceCollection services, SessionOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(provider => new ProviderIndex(provider.GetRequiredService<IStore>()));
        services.AddSingleton<SessionTable>(provider => new SessionTable(
            provider.GetRequiredService<IStore>(),
            provider.GetRequiredService<ProviderIndex>(),
            options,
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<BrowserSessions>();
    }

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/auth/session", One)
            .WithName("getSession")
            .WithTags("Identity")
            .WithSummary("The browser's session, with the token that its writes must carry.")
            .WithOwnSession()
            .Produces<SessionAnswer>()
            .Produces<Problem>(401, "application/problem+json");
        routes
            .MapPost("/auth/logout", EndAsync)
            .WithName("logout")
            .WithTags("Identity")
            .WithSummary("Ends the browser's session; answers where to log out of the identity provider, if it has such a place.")
            .WithOwnSession()
            .WithMetadata(SubmitsChangeMarker.Instance)
            .Produces<LogoutAnswer>()
            .Produces(204)
            .Produces<Problem>(401, "application/problem+json")
            .Produces<Problem>(403, "application/problem+json");
    }

    private static JsonHttpResult<SessionAnswer> One(HttpContext context, SessionOptions options) =>
        Answer(context, context.OpenSession(), options);

    /// <summary>What a page of this server must know of a session; for nobody's cache.</summary>
    internal static JsonHttpResult<SessionAnswer> Answer(HttpContext context, OpenSession open, SessionOptions options)
    {
        var idle = open.Session.Used + options.Idle;
        var answer = new SessionAnswer(
            open.Tenant,
            open.Subject,
            WireNames.Of(open.Actor.Kind),
            [.. open.Actor.Roles],
            [.. open.Actor.Groups],
            open.Actor.Authentication,
            open.Session.AuthenticatedAt,
            open.Actor.Acr,
            open.Actor.Issuer,
            CrossSite.TokenOf(open.Credential),
            idle < open.Ends ? idle : open.Ends
        );
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(answer, ContractJson.Wire.SessionAnswer);
    }

    private static async Task<IResult> EndAsync(HttpContext context, BrowserSessions sessions, LogInFlow flow)
    {
        var open = context.OpenSession();
        await sessions.EndAsync(context, open, context.RequestAborted);
        return open.Session.Issuer is { } issuer && await flow.EndSessionAsync(context, issuer) is { } address
            ? TypedResults.Json(new LogoutAnswer(address), ContractJson.Wire.LogoutAnswer)
            : TypedResults.NoContent();
    }
}
