namespace Halyard.Evaluation;

/// <summary>A split by another platform's rule: one hash of salt and value gives the place in the list of variants.</summary>
internal abstract class VendorRollout(RolloutParts parts) : CompiledRollout
{
    /// <summary>A place: beyond all variants, in the remainder.</summary>
    protected const int Beyond = -1;

    /// <summary>A place: none, as there is nothing to hash.</summary>
    protected const int Nowhere = -2;

    private readonly string _salt = parts.Salt;
    private readonly AttributePath? _bucketBy = parts.BucketBy;
    private readonly CompiledVariant[] _variants = parts.Variants;

    public sealed override string BucketAttribute => NameOf(_bucketBy);

    public sealed override RolloutOutcome Pick(EvaluationContext context, out CompiledVariant? variant, out bool participates)
    {
        variant = null;
        participates = true;
        Span<char> digits = stackalloc char[BucketValue.Digits];
        int place;
        if (BucketValue.TryRead(_bucketBy, context, digits, out var value))
            place = PlaceOf(value);
        else
            place = _bucketBy is null ? Nowhere : PlaceOfMissing();

        if (place < 0)
            return place == Nowhere ? RolloutOutcome.NoValue : RolloutOutcome.Remainder;
        variant = _variants[place];
        return RolloutOutcome.Served;
    }

    public sealed override IReadOnlyList<Draw> Draws()
    {
        var ranges = Draw.Split(_variants, EndOf);
        var missing = _bucketBy is null ? Nowhere : PlaceOfMissing();
        return
        [
            new Draw(
                _bucketBy,
                new Die(Vendor, _salt, BucketAttribute),
                ranges,
                value => RangeOf(PlaceOf(value)),
                missing == Nowhere ? new DrawRange(1, RolloutOutcome.NoValue) : ranges[RangeOf(missing)]
            ),
        ];

        // The remainder is the last range.
        int RangeOf(int place) => place == Beyond ? ranges.Length - 1 : place;
    }

    /// <summary>Where on 0…1 a variant's places end.</summary>
    protected abstract double EndOf(int index);

    /// <summary>The index of the value's variant, <see cref="Beyond"/> or <see cref="Nowhere"/>. Allocates nothing.</summary>
    protected abstract int PlaceOf(ReadOnlySpan<char> value);

    /// <summary>The place of a user without the attribute that is hashed.</summary>
    protected virtual int PlaceOfMissing() => Nowhere;

    /// <summary>The first place whose end is greater than the bucket: ranges are half-open.</summary>
    protected static int Walk(uint[] ends, uint bucket)
    {
        for (var i = 0; i < ends.Length; i++)
        {
            if (bucket < ends[i])
                return i;
        }
        return Beyond;
    }
}
