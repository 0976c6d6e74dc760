using System.Diagnostics;

namespace Halyard.Server.Tests.Hosting;

/// <summary>The server as an operator starts it: a process of its own.</summary>
internal static class ServerProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs to the end and gives the exit code with what was printed.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args) => EndAsync(Start(args));

    /// <summary>The same in a working directory, and with the settings of an environment (<c>appsettings.ENVIRONMENT.json</c>).</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunInAsync(
        string folder,
        string environment,
        params string[] args
    )
    {
        var start = Command(args);
        start.WorkingDirectory = folder;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        return EndAsync(Process.Start(start).ShouldNotBeNull());
    }

    private static async Task<(int ExitCode, string Output, string Error)> EndAsync(Process started)
    {
        using var process = started;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Runs a server until it listens, and gives what it printed until it was ended.</summary>
    public static async Task<string> StartAndStopAsync(string database)
    {
        using var process = Start($"--Halyard:Database={database}", "--Urls=http://127.0.0.1:0");
        using var patience = new CancellationTokenSource(Patience);
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            lines.Add(line);
            if (line.Contains("Now listening on", StringComparison.Ordinal))
                break;
        }
        process.Kill();
        lines.Add(await process.StandardOutput.ReadToEndAsync(patience.Token));
        await process.WaitForExitAsync(patience.Token);
        lines[^2].ShouldContain("Now listening on");
        return string.Join('\n', lines);
    }

    /// <summary>Starts something that listens, and gives its address once it does. Whoever asked ends it.</summary>
    public static async Task<(Process Process, Uri Address)> ListenAsync(params string[] args)
    {
        const string listening = "Now listening on: ";
        var process = Start(args);
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.IndexOf(listening, StringComparison.Ordinal) is var at and >= 0)
                return (process, new Uri(line[(at + listening.Length)..]));
        }
        throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(patience.Token));
    }

    /// <summary>Ends a server as an operator does, so that it finishes what it is at; one that does not end is killed.</summary>
    public static async Task StopAsync(Process server)
    {
        using var asked = Process.Start("kill", ["-TERM", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            // Its output is held: a full pipe would keep it from ending.
            await server.StandardOutput.ReadToEndAsync(patience.Token);
            await server.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            server.Kill();
            throw;
        }
    }

    /// <summary>Starts a process with its output held.</summary>
    public static Process Start(params string[] args) => Process.Start(Command(args)).ShouldNotBeNull();

    private static ProcessStartInfo Command(string[] args)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] all = [Path.Combine(AppContext.BaseDirectory, "halyard-server.dll"), .. args];
        return new ProcessStartInfo(host, all)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
    }
}
