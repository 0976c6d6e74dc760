using System.Diagnostics;
using Xunit;

namespace Halyard.Testing;

/// <summary>
/// A PostgreSQL of this test run's own (tests/services/postgres.sh). Absent, tests are skipped at home with the reason, and fail in
/// CI. A class or assembly fixture; tests take a schema of their own each.
/// </summary>
public sealed class Postgres : IAsyncLifetime
{
    // After it was killed it recovers first, which takes its time on a busy disk.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private Process? _process;
    private string _reason = "";
    private string _connectionString = "";
    private int _schemas;

    /// <summary>The folder that it is kept in; its processes name it.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("halyard-postgres-").FullName;

    /// <summary>How to connect as a superuser; skips or fails the test where there is none.</summary>
    public string RequireConnectionString()
    {
        if (_connectionString.Length > 0)
            return _connectionString;
        if (Suites.IsContinuousIntegration)
            Assert.Fail(_reason);
        Assert.Skip(_reason);
        return "";
    }

    /// <summary>A schema that nobody else has.</summary>
    public string NewSchema() => $"halyard_{Interlocked.Increment(ref _schemas)}";

    public async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>Starts it, also again after it was killed, on the port that it had.</summary>
    public async Task StartAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            _reason = "PostgreSQL is started by a shell script";
            return;
        }
        var script = Path.Combine(Suites.RepositoryRoot, "tests", "services", "postgres.sh");
        var start = new ProcessStartInfo(script, ["serve", Folder])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HALYARD_POSTGRES_TIED"] = "1";
        if (_connectionString.Length > 0)
            start.Environment["HALYARD_POSTGRES_PORT"] = _connectionString.Split("Port=")[1].Split(';')[0];
        _process = Process.Start(start) ?? throw new InvalidOperationException("The script cannot be started.");
        var error = _process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        var line = await _process.StandardOutput.ReadLineAsync(patience.Token) ?? "";
        if (line.Length == 0)
            _reason = (await error).Trim();
        else
            _connectionString = line;
    }

    /// <summary>Kills the server and all its processes at once, as a power cut would, and starts it again.</summary>
    public async Task KillAndStartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Kills the server and all its processes at once, and leaves its folder.</summary>
    public async Task StopAsync()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }
}
