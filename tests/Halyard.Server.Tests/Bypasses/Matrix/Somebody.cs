using System.Text;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Bypasses.Matrix;

/// <summary>Somebody who might try to get past approvals: by a token, in a browser, or without anything.</summary>
/// <param name="Name">What they are called in the words of a failure.</param>
/// <param name="Send">Sends a request of theirs: method, path, body, further headers.</param>
internal sealed record Somebody(string Name, Func<string, string, string?, (string, string)[], Task<Answer>> Send)
{
    /// <summary>Whether they hold one of the roles that may pass approvals by in an emergency.</summary>
    public bool MayBypass { get; init; }

    /// <summary>Whether they are of another tenant.</summary>
    public bool IsOther { get; init; }

    /// <summary>Who holds a credential that is sent as a bearer token; an empty one is nobody.</summary>
    public static Somebody With(HalyardServer server, string name, string credential) =>
        new(
            name,
            (method, path, body, headers) =>
                server.SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), credential, headers)
        );

    /// <summary>Who is logged in.</summary>
    public static Somebody In(Browser browser, string name) =>
        new(
            name,
            (method, path, body, headers) =>
                browser.SendAsync(
                    method,
                    path,
                    body,
                    [("Sec-Fetch-Site", "same-origin"), ("X-CSRF-Token", browser.CsrfToken), .. headers]
                )
        );

    public Task<Answer> PostAsync(string path, string body, params (string, string)[] headers) =>
        Send("POST", path, body, headers);
}
