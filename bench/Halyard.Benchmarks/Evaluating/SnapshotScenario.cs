using System.Diagnostics;
using Halyard.Benchmarks.Measuring;
using Halyard.Evaluation;

namespace Halyard.Benchmarks.Evaluating;

/// <summary>
/// A snapshot of 10,000 mixed flags: how long it takes to compile, what it weighs, and how long a reader waits for an answer
/// while another snapshot takes its place, beside the same reader's waits while nothing happens.
/// </summary>
internal static class SnapshotScenario
{
    private const int Flags = 10_000;
    private const int Rounds = 9;
    private const int Swaps = 50;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static volatile CompiledSnapshot _current = CompiledSnapshot.Empty;

    public static void Run()
    {
        Machine.Describe();
        var definition = Subjects.Definition(Subjects.Mixed(Flags));
        var (times, costs) = (new Spread(), new Spread());
        for (var round = 0; round < Rounds; round++)
        {
            var (start, used) = (Stopwatch.GetTimestamp(), ProcessorClock.OfThisThread());
            _ = Compile(definition);
            costs.Add((ProcessorClock.OfThisThread() - used).TotalMilliseconds);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        Console.WriteLine($"compiling {Flags:N0} flags  {times.ToString("N0")} ms, of processor time {costs.ToString("N0")} ms");

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var snapshot = Compile(definition);
        var weight = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"memory per compiled flag  {(double)weight / Flags:N0} bytes");
        _current = snapshot;

        CompiledSnapshot[] turns = [snapshot, Compile(definition)];
        _ = Waits(Quiet);
        for (var round = 0; round < 3; round++)
        {
            Console.WriteLine($"no swaps                   {Waits(Quiet)}");
            Console.WriteLine($"{Swaps} swaps                  {Waits(turn => _current = turns[turn % 2])}");
            Console.WriteLine($"{Swaps} swaps, each compiled   {Waits(_ => _current = Compile(definition))}");
        }
        Console.WriteLine($"load average {Machine.Load}");

        static void Quiet(int turn) { }
    }

    private static CompiledSnapshot Compile(EnvironmentDefinition definition)
    {
        var compiled = SnapshotCompiler.Compile(definition);
        return compiled.Diagnostics.Count == 0
            ? compiled.Snapshot
            : throw new InvalidOperationException(compiled.Diagnostics[0].ToString());
    }

    /// <summary>
    /// Each evaluation of a reader, on the clock, while another thread does something 50 times, 5 ms apart; and how long the
    /// first evaluations in a new snapshot took. What the machine itself adds shows where nothing is done.
    /// </summary>
    private static string Waits(Action<int> act)
    {
        using var done = new CancellationTokenSource();
        var other = new Thread(() =>
        {
            for (var turn = 1; turn <= Swaps; turn++)
            {
                Thread.Sleep(5);
                act(turn);
            }
            done.Cancel();
        });
        other.Start();

        var (all, first) = (new Histogram(), new Histogram());
        var last = _current;
        var pauses = GC.GetTotalPauseDuration();
        while (!done.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            var snapshot = _current;
            var result = Evaluator.Evaluate(snapshot, Subjects.OneRule, Subjects.Context, Now);
            var took = Stopwatch.GetElapsedTime(start);
            if (result.ErrorCode is not null)
                throw new InvalidOperationException("The flag is gone.");
            all.Add(took);
            if (!ReferenceEquals(snapshot, last))
                first.Add(took);
            last = snapshot;
        }
        other.Join();
        var collected = GC.GetTotalPauseDuration() - pauses;
        return $"evaluation p99.99 {all.At(0.9999):N1} µs, longest {all.Longest:N0} µs"
            + (first.Count > 0 ? $"; first in a new snapshot longest {first.Longest:N1} µs ({first.Count} seen)" : "")
            + $"; garbage collector's pauses {collected.TotalMilliseconds:N0} ms";
    }

    /// <summary>Durations by tenth of a microsecond, in fixed memory, so that measuring allocates nothing.</summary>
    private sealed class Histogram
    {
        private readonly long[] _counts = new long[100_000];

        public long Count { get; private set; }

        public double Longest { get; private set; }

        public void Add(TimeSpan took)
        {
            Count++;
            Longest = Math.Max(Longest, took.TotalMicroseconds);
            _counts[Math.Min(_counts.Length - 1, (long)(took.TotalMicroseconds * 10))]++;
        }

        public double At(double part)
        {
            var wanted = (long)Math.Ceiling(part * Count);
            var seen = 0L;
            for (var i = 0; i < _counts.Length; i++)
            {
                seen += _counts[i];
                if (seen >= wanted)
                    return i / 10.0;
            }
            return Longest;
        }
    }
}
