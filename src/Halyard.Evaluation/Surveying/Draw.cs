namespace Halyard.Evaluation;

/// <summary>One hash of one attribute. Users who have the attribute lie evenly on [0, 1), each at the same place wherever the die is cast.</summary>
/// <param name="Rule">How it is hashed.</param>
/// <param name="Salt">What is hashed with it.</param>
/// <param name="By">The attribute.</param>
internal sealed record Die(string Rule, string Salt, string By);

/// <summary>A range of places, from where the one before ends, and what follows from lying in it.</summary>
/// <param name="End">Where it ends, 0…1.</param>
/// <param name="Outcome">What the rollout answers; <see langword="null"/> where the next draw decides.</param>
/// <param name="Variant">The variant, where one is served.</param>
internal readonly record struct DrawRange(double End, RolloutOutcome? Outcome, CompiledVariant? Variant = null)
{
    public static DrawRange Serve(double end, CompiledVariant variant) => new(end, RolloutOutcome.Served, variant);
}

/// <summary>The index of the range that a value falls into, or less than zero where it counts as missing.</summary>
internal delegate int DrawPlace(ReadOnlySpan<char> value);

/// <summary>One placing of a rollout by hash.</summary>
/// <param name="By">The attribute hashed; <see langword="null"/> means the targeting key.</param>
/// <param name="Die">The hash.</param>
/// <param name="Ranges">The ranges in order; the last ends at 1.</param>
/// <param name="Place">Places a value that is known.</param>
/// <param name="Missing">What follows where there is nothing to hash.</param>
internal sealed record Draw(AttributePath? By, Die Die, IReadOnlyList<DrawRange> Ranges, DrawPlace Place, DrawRange Missing)
{
    /// <summary>The ranges of variants one after the other, what is beyond them being the remainder.</summary>
    public static DrawRange[] Split(IReadOnlyList<CompiledVariant> variants, Func<int, double> end) =>
        [.. variants.Select((variant, i) => DrawRange.Serve(end(i), variant)), new DrawRange(1, RolloutOutcome.Remainder)];
}
