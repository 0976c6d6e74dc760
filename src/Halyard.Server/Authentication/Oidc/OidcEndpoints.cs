using System.Text;
using Halyard.Contracts;
using Halyard.Core;
using Halyard.Server.Authentication.Jwt;
using Halyard.Server.Authentication.Local;
using Halyard.Server.Management;
using Halyard.Server.Requests;
using Halyard.Server.Snapshots;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>Where browsers begin and end a log-in at an identity provider.</summary>
internal static class OidcEndpoints
{
    private const int MaxReturnUrl = 1_024;
    private const int MaxAcr = 256;
    private const int MaxLogOut = 32_768;
    private const int MaxAgeLimit = 86_400 * 365;

    public static void AddOidc(this IServiceCollection services, IdentityOptions options)
    {
        services.AddSingleton(options.Reauthentication);
        services.AddSingleton<Reauthentication>();
        services.AddSingleton<ProviderHttp>();
        services.AddSingleton<LogInMeter>();
        services.AddSingleton<RefusalLog>();
        services.AddSingleton<LogIns>();
        services.AddSingleton<CodeExchange>();
        services.AddSingleton<BearerTokens>();
        services.AddSingleton<LogInFlow>();
        services.AddSingleton<HiddenNames>();
        services.AddSingleton<TakenOnce>();
        services.AddSingleton<BackChannelLogOut>();
        services.AddSingleton(provider => new ProviderDirectory(
            options.Providers,
            provider.GetRequiredService<ProviderHttp>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ProviderDocuments>>()
        ));
    }

    public static void MapOidc(this IEndpointRouteBuilder routes)
    {
        var identity = routes.MapGroup("/auth").WithTags("Identity");
        identity
            .MapGet("/providers", List)
            .WithName("listProviders")
            .WithSummary("The identity providers that a browser can log in with.")
            .AllowEverybody()
            .Produces<ProviderListAnswer>();
        identity
            .MapGet("/login", BeginAsync)
            .WithName("login")
            .WithSummary("Sends the browser to an identity provider; maxAge and acr ask for a fresh or stronger log-in.")
            .AllowEverybody()
            .Produces(302)
            .Produces<Problem>(404, "application/problem+json")
            .Produces<Problem>(422, "application/problem+json");
        identity
            .MapGet("/callback/{provider}", EndAsync)
            .WithName("loginCallback")
            .WithSummary("Where an identity provider sends the browser back to; begins its session.")
            .AllowEverybody()
            .Produces(302)
            .Produces<Problem>(400, "application/problem+json")
            .Produces<Problem>(404, "application/problem+json");
        identity
            .MapPost("/oidc/{provider}/backchannel-logout", LogOutAsync)
            .WithName("backChannelLogout")
            .WithSummary("Where an identity provider says, with a form's logout_token, that somebody logged out there.")
            .AllowEverybody()
            .WithMetadata(SubmitsChangeMarker.Instance)
            .Produces(200)
            .Produces<Problem>(400, "application/problem+json")
            .Produces<Problem>(404, "application/problem+json");
    }

    /// <summary>The address as it may stand in a header, or <see langword="null"/> where it is no path of this server.</summary>
    internal static string? Local(string url)
    {
        if (!IsLocal(url) || !Uri.TryCreate($"http://localhost{url}", UriKind.Absolute, out var address))
            return null;
        // Resolving dots may bring two slashes to the front.
        var plain = address.PathAndQuery + address.Fragment;
        return IsLocal(plain) ? plain : null;
    }

    /// <summary>Whether the text is a path and nothing that a browser reads as another server's address.</summary>
    private static bool IsLocal(string url) =>
        url.Length is > 0 and <= MaxReturnUrl
        && url[0] == '/'
        && (url.Length == 1 || url[1] is not ('/' or '\\'))
        && !url.Any(letter => letter is < ' ' or '\\' or '\u007f');

