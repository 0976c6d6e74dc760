using System.Diagnostics;
using System.Runtime.CompilerServices;
using Halyard.Benchmarks.Measuring;

namespace Halyard.Benchmarks.Evaluating;

/// <summary>
/// The benchmarks as one table, for machines with neighbours: the contenders of a shape take turns in slices of a few
/// milliseconds, and a contender's figure is the median of its slices. BenchmarkDotNet gives each its own process, so that
/// a neighbour's burst falls on one of them.
/// </summary>
internal static class Comparison
{
    public const int DefaultRounds = 61;

    public const string AllShapes = "abcdefg";

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(400);

    private const int Turns = 120;
    private const int WarmUps = 2;

    private static readonly (char Shape, double Goal)[] Goals =
    [
        ('a', 16),
        ('b', 25),
        ('c', 130),
        ('d', 46),
        ('e', 42),
        ('f', 60),
        ('g', 22_000),
    ];

    public static async Task RunAsync(int rounds, string shapes)
    {
        Machine.Describe();
        Console.WriteLine("ns per call / bytes allocated; median of the slices");
        Console.WriteLine(
            "| | floor, by key | by handle | Halyard, by key | by handle | value by handle | Microsoft.FeatureManagement | key ÷ floor | handle ÷ floor | FeatureManagement ÷ Halyard | goal, ns |"
        );
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        var rows = Goals.Where(goal => shapes.Contains(goal.Shape)).Select(goal => new Row(goal.Shape, goal.Goal)).ToArray();
        await PrimeAsync(rows);
        foreach (var row in rows)
            await MeasureAsync(row, rounds);
        Console.WriteLine($"{rounds} rounds of {Slice.TotalMilliseconds} ms; load average {Machine.Load}");
    }

    // The compiler shapes its code by what it saw run: every shape in turn, as in life, and not only the one that comes first.
    private static async Task PrimeAsync(Row[] rows)
    {
        for (var turn = 0; turn < Turns; turn++)
        {
            foreach (var row in rows)
            {
                foreach (var contender in row.Contenders)
                    await contender.CallAsync(turn % 10 == 0 ? 10 : 1);
            }
            if (turn % 10 == 0)
                await Task.Delay(WarmUp / 4);
        }
    }

    private static async Task MeasureAsync(Row row, int rounds)
    {
        var contenders = row.Contenders;
        // The compiler works beside the program, in tiers: each pass leaves it time to finish what the one before asked for.
        for (var pass = 0; pass < WarmUps; pass++)
        {
            foreach (var contender in contenders)
                await contender.WarmUpAsync(WarmUp, Slice);
            await Task.Delay(WarmUp);
        }
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in contenders)
                await contender.SliceAsync();
        }
        var managed = ManagedFlags.CanExpress(row.Shape) ? contenders[5] : null;
        var (byKey, byHandle) = (contenders[2].Nanoseconds, contenders[3].Nanoseconds);
        string[] cells =
        [
            .. contenders[..5].Select(contender => contender.ToString()),
            managed?.ToString() ?? "–",
            $"{byKey / contenders[0].Nanoseconds:N2}",
            $"{byHandle / contenders[1].Nanoseconds:N2}",
            managed is null ? "–" : $"{managed.Nanoseconds / byKey:N0}",
            $"{row.Goal:N0}",
        ];
        Console.WriteLine($"| **{row.Shape}** | {string.Join(" | ", cells)} |");
        row.Subject.Clean();
    }

    // Compiled once per contender, so that the loop around a call of a few nanoseconds is the same for all and costs next to nothing.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Task Repeat<TCall>(EvaluationBenchmarks subject, long calls)
        where TCall : struct, ICall
    {
        for (var i = 0L; i < calls; i++)
            default(TCall).Invoke(subject);
        return Task.CompletedTask;
    }

    private static async Task RepeatManagedAsync(EvaluationBenchmarks subject, long calls)
    {
        for (var i = 0L; i < calls; i++)
            await subject.FeatureManagement();
    }

    private interface ICall
    {
        void Invoke(EvaluationBenchmarks subject);
    }

    private readonly struct FloorByKey : ICall
    {
        public void Invoke(EvaluationBenchmarks subject) => subject.FloorByKey();
    }

    private readonly struct FloorByHandle : ICall
    {
        public void Invoke(EvaluationBenchmarks subject) => subject.FloorByHandle();
    }

    private readonly struct HalyardByKey : ICall
    {
        public void Invoke(EvaluationBenchmarks subject) => subject.HalyardByKey();
    }

    private readonly struct HalyardByHandle : ICall
    {
        public void Invoke(EvaluationBenchmarks subject) => subject.HalyardByHandle();
    }

    private readonly struct HalyardValue : ICall
    {
        public void Invoke(EvaluationBenchmarks subject) => subject.HalyardValue();
    }

    private sealed class Row
    {
        public Row(char shape, double goal)
        {
            (Shape, Goal) = (shape, goal);
            Subject = new EvaluationBenchmarks { Shape = shape };
            Subject.Compile();
            Contenders =
            [
                new(calls => Repeat<FloorByKey>(Subject, calls)),
                new(calls => Repeat<FloorByHandle>(Subject, calls)),
                new(calls => Repeat<HalyardByKey>(Subject, calls)),
                new(calls => Repeat<HalyardByHandle>(Subject, calls)),
                new(calls => Repeat<HalyardValue>(Subject, calls)),
                new(calls => RepeatManagedAsync(Subject, calls)),
            ];
        }

        public char Shape { get; }

        public double Goal { get; }

        public EvaluationBenchmarks Subject { get; }

        public Contender[] Contenders { get; }
    }

    private sealed class Contender(Func<long, Task> repeat)
    {
        private readonly Spread _times = new();
        private long _calls = 1;
        private long _bytes;

        public double Nanoseconds => _times.Median;

        public Task CallAsync(int times) => repeat(times);

        public async Task WarmUpAsync(TimeSpan atLeast, TimeSpan slice)
        {
            var clock = Stopwatch.StartNew();
            var calls = 0L;
            while (clock.Elapsed < atLeast)
            {
                await repeat(100);
                calls += 100;
            }
            _calls = Math.Max(1, (long)(calls * (slice / clock.Elapsed)));
        }

        public async Task SliceAsync()
        {
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            await repeat(_calls);
            _times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / _calls);
            _bytes = (GC.GetAllocatedBytesForCurrentThread() - bytes) / _calls;
        }

        public override string ToString() => $"{Nanoseconds:N1} / {_bytes:N0}";
    }
}
