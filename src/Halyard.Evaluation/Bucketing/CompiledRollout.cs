namespace Halyard.Evaluation;

internal enum RolloutOutcome
{
    Served,

    /// <summary>The context has nothing to hash.</summary>
    NoValue,

    /// <summary>The bucket fell into the remainder.</summary>
    Remainder,
}

/// <summary>
/// A split ready to be applied. The bucket is flagd's current rule (open-feature/flagd, core/pkg/evaluator/fractional.go at 04d23b3f):
/// <c>(murmur3_x86_32(utf8(salt + value), 0) × total) >> 32</c>, walked through the weights in the order listed, the remainder last.
/// </summary>
internal sealed class CompiledRollout
{
    private const string TrafficSuffix = ":traffic";

    private readonly Murmur3State _salt;
    private readonly Murmur3State _trafficSalt;
    private readonly AttributePath? _bucketBy;
    private readonly uint _total;
    private readonly uint[] _ends;
    private readonly CompiledVariant[] _variants;
    private readonly CompiledVariant? _control;
    private readonly uint _traffic;

    public CompiledRollout(
        string salt,
        AttributePath? bucketBy,
        ReadOnlySpan<(CompiledVariant Variant, int Weight)> weights,
        int remainder,
        (string Key, CompiledVariant Control, int Traffic)? experiment
    )
    {
        _salt.Append(salt.AsSpan());
        _trafficSalt.Append(salt.AsSpan());
        _trafficSalt.Append(TrafficSuffix.AsSpan());
        _bucketBy = bucketBy;
        _ends = new uint[weights.Length];
        _variants = new CompiledVariant[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            _total += (uint)weights[i].Weight;
            _ends[i] = _total;
            _variants[i] = weights[i].Variant;
        }
        _total += (uint)remainder;
        if (experiment is var (key, control, traffic))
            (ExperimentKey, _control, _traffic) = (key, control, (uint)traffic);
    }

    /// <summary>The experiment this is, if it is one.</summary>
    public string? ExperimentKey { get; }

    /// <summary>What is hashed, in words.</summary>
    public string BucketAttribute => _bucketBy?.Name ?? AttributePath.TargetingKey;

    /// <summary>Picks the context's variant.</summary>
    /// <param name="context">Whom to place.</param>
    /// <param name="variant">The variant, where one is served.</param>
    /// <param name="participates">False where the user is outside an experiment's traffic.</param>
    public RolloutOutcome Pick(EvaluationContext context, out CompiledVariant? variant, out bool participates)
    {
        variant = null;
        participates = true;
        scoped ReadOnlySpan<char> value;
        Span<char> digits = stackalloc char[20];
        if (_bucketBy is null)
        {
            if (context.TargetingKey is not { } key)
                return RolloutOutcome.NoValue;
            value = key;
        }
        else
        {
            ref readonly var attribute = ref _bucketBy.Resolve(context);
            if (attribute.Kind == AttributeKind.String)
            {
                value = attribute.Text;
            }
            else if (attribute.TryGetWhole(out var whole) && whole.TryFormat(digits, out var length))
            {
                value = digits[..length];
            }
            else
            {
                return RolloutOutcome.NoValue;
            }
        }

        if (_control is not null && Bucket(_trafficSalt, value, Definitions.Limits.Traffic) >= _traffic)
        {
            variant = _control;
            participates = false;
            return RolloutOutcome.Served;
        }

        var bucket = Bucket(_salt, value, _total);
        for (var i = 0; i < _ends.Length; i++)
        {
            if (bucket < _ends[i])
            {
                variant = _variants[i];
                return RolloutOutcome.Served;
            }
        }
        return RolloutOutcome.Remainder;
    }

    private static uint Bucket(Murmur3State salted, ReadOnlySpan<char> value, uint total)
    {
        salted.Append(value);
        return (uint)(((ulong)salted.Finish() * total) >> 32);
    }
}