    private static JsonHttpResult<ProviderListAnswer> List(ProviderDirectory providers, LocalOptions local) =>
        TypedResults.Json(
            new ProviderListAnswer([.. providers.All.Where(LogsIn).Select(provider => provider.Options.Name)], local.Enabled),
            ContractJson.Wire.ProviderListAnswer
        );

    private static async Task<IResult> BeginAsync(HttpContext context, ProviderDirectory providers, LogInFlow flow)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "provider", "returnUrl", "maxAge", "acr");
        var returnUrl = Local(Paging.Text(context, "returnUrl") ?? "/");
        if (returnUrl is null)
            problems.Add(new FieldProblem("/returnUrl", "must be a path of this server"));
        var maxAge = MaxAge(context, problems);
        var acr = (Paging.Text(context, "acr") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (acr.Sum(value => value.Length) > MaxAcr)
            problems.Add(new FieldProblem("/acr", $"must have at most {MaxAcr} characters"));
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var name = Paging.Text(context, "provider");
        var provider =
            name is not null ? providers.Named(name)
            : providers.All.Count(LogsIn) == 1 ? providers.All.Single(LogsIn)
            : null;
        if (provider is null || !LogsIn(provider))
            return Problems.NotFound("identity provider", name ?? "");
        context.Response.Headers.CacheControl = "no-store";
        return await flow.BeginAsync(context, provider, returnUrl!, maxAge, acr) is { } address
            ? TypedResults.Redirect(address)
            : Problems.LogInFailed();
    }

    private static async Task<IResult> EndAsync(
        HttpContext context,
        string provider,
        ProviderDirectory providers,
        LogInFlow flow,
        RefusalLog refusals,
        FailedLogIns failures,
        SnapshotFollower tenants
    )
    {
        if (providers.Named(provider) is not { } from || !LogsIn(from))
            return Problems.NotFound("identity provider", provider);
        context.Response.Headers.CacheControl = "no-store";
        var end = await flow.EndAsync(context, from);
        if (end.Refusal is { } refusal)
            return Problems.Of(refusal);
        if (end.Fault is not { } fault)
            return TypedResults.LocalRedirect(end.ReturnUrl);
        refusals.Add(provider, fault);
        // Where a claim decides on the tenant nobody can say whose log would have to know.
        if (from.Options.TenantMapping.Tenant is { Length: > 0 } tenant && tenants.Follows(tenant))
            // It failed: whoever hangs up does not take that back.
            await failures.NoteAsync(tenant, provider, Caller.RequestOf(context, null), CancellationToken.None);
        return Problems.LogInFailed();
    }

    private static async Task<IResult> LogOutAsync(
        HttpContext context,
        string provider,
        ProviderDirectory providers,
        BackChannelLogOut logOut,
        RefusalLog refusals
    )
    {
        if (providers.Named(provider) is not { } from || !LogsIn(from))
            return Problems.NotFound("identity provider", provider);
        context.Response.Headers.CacheControl = "no-store";
        var (bytes, tooLarge) = await BoundedBody.ReadAsync(context, MaxLogOut);
        if (tooLarge)
            return Problems.TooLarge(MaxLogOut);
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(bytes));
        var end =
            form.TryGetValue("logout_token", out var sent) && sent is [{ Length: > 0 } token]
                ? await logOut.EndAsync(context, from, token)
                : new BackChannelLogOut.End(TokenFault.Malformed, null);
        if (end.Error is { } error)
            return Problems.Of(error);
        if (end.Fault is not { } fault)
            return TypedResults.Ok();
        refusals.Add(provider, fault);
        return Problems.LogOutRefused();
    }

    private static int? MaxAge(HttpContext context, List<FieldProblem> problems)
    {
        if (Paging.Text(context, "maxAge") is not { } text)
            return null;
        if (int.TryParse(text, out var seconds) && seconds is >= 0 and <= MaxAgeLimit)
            return seconds;
        problems.Add(new FieldProblem("/maxAge", $"must be a number of seconds, 0 to {MaxAgeLimit}"));
        return null;
    }

    private static bool LogsIn(Provider provider) => provider.Options.ClientId.Length > 0;
}
