using System.Numerics;

namespace Halyard.Evaluation;

/// <summary>
/// Counts what the flags of one snapshot serve. Recording takes no lock and allocates nothing but once a processor, from any
/// thread; whoever drains takes each count exactly once. Memory is bounded by the snapshot, which the tally keeps alive: what the
/// snapshot does not know is not counted.
/// </summary>
/// <remarks>
/// Each processor counts in cells of its own, so that two that serve the same flag do not pull one cache line to and fro. Which
/// one it is comes in with the call: <c>Thread.GetCurrentProcessorId()</c>; any number counts as well, only slower.
/// </remarks>
public sealed class EvaluationTally
{
    private const int MaxStripes = 16;

    /// <summary>The cell that counts evaluations of all fixed flags at once; no variant's slot.</summary>
    private const int Everybody = 0;

    private readonly CompiledSnapshot _snapshot;
    private readonly long[]?[] _stripes;

    /// <summary>A tally of zeros.</summary>
    /// <param name="snapshot">Whose results are recorded.</param>
    /// <param name="processors">How many processors record at once; at least 1.</param>
    public EvaluationTally(CompiledSnapshot snapshot, int processors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(processors, 1);
        _snapshot = snapshot;
        var stripes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(processors, MaxStripes));
        _stripes = new long[stripes][];
    }

    /// <summary>Counts what was served. An error serves nothing and is not counted.</summary>
    /// <param name="result">A result of this tally's snapshot; one of another is counted for nobody, or for a flag it is not of.</param>
    /// <param name="processor">Whose cells count.</param>
    public void Record(in EvaluationResult result, int processor)
    {
        if (result.Variant is { } variant && result.Reason != EvaluationReason.Error)
        {
            var cells = Cells(processor);
            if ((uint)variant.Slot < (uint)cells.Length)
                Interlocked.Increment(ref cells[variant.Slot]);
        }
    }

    /// <summary>Counts each of the snapshot's flags that answer everybody alike, as after a bulk evaluation; see <see cref="CompiledFlag.IsFixed"/>.</summary>
    /// <param name="processor">Whose cells count.</param>
    public void RecordFixed(int processor) => Interlocked.Increment(ref Cells(processor)[Everybody]);

    /// <summary>Takes what was counted since it was drained last. Counts that come meanwhile are in this or in the next.</summary>
    public IReadOnlyList<EvaluatedVariant> Drain()
    {
        var everybody = Take(Everybody);
        var counts = new List<EvaluatedVariant>();
        foreach (var flag in _snapshot.Flags)
        {
            foreach (var variant in flag.Variants)
            {
                var count = Take(variant.Slot);
                if (flag.IsFixed && !flag.IsBroken && ReferenceEquals(flag.Fixed.Variant, variant))
                    count += everybody;
                if (count > 0)
                    counts.Add(new EvaluatedVariant(flag.Key, variant.Key, count));
            }
        }
        return counts;
    }

    private long[] Cells(int processor)
    {
        ref var cells = ref _stripes[processor & (_stripes.Length - 1)];
        return Volatile.Read(ref cells) ?? Interlocked.CompareExchange(ref cells, new long[_snapshot.Slots], null) ?? cells;
    }

    private long Take(int slot)
    {
        var sum = 0L;
        foreach (var cells in _stripes)
        {
            // Most cells of most flushes are zero, and reading costs less than exchanging.
            if (cells is not null && Volatile.Read(ref cells[slot]) != 0)
                sum += Interlocked.Exchange(ref cells[slot], 0);
        }
        return sum;
    }
}

/// <summary>How often a variant was served.</summary>
/// <param name="Flag">The flag's key.</param>
/// <param name="Variant">The variant's key.</param>
/// <param name="Count">How often; at least 1.</param>
public sealed record EvaluatedVariant(string Flag, string Variant, long Count);
