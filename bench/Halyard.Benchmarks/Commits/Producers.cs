using System.Diagnostics;
using Halyard.Benchmarks.Measuring;

namespace Halyard.Benchmarks.Commits;

/// <summary>Callers that each send one commit after the other for a while.</summary>
internal static class Producers
{
    /// <summary>Lets them commit.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="commitAsync">Does one commit.</param>
    /// <param name="elsewhere">The processor time of a server so far, where there is one.</param>
    public static async Task<Produced> RunAsync(
        int count,
        TimeSpan duration,
        Func<int, Task> commitAsync,
        Func<TimeSpan>? elsewhere = null
    )
    {
        var (here, there) = (Environment.CpuUsage.TotalTime, elsewhere?.Invoke() ?? default);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var clock = Stopwatch.StartNew();
        var all = await Task.WhenAll(
            Enumerable.Range(0, count).Select(producer => Task.Run(() => ProduceAsync(producer, clock, duration, commitAsync)))
        );
        var elapsed = clock.Elapsed;
        var latency = new Spread();
        foreach (var milliseconds in all.SelectMany(one => one))
            latency.Add(milliseconds);
        var commits = all.Sum(one => one.Count);
        return new Produced(
            commits / elapsed.TotalSeconds,
            latency,
            (Environment.CpuUsage.TotalTime - here).TotalMicroseconds / commits,
            ((elsewhere?.Invoke() ?? default) - there).TotalMicroseconds / commits,
            (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)commits
        );
    }

    private static async Task<List<double>> ProduceAsync(
        int producer,
        Stopwatch clock,
        TimeSpan duration,
        Func<int, Task> commitAsync
    )
    {
        var latencies = new List<double>();
        while (clock.Elapsed < duration)
        {
            var start = clock.Elapsed;
            await commitAsync(producer);
            latencies.Add((clock.Elapsed - start).TotalMilliseconds);
        }
        return latencies;
    }
}

/// <summary>What a turn of producers came to.</summary>
/// <param name="PerSecond">Commits per second.</param>
/// <param name="Latency">Of each commit, milliseconds.</param>
/// <param name="Here">Processor time of this process for each commit, microseconds; neighbours lengthen it less than the clock.</param>
/// <param name="There">The same of the server.</param>
/// <param name="Allocated">Bytes allocated for each commit: on a busy machine as on an idle one.</param>
internal sealed record Produced(double PerSecond, Spread Latency, double Here, double There, double Allocated);
