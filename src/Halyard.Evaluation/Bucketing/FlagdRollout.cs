namespace Halyard.Evaluation;

/// <summary>
/// Halyard's own rule, which is flagd's current one (open-feature/flagd, core/pkg/evaluator/fractional.go at 04d23b3f):
/// <c>(murmur3_x86_32(utf8(salt + value), 0) × total) >> 32</c>, walked through the weights in the order listed, the remainder last.
/// </summary>
internal sealed class FlagdRollout : CompiledRollout
{
    private const string TrafficSuffix = ":traffic";

    private readonly string _saltText;
    private readonly Murmur3State _salt;
    private readonly Murmur3State _trafficSalt;
    private readonly AttributePath? _bucketBy;
    private readonly uint _total;
    private readonly uint[] _ends;
    private readonly CompiledVariant[] _variants;
    private readonly CompiledVariant? _control;
    private readonly uint _traffic;

    public FlagdRollout(RolloutParts parts, (string Key, CompiledVariant Control, int Traffic)? experiment)
    {
        _saltText = parts.Salt;
        _salt.AppendText(parts.Salt);
        _trafficSalt.AppendText(parts.Salt);
        _trafficSalt.AppendText(TrafficSuffix);
        _bucketBy = parts.BucketBy;
        _ends = parts.Ends();
        _variants = parts.Variants;
        _total = parts.Total;
        if (experiment is var (key, control, traffic))
            (ExperimentKey, _control, _traffic) = (key, control, (uint)traffic);
    }

    public override string? ExperimentKey { get; }

    public override string BucketAttribute => NameOf(_bucketBy);

    public override RolloutOutcome Pick(EvaluationContext context, out CompiledVariant? variant, out bool participates)
    {
        variant = null;
        participates = true;
        // The targeting key stands here by itself, as nearly every rollout hashes it: the context holds it in UTF-8.
        if (_bucketBy is null)
        {
            if (context.TargetingKey is null)
                return RolloutOutcome.NoValue;
            var key = context.TargetingKeyUtf8;
            if (_control is not null && Bucket(_trafficSalt, key, Definitions.Limits.Traffic) >= _traffic)
                return Control(out variant, out participates);
            return Serve(Bucket(_salt, key, _total), out variant);
        }

        Span<char> digits = stackalloc char[BucketValue.Digits];
        if (!BucketValue.TryReadAttribute(_bucketBy, context, digits, out var value))
            return RolloutOutcome.NoValue;
        if (_control is not null && Bucket(_trafficSalt, value, Definitions.Limits.Traffic) >= _traffic)
            return Control(out variant, out participates);
        return Serve(Bucket(_salt, value, _total), out variant);
    }

    public override IReadOnlyList<Draw> Draws()
    {
        var nothing = new DrawRange(1, RolloutOutcome.NoValue);
        var split = Draw.Split(_variants, i => _ends[i] / (double)_total);
        var draw = new Draw(_bucketBy, DieOf(_saltText), split, Place, nothing);
        if (_control is null)
            return [draw];
        DrawRange[] traffic = [new(_traffic / (double)Definitions.Limits.Traffic, null), DrawRange.Serve(1, _control)];
        return [new Draw(_bucketBy, DieOf(_saltText + TrafficSuffix), traffic, PlaceInTraffic, nothing), draw];
    }

    private Die DieOf(string salt) => new("flagd", salt, BucketAttribute);

    private int Place(ReadOnlySpan<char> value)
    {
        var bucket = Bucket(_salt, value, _total);
        var place = Array.FindIndex(_ends, end => bucket < end);
        return place < 0 ? _ends.Length : place;
    }

    private int PlaceInTraffic(ReadOnlySpan<char> value) =>
        Bucket(_trafficSalt, value, Definitions.Limits.Traffic) < _traffic ? 0 : 1;

    private RolloutOutcome Control(out CompiledVariant? variant, out bool participates)
    {
        variant = _control;
        participates = false;
        return RolloutOutcome.Served;
    }

    private RolloutOutcome Serve(uint bucket, out CompiledVariant? variant)
    {
        for (var i = 0; i < _ends.Length; i++)
        {
            if (bucket < _ends[i])
            {
                variant = _variants[i];
                return RolloutOutcome.Served;
            }
        }
        variant = null;
        return RolloutOutcome.Remainder;
    }

    private static uint Bucket(Murmur3State salted, ReadOnlySpan<byte> utf8, uint total)
    {
        salted.Append(utf8);
        return (uint)(((ulong)salted.Finish() * total) >> 32);
    }

    private static uint Bucket(Murmur3State salted, ReadOnlySpan<char> value, uint total)
    {
        salted.AppendText(value);
        return (uint)(((ulong)salted.Finish() * total) >> 32);
    }
}
