using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Halyard.Server.Authentication.Sessions;

/// <summary>
/// Keeps other sites from writing with somebody's cookie. An unsafe request with a cookie must come from a page of this server, which
/// the browser says by itself, and carry a token that only such a page can have read.
/// </summary>
internal static class CrossSite
{
    /// <summary>The header that carries the token.</summary>
    public const string Header = "X-CSRF-Token";

    private const string Site = "Sec-Fetch-Site";
    private const string SameOrigin = "same-origin";

    /// <summary>The token of a session: follows from its secret and tells nothing of it.</summary>
    public static string TokenOf(string credential) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(credential), "halyard/csrf/1"u8));

    /// <summary>Whether a request may do with its cookie what it asks for.</summary>
    public static bool MayUseCookie(HttpRequest request, string credential, string publicUrl) =>
        IsSafe(request.Method)
        || (
            IsSaidToBeOurs(request, publicUrl)
            && CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(request.Headers[Header].ToString()),
                Encoding.UTF8.GetBytes(TokenOf(credential))
            )
        );

    /// <summary>
    /// Whether the browser says that another site sends this: log-ins are refused then, so that nobody is logged in as somebody else
    /// without noticing. What is no browser says nothing.
    /// </summary>
    public static bool IsForeign(HttpRequest request, string publicUrl) =>
        (request.Headers.ContainsKey(Site) || request.Headers.Origin.Count > 0) && !IsSaidToBeOurs(request, publicUrl);

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    /// <summary>Pages cannot set <c>Sec-Fetch-Site</c>, so where it stands it decides; older browsers send <c>Origin</c> alone.</summary>
    private static bool IsSaidToBeOurs(HttpRequest request, string publicUrl)
    {
        if (request.Headers.TryGetValue(Site, out var site))
            return site == SameOrigin;
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && (
                Is(origin, $"{request.Scheme}://{request.Host}")
                || (publicUrl.Length > 0 && Is(origin, new Uri(publicUrl).GetLeftPart(UriPartial.Authority)))
            );
    }

    private static bool Is(string origin, string own) => string.Equals(origin, own, StringComparison.OrdinalIgnoreCase);
}
