using System.Diagnostics;
using Halyard.Benchmarks.Measuring;
using Halyard.Evaluation;

namespace Halyard.Benchmarks.Evaluating;

/// <summary>What counting an evaluation adds to it: of one thread, and of two that count the same flag all the time.</summary>
internal static class TrackingScenario
{
    private const int Rounds = 15;
    private const int Calls = 4_000_000;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static void Run()
    {
        Machine.Describe();
        var snapshot = Subjects.Snapshot([("asked-for", 'b')]);
        var handle = FlagHandle.Boolean("asked-for");
        var tally = new EvaluationTally(snapshot, Environment.ProcessorCount);
        foreach (var threads in new[] { 1, 2 })
        {
            var (plain, counted, added) = (new Spread(), new Spread(), new Spread());
            _ = Nanoseconds(threads, () => Evaluate(snapshot, handle));
            _ = Nanoseconds(threads, () => EvaluateAndCount(snapshot, handle, tally));
            for (var round = 0; round < Rounds; round++)
            {
                var without = Nanoseconds(threads, () => Evaluate(snapshot, handle));
                var with = Nanoseconds(threads, () => EvaluateAndCount(snapshot, handle, tally));
                plain.Add(without);
                counted.Add(with);
                added.Add(with - without);
            }
            Console.WriteLine(
                $"{threads} thread(s)  evaluating {plain.ToString("N1")} ns, and counting {counted.ToString("N1")} ns: "
                    + $"{added.ToString("N1")} ns more"
            );
        }
        var total = tally.Drain().Sum(variant => variant.Count);
        // Warm-up and rounds, of one thread and of two.
        var expected = (Rounds + 1L) * Calls * 3;
        Console.WriteLine(
            $"counted {total:N0} of {expected:N0}; median (least–most) of {Rounds} rounds; load average {Machine.Load}"
        );
    }

    private static double Nanoseconds(int threads, Func<int> work)
    {
        using var start = new Barrier(threads + 1);
        var served = 0;
        var workers = Enumerable
            .Range(0, threads)
            .Select(_ => new Thread(() =>
            {
                start.SignalAndWait();
                Interlocked.Add(ref served, work());
            }))
            .ToArray();
        foreach (var worker in workers)
            worker.Start();
        start.SignalAndWait();
        var clock = Stopwatch.StartNew();
        foreach (var worker in workers)
            worker.Join();
        return served > 0 ? clock.Elapsed.TotalNanoseconds / Calls : throw new InvalidOperationException("Nobody was served.");
    }

    private static int Evaluate(CompiledSnapshot snapshot, FlagHandle<bool> handle)
    {
        var on = 0;
        for (var i = 0; i < Calls; i++)
            on += handle.Evaluate(snapshot, Subjects.Context, Now).BooleanValue(fallback: false) ? 1 : 0;
        return on;
    }

    private static int EvaluateAndCount(CompiledSnapshot snapshot, FlagHandle<bool> handle, EvaluationTally tally)
    {
        var on = 0;
        for (var i = 0; i < Calls; i++)
        {
            var result = handle.Evaluate(snapshot, Subjects.Context, Now);
            tally.Record(result, Thread.GetCurrentProcessorId());
            on += result.BooleanValue(fallback: false) ? 1 : 0;
        }
        return on;
    }
}
