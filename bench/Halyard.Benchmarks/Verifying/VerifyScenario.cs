using System.Diagnostics;
using System.Security.Cryptography;
using Halyard.Benchmarks.Measuring;
using Halyard.Ledger;

namespace Halyard.Benchmarks.Verifying;

/// <summary>
/// A published log, held in memory, verified from its checkpoint to its leaves; beside it the floor: SHA-256 over the bytes of the
/// same bundles and nothing else, on as many processors. By the clock, and by processor time, which neighbours lengthen less.
/// </summary>
internal static class VerifyScenario
{
    public const int DefaultEntries = 200_000;

    private const int Rounds = 5;

    public static void Run(int entries)
    {
        Machine.Describe();
        var log = PublishedLog.Of(entries);
        Console.WriteLine($"{entries:N0} entries of {log.LeafBytes / entries:N0} bytes, {log.Files.Count:N0} files");
        var (verified, floor) = (new Figures(entries), new Figures(entries));
        for (var round = 0; round <= Rounds; round++)
        {
            var (one, two) = (Time(() => Verify(log)), Time(() => Hash(log)));
            if (round == 0)
                continue;
            verified.Add(one);
            floor.Add(two);
        }
        Console.WriteLine($"verified  {verified}");
        Console.WriteLine($"SHA-256   {floor}");
        Console.WriteLine($"median (least–most) of {Rounds} rounds; load average {Machine.Load}");
    }

    private static (TimeSpan Clock, TimeSpan Processors) Time(Action action)
    {
        var before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        action();
        return (clock.Elapsed, Environment.CpuUsage.TotalTime - before);
    }

    private static void Verify(PublishedLog log)
    {
        var question = new ArchiveQuestion(PublishedLog.Origin, log.Keys)
        {
            RunSteps = (count, step) => Parallel.For(0, count, step),
        };
        if (ArchiveVerifier.Run(log, question, CancellationToken.None) is not ArchiveVerdict.Verified)
            throw new InvalidOperationException("The log that was just written is not verified.");
    }

    private static void Hash(PublishedLog log) => Parallel.ForEach(log.Bundles, bundle => SHA256.HashData(bundle));

    private sealed class Figures(int entries)
    {
        private readonly Spread _clock = new();
        private readonly Spread _processors = new();

        public void Add((TimeSpan Clock, TimeSpan Processors) time)
        {
            _clock.Add(entries / time.Clock.TotalSeconds);
            _processors.Add(entries / time.Processors.TotalSeconds);
        }

        public override string ToString() =>
            $"{_clock.ToString("N0")} entries/s, {_processors.ToString("N0")} entries for each processor second";
    }
}
