using Halyard.Benchmarks.Measuring;

namespace Halyard.Benchmarks.Commits;

/// <summary>
/// Governed commits (edit, decide, audit, seal, store) per second beside bare transactions, the two by turns on one file system.
/// </summary>
internal static class CommitScenario
{
    private const int Rounds = 5;

    public static readonly int[] DefaultProducers = [1, 8];

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(int[] producers)
    {
        Machine.Describe();
        using var folder = new ScratchFolder();
        using var bare = new BareCommits(folder.File("bare.db"), producers[^1]);
        using var governed = await GovernedCommits.OpenAsync(await Tenancy.OpenAsync(folder.File("governed.db")), producers[^1]);
        var contenders = new List<Contender>();
        foreach (var count in producers)
        {
            contenders.Add(new(count == 1 ? "bare transaction" : "bare group commit", count, bare.UpdateAsync));
            contenders.Add(new("governed commit", count, governed.ToggleAsync));
        }
        foreach (var contender in contenders)
            await Producers.RunAsync(contender.Producers, WarmUp, contender.CommitAsync);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var contender in contenders)
                contender.Add(await Producers.RunAsync(contender.Producers, Turn, contender.CommitAsync));
        }

        Console.WriteLine(Contender.Heading("producers"));
        for (var i = 0; i < contenders.Count; i++)
            contenders[i].Print(contenders[i - (i % 2)]);
        Console.WriteLine($"median (least–most) of {Rounds} rounds of {Turn.TotalSeconds} s each; load average {Machine.Load}");
    }

    internal sealed class Contender(string name, int producers, Func<int, Task> commitAsync)
    {
        private readonly Spread _rate = new();
        private readonly Spread _median = new();
        private readonly Spread _worst = new();
        private readonly Spread _here = new();
        private readonly Spread _there = new();
        private readonly Spread _allocated = new();

        public int Producers => producers;

        public Func<int, Task> CommitAsync => commitAsync;

        public static string Heading(string producers) =>
            $"{"", -20} {producers, 9} {"commits/s", 26} {"p50 ms", 20} {"p99 ms", 22} {"processor µs", 16} {"server's", 16} {"bytes", 22} {"of bare", 8}";

        public void Add(Produced round)
        {
            _rate.Add(round.PerSecond);
            _median.Add(round.Latency.Median);
            _worst.Add(round.Latency.At(0.99));
            _here.Add(round.Here);
            _there.Add(round.There);
            _allocated.Add(round.Allocated);
        }

        public void Print(Contender bare) =>
            Console.WriteLine(
                $"{name, -20} {producers, 9} {_rate.ToString("N0"), 26} {_median.ToString("F2"), 20} {_worst.ToString("F2"), 22} "
                    + $"{_here.ToString("N0"), 16} {_there.ToString("N0"), 16} "
                    + $"{_allocated.ToString("N0"), 22} {_rate.Median / bare._rate.Median, 8:P0}"
            );
    }
}
