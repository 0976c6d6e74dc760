using System.Diagnostics;
using Halyard.Benchmarks.Measuring;
using Halyard.Core;
using Halyard.Core.Changes.Importing;

namespace Halyard.Benchmarks.Importing;

/// <summary>Past changes imported into an empty project on SQLite, from the file's bytes to the finishing entry.</summary>
internal static class ImportScenario
{
    public const int DefaultLines = 20_001;

    private const int Rounds = 5;

    public static async Task RunAsync(int lines)
    {
        Machine.Describe();
        var file = SmallFlags.Lines(lines);
        var (read, written, whole, busy) = (new Spread(), new Spread(), new Spread(), new Spread());
        var (allocated, paused) = (new Spread(), new Spread());
        await ImportAsync(file);
        for (var round = 0; round < Rounds; round++)
        {
            var (bytes, pause) = (GC.GetTotalAllocatedBytes(precise: true), GC.GetTotalPauseDuration());
            var before = Environment.CpuUsage.TotalTime;
            var (reading, writing) = await ImportAsync(file);
            busy.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / lines);
            allocated.Add((GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)lines);
            paused.Add((GC.GetTotalPauseDuration() - pause).TotalMicroseconds / lines);
            read.Add(reading.TotalMilliseconds);
            written.Add(lines / writing.TotalSeconds);
            whole.Add(lines / (reading + writing).TotalSeconds);
        }
        Console.WriteLine($"{lines:N0} lines, {file.Length / 1024.0 / 1024.0:F1} MiB");
        Console.WriteLine($"read and rehearsed in    {read.ToString("N0")} ms");
        Console.WriteLine($"entries/s while writing  {written.ToString("N0")}");
        Console.WriteLine($"entries/s altogether     {whole.ToString("N0")}");
        // Says the same on a machine with neighbours, who take time from the clock but not from the process's own account.
        Console.WriteLine($"processor time an entry  {busy.ToString("F0")} µs");
        Console.WriteLine(
            $"allocated an entry       {allocated.ToString("N0")} bytes; stopped to collect them {paused.ToString("F1")} µs"
        );
        Console.WriteLine($"median (least–most) of {Rounds} rounds; load average {Machine.Load}");
    }

    /// <summary>The time until the first line could be written, and from there to the end.</summary>
    private static async Task<(TimeSpan Reading, TimeSpan Writing)> ImportAsync(byte[] file)
    {
        using var folder = new ScratchFolder();
        using var tenancy = await Tenancy.OpenAsync(folder.File("import.db"));
        var importer = new HistoryImporter(tenancy.Store, tenancy.Vault, tenancy.Changes, Entropy.System, TimeProvider.System);
        var request = new ImportRequest(Tenancy.Admin, Tenancy.Request(1), Tenancy.Project, file, "moving in");
        var clock = Stopwatch.StartNew();
        var reading = TimeSpan.Zero;
        var last = default(ImportEvent);
        await foreach (var step in importer.ImportAsync(request, CancellationToken.None))
        {
            if (step is ImportEvent.Validated)
                reading = clock.Elapsed;
            last = step;
        }
        return last is ImportEvent.Finished
            ? (reading, clock.Elapsed - reading)
            : throw new InvalidOperationException($"The import did not finish: {last}");
    }
}
