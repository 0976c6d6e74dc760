using System.Diagnostics;
using System.Security.Cryptography;
using Halyard.Benchmarks.Measuring;
using Halyard.Ledger;

namespace Halyard.Benchmarks.Verifying;

/// <summary>
/// A published log, held in memory, verified from its checkpoint to its leaves on all processors and on one; beside it the floor:
/// SHA-256 over the bytes of the same bundles and nothing else, on as many.
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
        var (all, floor, one, floorOnOne) = (new Spread(), new Spread(), new Spread(), new Spread());
        for (var round = 0; round <= Rounds; round++)
        {
            var seconds = new[]
            {
                Time(() => Verify(log)),
                Time(() => Hash(log, Environment.ProcessorCount)),
                Time(() => OnOneProcessor(() => Verify(log))),
                Time(() => Hash(log, 1)),
            };
            if (round == 0)
                continue;
            all.Add(entries / seconds[0]);
            floor.Add(entries / seconds[1]);
            one.Add(entries / seconds[2]);
            floorOnOne.Add(entries / seconds[3]);
        }
        Console.WriteLine(
            $"verified, all processors   {all.ToString("N0")} entries/s, {all.Median / floor.Median:P0} of the floor"
        );
        Console.WriteLine($"SHA-256, all processors    {floor.ToString("N0")} entries/s");
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            Console.WriteLine(
                $"verified, one processor    {one.ToString("N0")} entries/s, {one.Median / floorOnOne.Median:P0} of the floor"
            );
        }
        Console.WriteLine($"SHA-256, one processor     {floorOnOne.ToString("N0")} entries/s");
        Console.WriteLine($"median (least–most) of {Rounds} rounds; load average {Machine.Load}");
    }

    private static double Time(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    }

    private static void Verify(PublishedLog log)
    {
        var question = new ArchiveQuestion(PublishedLog.Origin, log.Keys);
        if (ArchiveVerifier.Run(log, question, CancellationToken.None) is not ArchiveVerdict.Verified)
            throw new InvalidOperationException("The log that was just written is not verified.");
    }

    private static void OnOneProcessor(Action action)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
            return;
        using var process = Process.GetCurrentProcess();
        var before = process.ProcessorAffinity;
        process.ProcessorAffinity = 1;
        try
        {
            action();
        }
        finally
        {
            process.ProcessorAffinity = before;
        }
    }

    private static void Hash(PublishedLog log, int processors) =>
        Parallel.ForEach(
            log.Bundles,
            new ParallelOptions { MaxDegreeOfParallelism = processors },
            bundle => SHA256.HashData(bundle)
        );
}
