namespace Halyard.Evaluation;

/// <summary>
/// Unleash's rule (Unleash/unleash-client-node, src/strategy/util.ts and src/variant.ts; cases in Unleash/client-specification):
/// a gradual rollout lets in whom <c>murmur3_x86_32(groupId + ":" + value, 0) % 100 + 1</c> is at most the percentage of, then
/// <c>murmur3_x86_32(salt + ":" + value, 86028157) % total + 1</c> names the first variant whose running total reaches it.
/// </summary>
internal sealed class UnleashRollout : CompiledRollout
{
    private const string Separator = ":";
    private const uint VariantSeed = 86_028_157;

    private readonly string _saltText;
    private readonly string _gateSaltText = "";
    private readonly Murmur3State _gateSalt;
    private readonly Murmur3State _salt = new(VariantSeed);
    private readonly AttributePath? _gateBy;
    private readonly AttributePath? _bucketBy;
    private readonly uint _percent;
    private readonly uint _total;
    private readonly uint[] _ends;
    private readonly CompiledVariant[] _variants;
    private readonly CompiledVariant? _only;

    /// <summary>Prepares the split.</summary>
    /// <param name="parts">The split; it has no remainder.</param>
    /// <param name="gate">Who is let in, as a percentage of 0…100; null lets everyone in.</param>
    public UnleashRollout(RolloutParts parts, (string Salt, AttributePath? BucketBy, int Percent)? gate)
    {
        _saltText = parts.Salt;
        _salt.AppendText(parts.Salt);
        _salt.AppendText(Separator);
        _bucketBy = parts.BucketBy;
        _ends = parts.Ends();
        _variants = parts.Variants;
        _total = parts.Total;
        // Unleash names the only variant that has a weight whatever is hashed, and nothing at all to hash counts as chance.
        var weighted = parts.Shares.Where(share => share.Weight > 0).Select(share => share.Variant).ToArray();
        _only = weighted.Length == 1 ? weighted[0] : null;
        BucketAttribute = NameOf(_bucketBy);
        if (gate is not var (salt, gateBy, percent))
            return;
        BucketAttribute = Join(NameOf(gateBy), BucketAttribute, both: _only is null);
        _gateSaltText = salt;
        _gateSalt.AppendText(salt);
        _gateSalt.AppendText(Separator);
        (HasGate, _gateBy, _percent) = (true, gateBy, (uint)percent);
    }

    public override bool HasGate { get; }

    public override string Vendor => "Unleash";

    public override string BucketAttribute { get; }

    public override RolloutOutcome Pick(EvaluationContext context, out CompiledVariant? variant, out bool participates)
    {
        variant = null;
        participates = true;
        Span<char> digits = stackalloc char[BucketValue.Digits];
        if (HasGate)
        {
            if (!TryRead(_gateBy, context, digits, out var gated))
                return RolloutOutcome.NoValue;
            if (!IsLetIn(gated))
                return RolloutOutcome.Remainder;
        }
        if (_only is not null)
        {
            variant = _only;
            return RolloutOutcome.Served;
        }
        if (!TryRead(_bucketBy, context, digits, out var value))
            return RolloutOutcome.NoValue;

        variant = _variants[Place(value)];
        return RolloutOutcome.Served;
    }

    public override IReadOnlyList<Draw> Draws()
    {
        var nothing = new DrawRange(1, RolloutOutcome.NoValue);
        var draws = new List<Draw>();
        if (HasGate)
        {
            var die = new Die("Unleash's gate", _gateSaltText, NameOf(_gateBy));
            // Whom the gate lets in gets the only variant without a second hash.
            var passed = new DrawRange(_percent / 100.0, _only is null ? null : RolloutOutcome.Served, _only);
            DrawRange[] ranges = [passed, new(1, RolloutOutcome.Remainder)];
            draws.Add(
                new Draw(
                    _gateBy,
                    die,
                    ranges,
                    value =>
                        value.IsEmpty ? -1
                        : IsLetIn(value) ? 0
                        : 1,
                    nothing
                )
            );
        }
        if (_only is null || !HasGate)
        {
            var die = new Die("Unleash", _saltText, NameOf(_bucketBy));
            var ranges = _only is null ? Draw.Split(_variants, i => _ends[i] / (double)_total) : [DrawRange.Serve(1, _only)];
            var missing = _only is null ? nothing : ranges[0];
            draws.Add(new Draw(_bucketBy, die, ranges, PlaceKnown, missing));
        }
        return draws;
    }

    private int PlaceKnown(ReadOnlySpan<char> value) =>
        value.IsEmpty ? -1
        : _only is null ? Place(value)
        : 0;

    private bool IsLetIn(ReadOnlySpan<char> value) => Hash(_gateSalt, value) % 100 + 1 <= _percent;

    private int Place(ReadOnlySpan<char> value)
    {
        var bucket = Hash(_salt, value) % _total;
        var place = 0;
        while (bucket >= _ends[place])
            place++;
        return place;
    }

    private static string Join(string gateBy, string bucketBy, bool both) =>
        both && gateBy != bucketBy ? $"{gateBy} and {bucketBy}" : gateBy;

    // Unleash's clients take an empty value for a missing one.
    private static bool TryRead(
        AttributePath? path,
        EvaluationContext context,
        Span<char> digits,
        out ReadOnlySpan<char> value
    ) => BucketValue.TryRead(path, context, digits, out value) && !value.IsEmpty;

    private static uint Hash(Murmur3State salted, ReadOnlySpan<char> value)
    {
        salted.AppendText(value);
        return salted.Finish();
    }
}
