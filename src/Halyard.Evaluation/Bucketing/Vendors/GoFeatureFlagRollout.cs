namespace Halyard.Evaluation;

/// <summary>
/// GO Feature Flag's rule (thomaspoignant/go-feature-flag, internal/flag/rule.go at cfa60e58 and internal/utils/hash.go at
/// 48ef0b3d): <c>fnv1a32(utf8(salt + value)) % total</c> in half-open ranges. Its percentages count a thousandfold, and its
/// variations stand in descending order of their names.
/// </summary>
internal sealed class GoFeatureFlagRollout : VendorRollout
{
    private readonly Fnv1aState _salt = new();
    private readonly uint[] _ends;
    private readonly uint _total;

    public GoFeatureFlagRollout(RolloutParts parts)
        : base(parts)
    {
        _salt.AppendText(parts.Salt);
        _ends = parts.Ends();
        _total = parts.Total;
    }

    public override string Vendor => "GO Feature Flag";

    protected override double EndOf(int index) => _ends[index] / (double)_total;

    protected override int PlaceOf(ReadOnlySpan<char> value)
    {
        var hash = _salt;
        hash.AppendText(value);
        return Walk(_ends, hash.Hash % _total);
    }
}
