using System.Diagnostics;
using Halyard.Benchmarks.Measuring;

namespace Halyard.Benchmarks.Commits;

/// <summary>Callers that each send one commit after the other for a while.</summary>
internal static class Producers
{
    /// <summary>Commits per second, and each one's latency in milliseconds.</summary>
    public static async Task<(double PerSecond, Spread Latency)> RunAsync(
        int count,
        TimeSpan duration,
        Func<int, Task> commitAsync
    )
    {
        var clock = Stopwatch.StartNew();
        var all = await Task.WhenAll(
            Enumerable.Range(0, count).Select(producer => Task.Run(() => ProduceAsync(producer, clock, duration, commitAsync)))
        );
        var elapsed = clock.Elapsed;
        var latency = new Spread();
        foreach (var milliseconds in all.SelectMany(one => one))
            latency.Add(milliseconds);
        return (all.Sum(one => one.Count) / elapsed.TotalSeconds, latency);
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
