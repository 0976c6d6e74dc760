using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Halyard.Testing;
using Microsoft.AspNetCore.WebUtilities;

namespace Halyard.Server.Tests.Authentication.Oidc;

/// <summary>
/// A certified OpenID provider in a process of its own (tests/services/oidc). Absent, tests are skipped at home with the reason, and
/// fail in CI.
/// </summary>
public sealed class RealProvider(string shape) : IAsyncDisposable
{
    private const string Resource = "https://halyard.example/api";
    private const string ToolAddress = "http://127.0.0.1:8080/tool";
    private const string Secret = "loopback secret";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Process? _process;
    private string _reason = "";

    /// <summary>Its issuer; an address where nobody is, where it could not be started.</summary>
    public string Address { get; private set; } = "http://127.0.0.1:9";

    private static string Folder => Path.Combine(Suites.RepositoryRoot, "tests", "services", "oidc");

    /// <summary>Skips or fails the test where there is none.</summary>
    public void Require()
    {
        if (_reason.Length == 0)
            return;
        if (Suites.IsContinuousIntegration)
            Assert.Fail(_reason);
        Assert.Skip(_reason);
    }

    public async Task StartAsync(int port = 0)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            _reason = "the OpenID provider is not installed (eng/install-test-needs.sh)";
            return;
        }
        var start = new ProcessStartInfo("node", ["provider.mjs", shape, $"{port}"])
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            _process = Process.Start(start).ShouldNotBeNull();
        }
        catch (Win32Exception missing)
        {
            _reason = $"node is needed: {missing.Message}";
            return;
        }
        using var patience = new CancellationTokenSource(Patience);
        var error = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        Address = await _process.StandardOutput.ReadLineAsync(patience.Token) ?? "";
        if (Address.Length == 0)
            throw new InvalidOperationException($"The provider ended at its start: {await error}");
        _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Ends and starts again at the same address, with new keys.</summary>
    public async Task RotateAsync()
    {
        await DisposeAsync();
        await StartAsync(new Uri(Address).Port);
    }

    /// <summary>Somebody logs in at the provider, from where a browser was sent to where the provider sends it back.</summary>
    public static async Task<Uri> LogInAsync(string address, string account, CookieContainer? cookies = null)
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            CookieContainer = cookies ?? new CookieContainer(),
        };
        using var browser = new HttpClient(handler);
        var next = new Uri(address);
        for (var step = 0; step < 10; step++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, next);
            request.Headers.Add("X-Account", account);
            using var response = await browser.SendAsync(request, TestContext.Current.CancellationToken);
            var location = response.Headers.Location;
            location.ShouldNotBeNull(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            next = new Uri(next, location);
            if (next.Port == 8080)
                return next;
        }
        throw new InvalidOperationException($"The provider never sends the browser back: {next}");
    }

    /// <summary>Somebody logs out at the provider, in the browser with these cookies; it tells the server at an address before it answers.</summary>
    public async Task LogOutAsync(CookieContainer cookies, Uri server)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies };
        using var browser = new HttpClient(handler);
        var origin = Uri.EscapeDataString(server.GetLeftPart(UriPartial.Authority));
        await browser.GetStringAsync(new Uri($"{Address}/relying-party?is={origin}"), cancellation);
        var page = await browser.GetStringAsync(new Uri($"{Address}/session/end?client_id=halyard"), cancellation);
        var secret = page.Split("name=\"xsrf\" value=\"")[1].Split('"')[0];
        var form = new Dictionary<string, string>(StringComparer.Ordinal) { ["xsrf"] = secret, ["logout"] = "yes" };
        using var content = new FormUrlEncodedContent(form);
        using var left = await browser.PostAsync(new Uri($"{Address}/session/end/confirm"), content, cancellation);
        ((int)left.StatusCode).ShouldBeInRange(200, 399, await left.Content.ReadAsStringAsync(cancellation));
    }

    /// <summary>An access token for the API, as a tool gets one for somebody who logs in.</summary>
    public async Task<string> TokenOfAsync(string account)
    {
        var verifier = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        var query = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["client_id"] = "tool",
            ["response_type"] = "code",
            ["redirect_uri"] = ToolAddress,
            ["scope"] = "openid profile email",
            ["resource"] = Resource,
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
        };
        var back = await LogInAsync(QueryHelpers.AddQueryString($"{Address}/auth", query), account);
        return await TokenAsync(
            "tool",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "authorization_code",
                ["code"] = QueryHelpers.ParseQuery(back.Query)["code"].ToString(),
                ["redirect_uri"] = ToolAddress,
                ["code_verifier"] = verifier,
                ["resource"] = Resource,
            }
        );
    }

    /// <summary>An access token for the API of a client that acts for itself.</summary>
    public Task<string> TokenOfRobotAsync() =>
        TokenAsync(
            "robot",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "client_credentials",
                ["resource"] = Resource,
            }
        );

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    private async Task<string> TokenAsync(string client, Dictionary<string, string> form)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Address}/token");
        request.Content = new FormUrlEncodedContent(form);
        var pair = Encoding.UTF8.GetBytes($"{client}:{Uri.EscapeDataString(Secret)}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(pair));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue(body);
        return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("access_token").GetString().ShouldNotBeNull();
    }
}
