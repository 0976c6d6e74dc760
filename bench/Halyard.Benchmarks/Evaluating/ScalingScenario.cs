using System.Diagnostics;
using Halyard.Benchmarks.Measuring;
using Halyard.Evaluation;

namespace Halyard.Benchmarks.Evaluating;

/// <summary>How much more two threads evaluate than one, of the same snapshot, by the same handles: nothing they share is written.</summary>
internal static class ScalingScenario
{
    private const int Rounds = 15;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(300);

    public static void Run()
    {
        Machine.Describe();
        var flags = Subjects.Thousand().ToArray();
        var snapshot = Subjects.Snapshot(flags);
        var handles = Array.ConvertAll(flags, flag => FlagHandle.Boolean(flag.Key));
        var (one, two, ratio) = (new Spread(), new Spread(), new Spread());
        _ = Rate(1, snapshot, handles);
        _ = Rate(2, snapshot, handles);
        for (var round = 0; round < Rounds; round++)
        {
            var (single, pair) = (Rate(1, snapshot, handles), Rate(2, snapshot, handles));
            one.Add(single / 1e6);
            two.Add(pair / 1e6);
            ratio.Add(pair / single);
        }
        Console.WriteLine($"one thread   {one.ToString("N1")} million evaluations per second of processor time");
        Console.WriteLine($"two threads  {two.ToString("N1")}");
        Console.WriteLine($"ratio        {ratio.ToString("N2")}");
        Console.WriteLine(
            $"median (least–most) of {Rounds} rounds of {Slice.TotalMilliseconds:N0} ms; load average {Machine.Load}"
        );
    }

    /// <summary>
    /// The sum of what each thread evaluates per second of its own processor time: a neighbour that takes a processor away takes
    /// no part in the figure, while waiting for each other's memory does.
    /// </summary>
    private static double Rate(int threads, CompiledSnapshot snapshot, FlagHandle<bool>[] handles)
    {
        using var start = new Barrier(threads);
        var rates = new double[threads];
        var workers = Enumerable
            .Range(0, threads)
            .Select(index => new Thread(() => rates[index] = Evaluate(start, snapshot, handles)))
            .ToArray();
        foreach (var worker in workers)
            worker.Start();
        foreach (var worker in workers)
            worker.Join();
        return rates.Sum();
    }

    private static double Evaluate(Barrier start, CompiledSnapshot snapshot, FlagHandle<bool>[] handles)
    {
        start.SignalAndWait();
        var (clock, before) = (Stopwatch.StartNew(), ProcessorClock.OfThisThread());
        var (evaluations, on) = (0L, 0L);
        while (clock.Elapsed < Slice)
        {
            foreach (var handle in handles)
                on += handle.Evaluate(snapshot, Subjects.Context, Now).BooleanValue(fallback: false) ? 1 : 0;
            evaluations += handles.Length;
        }
        var used = ProcessorClock.OfThisThread() - before;
        return on > 0 ? evaluations / used.TotalSeconds : throw new InvalidOperationException("No flag was on.");
    }
}
