namespace Halyard.Evaluation.Tests.Agreement;

/// <summary>Chance that is the same on every machine and runtime for one seed (SplitMix64, Steele, Lea and Flood 2014).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number of 0…<paramref name="count"/>−1.</summary>
    public int Below(int count) => (int)((UInt128)Next() * (uint)count >> 64);

    /// <summary>True in one of <paramref name="times"/> throws.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public T One<T>(params IReadOnlyList<T> of) => of[Below(of.Count)];

    /// <summary>Up to <paramref name="most"/> things.</summary>
    public T[] Some<T>(int most, Func<T> make, int least = 0) =>
        [.. Enumerable.Range(0, least + Below(most - least + 1)).Select(_ => make())];

    public ulong Next()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
