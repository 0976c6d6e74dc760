using System.Diagnostics;
using Halyard.Benchmarks.Measuring;

namespace Halyard.Benchmarks.Starting;

/// <summary>
/// From the start of the server's process until <c>/health/ready</c> answers 200, with the sample project: on a new database, into which
/// it is loaded, and on an existing one.
/// </summary>
internal static class StartupScenario
{
    private const int Rounds = 5;

    private const string Sample = "samples/openshift/history.jsonl";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task RunAsync(string server)
    {
        Machine.Describe();
        var (first, again) = (new Spread(), new Spread());
        for (var round = 0; round <= Rounds; round++)
        {
            using var folder = new ScratchFolder();
            var created = await StartAsync(server, folder.File("halyard.db"));
            var opened = await StartAsync(server, folder.File("halyard.db"));
            if (round == 0)
                continue;
            first.Add(created.TotalMilliseconds);
            again.Add(opened.TotalMilliseconds);
        }
        Console.WriteLine($"ready on a new database        {first.ToString("N0")} ms");
        Console.WriteLine($"ready on an existing database  {again.ToString("N0")} ms");
        Console.WriteLine($"median (least–most) of {Rounds} rounds; load average {Machine.Load}");
    }

    private static async Task<TimeSpan> StartAsync(string server, string database)
    {
        var address = new Uri($"http://127.0.0.1:{Loopback.FreePort()}");
        var start = new ProcessStartInfo(server)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["Halyard__Database"] = database;
        start.Environment["Halyard__Sample"] = $"openshift={Path.GetFullPath(Sample)}";
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            using var client = new HttpClient { BaseAddress = address };
            while (!await Loopback.IsReadyAsync(client))
            {
                if (process.HasExited || clock.Elapsed > Patience)
                    throw new InvalidOperationException($"{server} did not become ready within {Patience.TotalSeconds} s.");
                await Task.Delay(Pause);
            }
            return clock.Elapsed;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
