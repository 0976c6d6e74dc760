using System.Net;

namespace Halyard.Server.Authentication.Sessions;

/// <summary>
/// The cookie that holds a session's credential: out of reach of scripts, never sent across sites but by a link, and over https alone
/// unless the browser talks to its own machine.
/// </summary>
internal static class SessionCookie
{
    private const string PlainName = "halyard-session";

    // The browser itself holds that such a cookie came over https from this very host.
    private const string SecureName = $"__Host-{PlainName}";

    /// <summary>What the browser sent, or <see langword="null"/>.</summary>
    public static string? Read(HttpRequest request) => request.Cookies[NameFor(request)];

    /// <summary>Gives the browser a credential.</summary>
    public static void Write(HttpContext context, string credential) =>
        context.Response.Cookies.Append(NameFor(context.Request), credential, OptionsFor(context.Request));

    /// <summary>Takes it back.</summary>
    public static void Clear(HttpContext context) =>
        context.Response.Cookies.Delete(NameFor(context.Request), OptionsFor(context.Request));

    /// <summary>How such a cookie is kept.</summary>
    public static CookieOptions OptionsFor(HttpRequest request) =>
        new()
        {
            HttpOnly = true,
            IsEssential = true,
            Path = "/",
            SameSite = SameSiteMode.Lax,
            Secure = IsSecure(request),
        };

    private static string NameFor(HttpRequest request) => IsSecure(request) ? SecureName : PlainName;

    /// <summary>Whether cookies are for https alone: everywhere but on the browser's own machine.</summary>
    public static bool IsSecure(HttpRequest request) => request.IsHttps || !IsLoopback(request.Host.Host);

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.AsSpan().Trim("[]"), out var address) && IPAddress.IsLoopback(address));
}
