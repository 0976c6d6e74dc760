using Halyard.Server.Authentication.Sessions;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>The cookie that keeps a log-in's state while the browser is at the provider. One log-in at a time: a new one replaces it.</summary>
internal static class LogInCookie
{
    private const string PlainName = "halyard-log-in";
    private const string SecureName = $"__Host-{PlainName}";

    /// <summary>Gives the browser a state.</summary>
    public static void Write(HttpContext context, string state)
    {
        var options = SessionCookie.OptionsFor(context.Request);
        options.MaxAge = LogInState.Patience;
        context.Response.Cookies.Append(NameFor(context.Request), state, options);
    }

    /// <summary>What the browser kept, or <see langword="null"/>; it forgets it.</summary>
    public static string? Take(HttpContext context)
    {
        var name = NameFor(context.Request);
        var kept = context.Request.Cookies[name];
        if (kept is not null)
            context.Response.Cookies.Delete(name, SessionCookie.OptionsFor(context.Request));
        return kept;
    }

    private static string NameFor(HttpRequest request) => SessionCookie.IsSecure(request) ? SecureName : PlainName;
}
