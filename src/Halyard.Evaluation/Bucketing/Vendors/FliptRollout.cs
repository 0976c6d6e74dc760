namespace Halyard.Evaluation;

/// <summary>
/// Flipt's rule for variants (flipt-io/flipt, internal/server/evaluation/legacy_evaluator.go at 10bcb706):
/// <c>crc32(salt + value) % 1000</c> in half-open ranges of thousandths.
/// </summary>
internal sealed class FliptRollout : VendorRollout
{
    /// <summary>The total that the weights must have.</summary>
    public const int Buckets = 1000;

    private readonly Crc32State _salt = new();
    private readonly uint[] _ends;

    public FliptRollout(RolloutParts parts)
        : base(parts)
    {
        _salt.AppendText(parts.Salt);
        _ends = parts.Ends();
    }

    public override string Vendor => "Flipt";

    protected override double EndOf(int index) => _ends[index] / (double)Buckets;

    protected override int PlaceOf(ReadOnlySpan<char> value)
    {
        var hash = _salt;
        hash.AppendText(value);
        return Walk(_ends, hash.Hash % Buckets);
    }
}
