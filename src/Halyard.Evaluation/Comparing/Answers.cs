namespace Halyard.Evaluation;

/// <summary>Numbers the variants of a flag before and after, so that those of one key and one value have one number.</summary>
internal sealed class Answers
{
    /// <summary>The user goes on with the next step.</summary>
    public const int GoesOn = -1;

    private readonly Dictionary<CompiledVariant, int> _numbers = new(ReferenceEqualityComparer.Instance);

    public Answers(ComparedFlag before, ComparedFlag after)
    {
        var byKey = before.Flag.Variants.ToDictionary(variant => variant.Key, StringComparer.Ordinal);
        foreach (var variant in before.Flag.Variants)
            _numbers.Add(variant, _numbers.Count);
        foreach (var variant in after.Flag.Variants)
        {
            var isSame =
                byKey.TryGetValue(variant.Key, out var other) && other.ValueUtf8.Span.SequenceEqual(variant.ValueUtf8.Span);
            // Where one instance serves both sides it has its number already.
            _numbers.TryAdd(variant, isSame ? _numbers[other!] : _numbers.Count);
        }
        OffBefore = Of(before.Flag.Off);
        OffAfter = Of(after.Flag.Off);
    }

    public int OffBefore { get; }

    public int OffAfter { get; }

    /// <summary>The variant's number.</summary>
    public int Of(CompiledVariant? variant) => variant is null ? GoesOn : _numbers[variant];
}
