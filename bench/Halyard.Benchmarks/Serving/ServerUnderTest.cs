using System.Diagnostics;
using Halyard.Benchmarks.Measuring;

namespace Halyard.Benchmarks.Serving;

/// <summary>A server in a process of its own, ended with the run.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private const string TokenLine = "Administrator token (shown this once): ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ServerUnderTest(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address };
    }

    public HttpClient Client { get; }

    /// <summary>The administrator's credential, where the server told one.</summary>
    public string Administrator { get; private set; } = "";

    /// <summary>The processor time that the process has used since its start.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public Uri At(string path) => new(Client.BaseAddress!, path);

    /// <summary>Starts a program that takes its address from <c>ASPNETCORE_URLS</c>, and waits until it is ready.</summary>
    public static Task<ServerUnderTest> StartAsync(
        string program,
        string[] arguments,
        params (string Name, string Value)[] settings
    ) => StartAsync(program, arguments, "/health/ready", token: null, settings);

    /// <summary>Starts the signer that servers share.</summary>
    public static Task<ServerUnderTest> StartSignerAsync(string program, ScratchFolder folder, string tokenFile, string token) =>
        StartAsync(
            program,
            ["sign", "--state", folder.File("state"), "--key", folder.File("key.pem"), "--token-file", tokenFile],
            "/keys",
            token
        );

    private static async Task<ServerUnderTest> StartAsync(
        string program,
        string[] arguments,
        string ready,
        string? token,
        params (string Name, string Value)[] settings
    )
    {
        var address = new Uri($"http://127.0.0.1:{Loopback.FreePort()}");
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var server = new ServerUnderTest(Process.Start(start)!, address);
        server._process.OutputDataReceived += (_, line) => server.Notice(line.Data);
        server._process.BeginOutputReadLine();
        if (token is not null)
            server.Client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        await server.UntilReadyAsync(ready);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Notice(string? line)
    {
        if (line?.StartsWith(TokenLine, StringComparison.Ordinal) == true)
            Administrator = line[TokenLine.Length..];
    }

    private async Task UntilReadyAsync(string path)
    {
        var clock = Stopwatch.StartNew();
        while (!await Loopback.IsReadyAsync(Client, path))
        {
            if (_process.HasExited || clock.Elapsed > Patience)
                throw new InvalidOperationException($"{_process.StartInfo.FileName} did not become ready.");
            await Task.Delay(50);
        }
    }
}
