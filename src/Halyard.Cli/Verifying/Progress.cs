using System.Diagnostics;
using System.Globalization;

namespace Halyard.Cli.Verifying;

/// <summary>Says on a terminal how far a check is, twice a second at most.</summary>
internal sealed class Progress(CliHost host)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = Pause;
    private bool _said;

    /// <summary>Some entries of all are done.</summary>
    public void Report(long done, long all)
    {
        if (!host.Watched || _clock.Elapsed < _next)
            return;
        _next = _clock.Elapsed + Pause;
        _said = true;
        var line = string.Create(CultureInfo.InvariantCulture, $"\r{done:N0} of {all:N0} entries, {100.0 * done / all:N0} %");
        host.Error.Write(line);
    }

    /// <summary>Leaves the line.</summary>
    public void End()
    {
        if (_said)
            host.Error.WriteLine();
    }
}
