using Halyard.Benchmarks.Measuring;

namespace Halyard.Benchmarks.Commits;

/// <summary>
/// Governed commits (edit, decide, audit, seal, store) per second beside bare transactions, the two by turns on one file system.
/// </summary>
internal static class CommitScenario
{
    private const int Rounds = 5;
    private const int Many = 8;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    public static async Task RunAsync()
    {
        Machine.Describe();
        using var folder = new ScratchFolder();
        using var bare = new BareCommits(folder.File("bare.db"), Many);
        using var governed = await GovernedCommits.OpenAsync(await Tenancy.OpenAsync(folder.File("governed.db")), Many);
        Contender[] contenders =
        [
            new("bare transaction", 1, bare.UpdateAsync),
            new("governed commit", 1, governed.ToggleAsync),
            new("bare group commit", Many, bare.UpdateAsync),
            new("governed commit", Many, governed.ToggleAsync),
        ];
        foreach (var contender in contenders)
            await Producers.RunAsync(contender.Producers, WarmUp, contender.CommitAsync);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var contender in contenders)
                contender.Add(await Producers.RunAsync(contender.Producers, Turn, contender.CommitAsync));
        }

        Console.WriteLine($"{"", -20} {"producers", 9} {"commits/s", 26} {"p50 ms", 20} {"p99 ms", 22} {"of bare", 8}");
        for (var i = 0; i < contenders.Length; i++)
            contenders[i].Print(contenders[i - (i % 2)]);
        Console.WriteLine($"median (least–most) of {Rounds} rounds of {Turn.TotalSeconds} s each; load average {Machine.Load}");
    }

    internal sealed class Contender(string name, int producers, Func<int, Task> commitAsync)
    {
        private readonly Spread _rate = new();
        private readonly Spread _median = new();
        private readonly Spread _worst = new();

        public int Producers => producers;

        public Func<int, Task> CommitAsync => commitAsync;

        public void Add((double PerSecond, Spread Latency) round)
        {
            _rate.Add(round.PerSecond);
            _median.Add(round.Latency.Median);
            _worst.Add(round.Latency.At(0.99));
        }

        public void Print(Contender bare) =>
            Console.WriteLine(
                $"{name, -20} {producers, 9} {_rate.ToString("N0"), 26} {_median.ToString("F2"), 20} {_worst.ToString("F2"), 22} "
                    + $"{_rate.Median / bare._rate.Median, 8:P0}"
            );
    }
}
