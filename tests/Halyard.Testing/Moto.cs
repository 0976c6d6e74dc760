using System.Diagnostics;
using Xunit;

namespace Halyard.Testing;

/// <summary>An S3 on loopback (tests/services/moto.sh). Absent, tests are skipped at home with the reason, and fail in CI.</summary>
public sealed class Moto : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Process? _process;
    private string _reason = "";

    private string _address = "";

    /// <summary>Its address; skips or fails the test where there is none.</summary>
    public string RequireAddress()
    {
        if (_address.Length > 0)
            return _address;
        if (Suites.IsContinuousIntegration)
            Assert.Fail(_reason);
        Assert.Skip(_reason);
        return "";
    }

    public async ValueTask InitializeAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            _reason = "moto's server is started by a shell script";
            return;
        }
        var script = Path.Combine(Suites.RepositoryRoot, "tests", "services", "moto.sh");
        var start = new ProcessStartInfo(script, ["serve"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("The script cannot be started.");
        var error = _process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        _address = await _process.StandardOutput.ReadLineAsync(patience.Token) ?? "";
        if (_address.Length == 0)
            _reason = (await error).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
