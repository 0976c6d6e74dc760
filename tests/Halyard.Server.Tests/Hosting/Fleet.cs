using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Halyard.Server.Publishing.Signing;
using Halyard.Testing;

namespace Halyard.Server.Tests.Hosting;

/// <summary>Servers, each a process, on one PostgreSQL or DynamoDB, with a signer of their own.</summary>
internal sealed partial class Fleet : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-fleet-");
    private readonly List<Process> _processes = [];
    private string[] _settings = [];

    /// <summary>The administrator of the tenant <c>acme</c>.</summary>
    public string Admin { get; private set; } = "";

    /// <summary>Where file sinks write.</summary>
    public string Sinks => _folder.CreateSubdirectory("sinks").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts the signer and makes the tenant.</summary>
    public static Task<Fleet> StartAsync(Postgres postgres, params string[] settings) =>
        StartAsync([
            "--Halyard:Store=postgres",
            $"--Halyard:PostgreSql:ConnectionString={postgres.RequireConnectionString()}",
            $"--Halyard:PostgreSql:Schema={postgres.NewSchema()}",
            "--Halyard:PostgreSql:RetrySeconds=1",
            .. settings,
        ]);

    /// <inheritdoc cref="StartAsync(Postgres, string[])"/>
    public static Task<Fleet> StartAsync(DynamoDbSettings dynamoDb) => StartAsync([.. dynamoDb.Settings]);

    /// <summary>Starts a server, and waits until it is ready as whoever balances the load would.</summary>
    public async Task<Node> StartServerAsync(params string[] settings)
    {
        var (process, address) = await ListenAsync([.. _settings, .. settings]);
        var node = new Node(process, new HttpClient { BaseAddress = address });
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(Soon);
        while (true)
        {
            using var ready = await node.Http.GetAsync(new Uri("health/ready", UriKind.Relative), patience.Token);
            if (ready.IsSuccessStatusCode)
                return node;
        }
    }

    /// <summary>Runs a command on the store to its end.</summary>
    public Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] command) =>
        ServerProcess.RunAsync([.. command, .. _settings]);

    /// <summary>Reads something that must be there.</summary>
    public async Task<JsonElement> GetAsync(Node node, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"api/v1/{path}", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Admin);
        using var answer = await node.Http.SendAsync(request, Cancel);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Cancel));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    /// <summary>Sends something that must succeed.</summary>
    public async Task<JsonElement> PostAsync(Node node, string path, string body)
    {
        using var answer = await SendAsync(node, $"api/v1/{path}", body, Admin);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Cancel));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    public static async Task<HttpResponseMessage> SendAsync(
        Node node,
        string path,
        string body,
        string credential,
        string? idempotencyKey = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        if (credential.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        request.Content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));
        return await node.Http.SendAsync(request, Cancel);
    }

    /// <summary>Evaluates a flag until it has this value.</summary>
    public static async Task SeeAsync(Node node, string flag, bool enabled, string sdkKey)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(Soon);
        while (true)
        {
            using var answer = await SendAsync(
                node,
                $"ofrep/v1/evaluate/flags/{flag}",
                """{"context":{"targetingKey":"u"}}""",
                sdkKey
            );
            var json = await answer.Content.ReadFromJsonAsync<JsonElement>(patience.Token);
            if (json.TryGetProperty("value", out var value) && value.GetBoolean() == enabled)
                return;
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        _folder.Delete(recursive: true);
    }

    private static async Task<Fleet> StartAsync(string[] settings)
    {
        var fleet = new Fleet();
        var tokenFile = Path.Combine(fleet._folder.FullName, "token");
        PrivateFile.Write(tokenFile, new string('t', 40));
        var signer = await fleet.ListenAsync(
            "sign",
            "--state",
            Path.Combine(fleet._folder.FullName, "state"),
            "--key",
            Path.Combine(fleet._folder.FullName, "key.pem"),
            "--token-file",
            tokenFile
        );
        fleet._settings =
        [
            $"--Halyard:Database={Path.Combine(fleet._folder.FullName, "halyard.db")}",
            $"--Halyard:Sinks:Folder={fleet.Sinks}",
            $"--Halyard:Signing:Url={signer.Address.ToString().TrimEnd('/')}",
            $"--Halyard:Signing:TokenFile={tokenFile}",
            "--Halyard:Identity:Local:AdminEmail=",
            // Tests ask until they see something, faster than anybody may.
            "--Halyard:Edge:RequestsPerMinute=0",
            "--Halyard:Edge:AddressRequestsPerMinute=0",
            .. settings,
        ];
        var (exit, output, error) = await ServerProcess.RunAsync(["tenant", "create", "acme", .. fleet._settings]);
        exit.ShouldBe(0, error);
        fleet.Admin = Token().Match(output).Groups["token"].Value;
        return fleet;
    }

    private async Task<(Process Process, Uri Address)> ListenAsync(params string[] args)
    {
        var started = await ServerProcess.ListenAsync([.. args, "--urls=http://127.0.0.1:0"]);
        _processes.Add(started.Process);
        // A full pipe would keep it from going on; what it says is not looked at.
        _ = started.Process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, Cancel);
        return started;
    }

    [GeneratedRegex(@"token \(shown this once\): (?<token>\S+)", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Token();
}

/// <summary>One server of a <see cref="Fleet"/>.</summary>
internal sealed record Node(Process Process, HttpClient Http)
{
    /// <summary>Ends it at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, as whoever replaces it does, and waits until it has.</summary>
    public async Task StopAsync()
    {
        using var asked = Process.Start(
            "kill",
            ["-TERM", Process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]
        );
        await Process.WaitForExitAsync();
    }
}
