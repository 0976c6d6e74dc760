using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using Halyard.Evaluation;

namespace Halyard.Benchmarks.Evaluating;

/// <summary>
/// One flag for one user, and all of 1,000 flags: <b>a</b> no rules, <b>b</b> one equality, <b>c</b> five rules of three
/// conditions, <b>d</b> half by key, <b>e</b> one of 1,000 strings, <b>f</b> three JSON variants by key, <b>g</b> 1,000 flags.
/// The context is built beforehand.
/// </summary>
[MemoryDiagnoser]
[ShortRunJob]
public class EvaluationBenchmarks
{
    private const string AskedFor = "asked-for";

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private string[] _keys = [];
    private CompiledSnapshot _snapshot = CompiledSnapshot.Empty;
    private FrozenDictionary<string, FloorFlag> _floor = FrozenDictionary<string, FloorFlag>.Empty;
    private FlagHandle<bool>[] _booleans = [];
    private FlagHandle<ReadOnlyMemory<byte>>[] _documents = [];
    private FloorFlag[] _found = [];
    private ManagedFlags? _managed;

    /// <summary>Which kind of flag.</summary>
    [Params('a', 'b', 'c', 'd', 'e', 'f', 'g')]
    public char Shape { get; set; }

    private bool IsJson => Shape == 'f';

    /// <summary>Compiles the flags.</summary>
    [GlobalSetup]
    public void Compile()
    {
        // The flag asked for is one among others, as in life.
        (string Key, char Shape)[] flags = Shape == 'g' ? [.. Subjects.Thousand()] : [.. Subjects.Thousand(), (AskedFor, Shape)];
        _keys = Shape == 'g' ? [.. flags.Select(flag => flag.Key)] : [AskedFor];
        _snapshot = Subjects.Snapshot(flags);
        _floor = Subjects.Floor(flags);
        _found = [.. _keys.Select(key => _floor[key])];
        _booleans = IsJson ? [] : [.. _keys.Select(FlagHandle.Boolean)];
        _documents = IsJson ? [.. _keys.Select(FlagHandle.Json)] : [];
        _managed = ManagedFlags.CanExpress(Shape) ? new ManagedFlags(flags) : null;
        // Each must answer the same, or the comparison is of different things.
        if (HalyardByKey() != FloorByKey() || HalyardByHandle() != FloorByKey() || FloorByHandle() != FloorByKey())
            throw new InvalidOperationException($"shape {Shape}: the contenders disagree");
    }

    /// <summary>A bare value, the flag looked up.</summary>
    [Benchmark(Baseline = true)]
    public int FloorByKey()
    {
        var sum = 0;
        foreach (var key in _keys)
        {
            if (_floor.TryGetValue(key, out var flag))
                sum += flag.Serve(Subjects.FloorContext);
        }
        return sum;
    }

    /// <summary>A bare value, the flag found beforehand.</summary>
    [Benchmark]
    public int FloorByHandle()
    {
        var sum = 0;
        foreach (var flag in _found)
            sum += flag.Serve(Subjects.FloorContext);
        return sum;
    }

    /// <summary>Value, variant, reason, rule and revision, the flag looked up.</summary>
    [Benchmark]
    public int HalyardByKey()
    {
        var sum = 0;
        foreach (var key in _keys)
        {
            var result = Evaluator.Evaluate(_snapshot, key, Subjects.Context, Now);
            sum += IsJson ? result.JsonValue(default).Length : Number(result.BooleanValue(fallback: false));
        }
        return sum;
    }

    /// <summary>Value, variant, reason, rule and revision, through a handle.</summary>
    [Benchmark]
    public int HalyardByHandle()
    {
        var sum = 0;
        foreach (var handle in _booleans)
            sum += Number(handle.Evaluate(_snapshot, Subjects.Context, Now).BooleanValue(fallback: false));
        foreach (var handle in _documents)
            sum += handle.Evaluate(_snapshot, Subjects.Context, Now).JsonValue(default).Length;
        return sum;
    }

    /// <summary>The value alone, through a handle.</summary>
    [Benchmark]
    public int HalyardValue()
    {
        var sum = 0;
        foreach (var handle in _booleans)
            sum += Number(handle.Value(_snapshot, Subjects.Context, Now, fallback: false));
        foreach (var handle in _documents)
            sum += handle.Value(_snapshot, Subjects.Context, Now, default).Length;
        return sum;
    }

    /// <summary>Microsoft.FeatureManagement, where it can express the flag; 0 where it cannot.</summary>
    [Benchmark]
    public async Task<int> FeatureManagement()
    {
        if (_managed is null)
            return 0;
        var sum = 0;
        foreach (var key in _keys)
            sum += await (IsJson ? _managed.JsonAsync(key) : _managed.BooleanAsync(key));
        return sum;
    }

    /// <summary>Lets go of what was set up.</summary>
    [GlobalCleanup]
    public void Clean() => _managed?.Dispose();

    private static int Number(bool value) => value ? 1 : 0;
}
