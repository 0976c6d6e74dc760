using System.Globalization;

namespace Halyard.Evaluation;

/// <summary>
/// GrowthBook's rule, version 2 (growthbook/growthbook, packages/sdk-js/src/util.ts):
/// <c>fnv1a32(fnv1a32(salt + value) in decimal) % 10000 / 10000</c> in half-open ranges, whose ends are running sums in double
/// precision. The hash is over UTF-16 code units, as in the SDK for JavaScript.
/// </summary>
internal sealed class GrowthBookRollout : VendorRollout
{
    private const uint Buckets = 10_000;
    private const int Digits = 10;

    private readonly Fnv1aState _salt = new();
    private readonly double[] _ends;

    public GrowthBookRollout(RolloutParts parts)
        : base(parts)
    {
        _salt.AppendUnits(parts.Salt);
        _ends = new double[parts.Shares.Count];
        var sum = 0.0;
        for (var i = 0; i < _ends.Length; i++)
            _ends[i] = sum += parts.Shares[i].Weight / (double)parts.Total;
    }

    public override string Vendor => "GrowthBook";

    protected override double EndOf(int index) => Math.Min(1, _ends[index]);

    protected override int PlaceOf(ReadOnlySpan<char> value)
    {
        // GrowthBook skips whom it has only an empty value of.
        if (value.IsEmpty)
            return Nowhere;
        var inner = _salt;
        inner.AppendUnits(value);
        Span<char> digits = stackalloc char[Digits];
        _ = inner.Hash.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        var outer = new Fnv1aState();
        outer.AppendUnits(digits[..length]);

        var share = outer.Hash % Buckets / (double)Buckets;
        for (var i = 0; i < _ends.Length; i++)
        {
            if (share < _ends[i])
                return i;
        }
        return Beyond;
    }
}
