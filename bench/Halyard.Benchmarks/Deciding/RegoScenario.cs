using System.Text;
using Halyard.Benchmarks.Measuring;
using Halyard.Rego;

namespace Halyard.Benchmarks.Deciding;

/// <summary>What a decision by a policy costs, beside a policy that says yes to everything: the price of asking at all.</summary>
internal static class RegoScenario
{
    private const int Rounds = 15;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(200);
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Measures the built-in samples and, when named, a module of one's own.</summary>
    /// <param name="query">The query of the module; null measures the samples alone.</param>
    /// <param name="module">The path of the module.</param>
    /// <param name="input">The path of its input document.</param>
    public static void Run(string? query, string? module, string? input)
    {
        Machine.Describe();
        var subjects = RegoSamples.All.ToList();
        if (query is not null)
            subjects.Add(new RegoSample(module!, query, File.ReadAllText(module!), File.ReadAllText(input!), "{}"));
        var decisions = subjects.ConvertAll(Prepare);
        var times = subjects.ConvertAll(_ => new Spread());
        decisions.ForEach(decide => Microseconds(decide));
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (decide, spread) in decisions.Zip(times))
                spread.Add(Microseconds(decide));
        }
        foreach (var (subject, (spread, decide)) in subjects.Zip(times.Zip(decisions)))
        {
            Console.WriteLine(
                $"{subject.Name, -44} {spread.ToString("N2")} µs  {spread.Median / times[0].Median, 6:N1} ×  {Bytes(decide), 7:N0} B"
            );
        }
        Console.WriteLine(
            $"processor time of one decision, times the first, bytes allocated; median (least–most) of {Rounds} rounds of "
                + $"{Slice.TotalMilliseconds:N0} ms; load average {Machine.Load}"
        );
    }

    private static Action Prepare(RegoSample sample)
    {
        var compiled = RegoCompiler.Compile([new RegoSource(sample.Name, sample.Module)]);
        var query =
            compiled.Policy?.Prepare(sample.Query).Query
            ?? throw new InvalidOperationException(string.Join('\n', compiled.Problems));
        var input = RegoValue.Parse(Encoding.UTF8.GetBytes(sample.Input));
        var data = RegoValue.Parse(Encoding.UTF8.GetBytes(sample.Data));
        var wanted = sample.Answer is null ? null : RegoValue.Parse(Encoding.UTF8.GetBytes(sample.Answer));
        return () =>
        {
            var answer = query.Evaluate(input, data, RegoBudget.Default, Now) as RegoAnswer.Defined;
            if (answer is null || wanted is not null && !answer.Value.Equals(wanted))
                throw new InvalidOperationException($"{sample.Name} gave a wrong decision.");
        };
    }

    private static double Microseconds(Action decide)
    {
        const int Batch = 200;
        var (start, decisions) = (ProcessorClock.OfThisThread(), 0);
        TimeSpan elapsed;
        do
        {
            for (var i = 0; i < Batch; i++)
                decide();
            decisions += Batch;
            elapsed = ProcessorClock.OfThisThread() - start;
        } while (elapsed < Slice);
        return elapsed.TotalMicroseconds / decisions;
    }

    private static double Bytes(Action decide)
    {
        const int Batch = 1_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Batch; i++)
            decide();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Batch;
    }
}
