using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Halyard.Core.Access;
using Halyard.Core.Storage;
using Halyard.Server.Authentication.Sessions;
using Halyard.Server.Hosting;
using Halyard.Server.Publishing;
using Halyard.Server.Snapshots;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Halyard.Server.Tests.Hosting;

/// <summary>The real server on a free loopback port, with a database of its own that goes when the tests are done.</summary>
public class HalyardServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-server-");
    private WebApplication? _app;
    private HttpClient? _http;

    /// <summary>The administrator of the tenant <c>default</c>.</summary>
    public string Admin { get; private set; } = "";

    /// <summary>The administrator of the tenant <c>other</c>.</summary>
    public string Other { get; private set; } = "";

    public Uri Address => new(_app!.Urls.Single());

    public string DatabaseFile => Path.Combine(_folder.FullName, "halyard.db");

    public string ExportFolder => Path.Combine(_folder.FullName, "exports");

    /// <summary>Further command line of the server.</summary>
    protected virtual IEnumerable<string> Settings => [];

    /// <summary>Starts what the settings name, before the server.</summary>
    protected virtual ValueTask StartNeighboursAsync() => ValueTask.CompletedTask;

    /// <summary>Stops it, after the server.</summary>
    protected virtual ValueTask StopNeighboursAsync() => ValueTask.CompletedTask;

    /// <summary>Where the server's log goes; by default nowhere.</summary>
    protected virtual void ConfigureLogging(ILoggingBuilder logging) { }

    /// <summary>The server's clock: it runs, and a test may put it forward.</summary>
    public ShiftedTime Time { get; } = new();

    /// <summary>Puts something in the place of what the server is made of.</summary>
    protected virtual void ConfigureServices(IServiceCollection services) { }

    public IServiceProvider Services => _app!.Services;

    public IReadOnlyList<RouteEndpoint> Endpoints =>
        [.. ((IEndpointRouteBuilder)_app!).DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()];

    public virtual async ValueTask InitializeAsync()
    {
        await StartNeighboursAsync();
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                // No checkpoint is made by itself while a test looks at the log.
                Args =
                [
                    $"--Halyard:Database={DatabaseFile}",
                    $"--Halyard:Exports:Folder={ExportFolder}",
                    "--Urls=http://127.0.0.1:0",
                    "--Halyard:Anchoring:IntervalSeconds=300",
                    // Hashing a password takes its time; tests that need users make them.
                    "--Halyard:Identity:Local:AdminEmail=",
                    // Nobody listens there.
                    "--Halyard:Checks:AllowedHosts=127.0.0.1:9",
                    "--Halyard:Checks:IntervalSeconds=0",
                    .. Settings,
                ],
                EnvironmentName = "Production",
                ApplicationName = "halyard-server",
            }
        );
        builder.Logging.ClearProviders();
        ConfigureLogging(builder.Logging);
        builder.AddHalyardServer();
        builder.Services.AddSingleton<TimeProvider>(Time);
        ConfigureServices(builder.Services);
        _app = builder.Build();
        _app.MapHalyard();
        var firstStart = Services.GetRequiredService<FirstStart>();
        Admin = (
            await firstStart.EnsureTenantAsync(FirstStart.DefaultTenant, "Default", CancellationToken.None)
        ).ShouldNotBeNull();
        Other = (await firstStart.EnsureTenantAsync("other", "Other", CancellationToken.None)).ShouldNotBeNull();
        await _app.StartAsync();
        await Services.GetRequiredService<SnapshotFollower>().Ready;
        await Services.GetRequiredService<PublishingService>().Ready;
        // Each test says itself which cookies it sends, and sees where it is sent.
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        _http = new HttpClient(handler) { BaseAddress = Address };
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        await StopNeighboursAsync();
        _folder.Delete(recursive: true);
    }

    public Task<Answer> GetAsync(string path, string? credential = null) => SendAsync("GET", path, null, credential ?? Admin);

    public Task<Answer> PostAsync(
        string path,
        string body,
        string? credential = null,
        params (string Name, string Value)[] headers
    ) => SendAsync("POST", path, Encoding.UTF8.GetBytes(body), credential ?? Admin, headers);

    /// <summary>Sends exactly these bytes; an empty credential sends none.</summary>
    public async Task<Answer> SendAsync(
        string method,
        string path,
        byte[]? body,
        string credential,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (credential.Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {credential}").ShouldBeTrue();
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        using var response = await _http!.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(
            (int)response.StatusCode,
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.ETag?.ToString()
        )
        {
            Headers = response.Headers.ToDictionary(
                header => header.Key,
                header => string.Join('\n', header.Value),
                StringComparer.OrdinalIgnoreCase
            ),
        };
    }

    /// <summary>Publishes every log as it is now.</summary>
    public Task PublishAsync() =>
        Services.GetRequiredService<PublishingService>().PublishAllAsync(TestContext.Current.CancellationToken);

    /// <summary>How many entries the log has, and their root.</summary>
    public async Task<(long Size, string Root)> HeadAsync(string tenant = FirstStartTenant)
    {
        var head = await Services.GetRequiredService<IStore>().HeadAsync(tenant, TestContext.Current.CancellationToken);
        return head is null ? (0, "") : (head.Range.Size, head.Range.Root.ToString());
    }

    /// <summary>The job once it has ended.</summary>
    public async Task<JsonElement> EndedAsync(string job, string? credential = null)
    {
        var store = Services.GetRequiredService<IStore>();
        while (true)
        {
            var json = (await GetAsync($"/api/v1/jobs/{job}", credential)).Expect(200);
            if (json.TryGetProperty("ended", out _))
                return json;
            // Its end is an entry, and the mark follows at once: the patience is for that instant alone.
            await store.WaitForCommitsAsync(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>An export that has finished: its job.</summary>
    public async Task<JsonElement> ExportAsync(string body, string? credential = null)
    {
        var started = (await PostAsync("/api/v1/audit/exports", body, credential)).Expect(202);
        var job = await EndedAsync(started.GetProperty("job").Text("id"), credential);
        job.Text("status").ShouldBe("finished", job.GetRawText());
        return job;
    }

    /// <summary>A new bearer token, with its id.</summary>
    public async Task<(string Id, string Secret)> TokenAsync(string role, string? credential = null)
    {
        var json = (await PostAsync("/api/v1/tokens", $$"""{"name":"test","role":"{{role}}"}""", credential)).Expect(200);
        return (json.Text("id"), json.Text("secret"));
    }

    /// <summary>A user with this address and <see cref="Password"/>: their id.</summary>
    public async Task<string> UserAsync(string email, string role = "ADMIN")
    {
        var body = $$"""{"email":"{{email}}","name":"Somebody","roles":["{{role}}"],"password":"{{Password}}"}""";
        return (await PostAsync("/api/v1/users", body)).Expect(200).Text("id");
    }

    /// <summary>A browser in which a user has just logged in by password.</summary>
    public async Task<Browser> LogInAsync(string email, string password = Password)
    {
        var answer = await SendAsync("POST", "/auth/password", LogInBody(email, password), "");
        var session = answer.Expect(200);
        return new Browser(this, answer.Headers["Set-Cookie"], session.Text("csrfToken"));
    }

    /// <summary>What a log-in sends.</summary>
    public static byte[] LogInBody(string email, string password) => JsonSerializer.SerializeToUtf8Bytes(new { email, password });

    /// <summary>A browser in which somebody has just logged in; an administrator unless told otherwise.</summary>
    public async Task<Browser> BrowserAsync(string role = "ADMIN", string subject = "s_browser")
    {
        var context = new DefaultHttpContext { RequestServices = Services };
        context.Request.Host = new HostString("127.0.0.1");
        var actor = new Actor(FirstStartTenant, subject, ActorKind.User, "oidc", [role], null);
        var started = await Services
            .GetRequiredService<BrowserSessions>()
            .StartAsync(context, actor, TestContext.Current.CancellationToken);
        return new Browser(this, context.Response.Headers.SetCookie.ToString(), CrossSite.TokenOf(started.Value.Credential));
    }

    /// <summary>A new SDK key, with its id.</summary>
    public async Task<(string Id, string Secret)> SdkKeyAsync(string project, string environment, string? credential = null)
    {
        var body = $$"""{"name":"test","project":"{{project}}","environment":"{{environment}}","reason":"test"}""";
        var json = (await PostAsync("/api/v1/sdk-keys", body, credential)).Expect(200);
        return (json.Text("id"), json.Text("secret"));
    }

    /// <summary>A project with the environments <c>production</c> and <c>staging</c>.</summary>
    public async Task ProjectAsync(string key, string? credential = null)
    {
        (await PostAsync("/api/v1/projects", $$"""{"key":"{{key}}","name":"Project"}""", credential)).Expect(200);
        foreach (var environment in new[] { "production", "staging" })
        {
            var body = $$"""{"key":"{{environment}}","name":"{{environment}}","type":"{{environment}}","reason":"test"}""";
            (await PostAsync($"/api/v1/projects/{key}/environments", body, credential)).Expect(200);
        }
    }

    /// <summary>A boolean flag, off everywhere.</summary>
    public async Task FlagAsync(string project, string key, string? credential = null) =>
        (await PostAsync($"/api/v1/projects/{project}/flags", $$"""{"key":"{{key}}","reason":"test"}""", credential)).Expect(200);

    /// <summary>The password of every user that a test makes.</summary>
    public const string Password = "correct horse battery";

    private const string FirstStartTenant = "default";
}
