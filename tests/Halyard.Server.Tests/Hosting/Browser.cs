using System.Text;

namespace Halyard.Server.Tests.Hosting;

/// <summary>A browser that is logged in: what it sends by itself, and what a page of the server adds.</summary>
/// <param name="server">Where it is logged in.</param>
/// <param name="setCookie">The header with which it got its cookie.</param>
/// <param name="csrfToken">What a page of the server sends with each write.</param>
public sealed class Browser(HalyardServer server, string setCookie, string csrfToken)
{
    /// <summary>The cookie as it is sent.</summary>
    public string Cookie { get; } = setCookie.Split(';')[0];

    public string CsrfToken { get; } = csrfToken;

    /// <summary>A request of a page of the server.</summary>
    public Task<Answer> SendAsync(string method, string path, string? body = null) =>
        SendAsync(method, path, body, ("Sec-Fetch-Site", "same-origin"), ("X-CSRF-Token", CsrfToken));

    /// <summary>A request with these headers and the cookie alone.</summary>
    public Task<Answer> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers) =>
        server.SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), "", [("Cookie", Cookie), .. headers]);
}
