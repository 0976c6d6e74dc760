using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Halyard.Server.Publishing.Signing;
using Halyard.Testing;

namespace Halyard.Server.Tests.Hosting;

/// <summary>Two servers, each a process, on one PostgreSQL, with a signer of their own.</summary>
public sealed partial class TwoServersTests(Postgres postgres) : IClassFixture<Postgres>, IAsyncLifetime
{
    private const int Toggles = 40;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-two-");
    private readonly List<Process> _processes = [];
    private string[] _settings = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var tokenFile = Path.Combine(_folder.FullName, "token");
        PrivateFile.Write(tokenFile, new string('t', 40));
        var signer = await ListenAsync(
            "sign",
            "--state",
            Path.Combine(_folder.FullName, "state"),
            "--key",
            Path.Combine(_folder.FullName, "key.pem"),
            "--token-file",
            tokenFile
        );
        _settings =
        [
            "--Halyard:Store=postgres",
            $"--Halyard:PostgreSql:ConnectionString={postgres.RequireConnectionString()}",
            $"--Halyard:PostgreSql:Schema={postgres.NewSchema()}",
            "--Halyard:PostgreSql:RetrySeconds=1",
            $"--Halyard:Database={Path.Combine(_folder.FullName, "halyard.db")}",
            $"--Halyard:Signing:Url={signer.ToString().TrimEnd('/')}",
            $"--Halyard:Signing:TokenFile={tokenFile}",
            "--Halyard:Identity:Local:AdminEmail=",
        ];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Change_OnOneServer_IsEvaluatedByTheOther_AndOutlivesItsServerAndTheDatabase()
    {
        var (exit, output, error) = await ServerProcess.RunAsync(["tenant", "create", "acme", .. _settings]);
        exit.ShouldBe(0, error);
        var admin = Token().Match(output).Groups["token"].Value;
        using var one = await StartAsync();
        using var other = await StartAsync();
        await PostAsync(one, "projects", """{"key":"web","name":"Web"}""", admin);
        await PostAsync(one, "projects/web/environments", """{"key":"dev","name":"Dev","type":"development"}""", admin);
        await PostAsync(one, "projects/web/flags", """{"key":"checkout"}""", admin);
        var made = await PostAsync(one, "sdk-keys", """{"name":"sdk","project":"web","environment":"dev"}""", admin);
        var key = made.GetProperty("secret").GetString()!;

        var delays = new List<double>();
        for (var revision = 1; revision <= Toggles; revision++)
        {
            var enabled = revision % 2 == 1;
            await ToggleAsync(revision % 3 == 0 ? other : one, enabled, revision, admin);
            var began = Stopwatch.GetTimestamp();
            await SeeAsync(revision % 3 == 0 ? one : other, enabled, key);
            delays.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        delays.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"from the answer on one to the value on the other: p50 {delays[Toggles / 2]:F1} ms, p99 {delays[^1]:F1} ms"
        );
        delays[Toggles / 2].ShouldBeLessThan(250, "half of what a follower waits that hears of nothing");

        // A server that dies takes nothing with it.
        _processes[1].Kill();
        await ToggleAsync(other, enabled: true, Toggles + 1, admin);
        await SeeAsync(other, enabled: true, key);

        // Without its database a server evaluates what it knows, refuses writes, and goes on when the database is back.
        await postgres.StopAsync();
        await SeeAsync(other, enabled: true, key);
        using (var refused = await SendAsync(other, "api/v1/projects/web/changes", Body(enabled: false, Toggles + 2), admin))
            ((int)refused.StatusCode).ShouldBe(503);
        await postgres.StartAsync();
        await ToggleAsync(other, enabled: false, Toggles + 2, admin);
        await SeeAsync(other, enabled: false, key);
    }

    private static async Task ToggleAsync(HttpClient server, bool enabled, int revision, string credential)
    {
        using var answer = await SendAsync(server, "api/v1/projects/web/changes", Body(enabled, revision), credential);
        ((int)answer.StatusCode).ShouldBe(200, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static string Body(bool enabled, int revision) =>
        $$"""
            {"operations":[{"op":"setEnabled","flag":"checkout","environment":"dev","enabled":{{(
                enabled ? "true" : "false"
            )}},"baseRevision":{{revision}}}]}
            """;

    private static async Task SeeAsync(HttpClient server, bool enabled, string key)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(Soon);
        while (true)
        {
            using var answer = await SendAsync(
                server,
                "ofrep/v1/evaluate/flags/checkout",
                """{"context":{"targetingKey":"u"}}""",
                key
            );
            var json = await answer.Content.ReadFromJsonAsync<JsonElement>(patience.Token);
            if (json.TryGetProperty("value", out var value) && value.GetBoolean() == enabled)
                return;
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task<JsonElement> PostAsync(HttpClient server, string path, string body, string credential)
    {
        using var answer = await SendAsync(server, $"api/v1/{path}", body, credential);
        ((int)answer.StatusCode).ShouldBe(200, await answer.Content.ReadAsStringAsync(Cancel));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient server, string path, string body, string credential)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        request.Content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));
        return await server.SendAsync(request, Cancel);
    }

    private async Task<HttpClient> StartAsync() => new() { BaseAddress = await ListenAsync(_settings) };

    private async Task<Uri> ListenAsync(params string[] args)
    {
        var (process, address) = await ServerProcess.ListenAsync([.. args, "--urls=http://127.0.0.1:0"]);
        _processes.Add(process);
        return address;
    }

    [GeneratedRegex(@"token \(shown this once\): (?<token>\S+)", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Token();
}
