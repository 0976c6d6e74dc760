using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using Halyard.Evaluation;

namespace Halyard.Benchmarks.Evaluating;

/// <summary>
/// One flag by key for one user, and all of 1,000 flags: <b>a</b> no rules, <b>b</b> one equality, <b>c</b> five rules of three
/// conditions, <b>d</b> half by key, <b>e</b> one of 1,000 strings, <b>f</b> three JSON variants by key, <b>g</b> 1,000 flags.
/// </summary>
[MemoryDiagnoser]
[ShortRunJob]
public class EvaluationBenchmarks
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private string[] _keys = [];
    private CompiledSnapshot _snapshot = CompiledSnapshot.Empty;
    private FrozenDictionary<string, FloorFlag> _floor = FrozenDictionary<string, FloorFlag>.Empty;

    /// <summary>Which kind of flag.</summary>
    [Params('a', 'b', 'c', 'd', 'e', 'f', 'g')]
    public char Shape { get; set; }

    /// <summary>Compiles the flags.</summary>
    [GlobalSetup]
    public void Compile()
    {
        // The flag asked for is one among others, as in life.
        (string Key, char Shape)[] flags =
            Shape == 'g' ? [.. Subjects.Thousand()] : [.. Subjects.Thousand(), ("asked-for", Shape)];
        _keys = Shape == 'g' ? [.. flags.Select(flag => flag.Key)] : ["asked-for"];
        _snapshot = Subjects.Snapshot(flags);
        _floor = Subjects.Floor(flags);
    }

    /// <summary>A bare value.</summary>
    [Benchmark(Baseline = true)]
    public int Floor()
    {
        var sum = 0;
        foreach (var key in _keys)
        {
            if (_floor.TryGetValue(key, out var flag))
                sum += flag.Serve(Subjects.FloorContext);
        }
        return sum;
    }

    /// <summary>Value, variant, reason, rule and revision.</summary>
    [Benchmark]
    public int Halyard()
    {
        var sum = 0;
        foreach (var key in _keys)
        {
            var result = Evaluator.Evaluate(_snapshot, key, Subjects.Context, Now);
            sum += result.BooleanValue(fallback: false) ? 1 : 0;
        }
        return sum;
    }
}
