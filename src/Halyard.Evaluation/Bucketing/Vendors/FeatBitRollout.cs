namespace Halyard.Evaluation;

/// <summary>
/// FeatBit's rule (featbit/featbit, modules/evaluation-server/src/Domain/Core/DispatchAlgorithm.cs): the first little-endian
/// Int32 of <c>md5(salt + value)</c> over <c>int.MinValue</c>, its absolute value; the first range that contains it, both ends
/// included, names the variant.
/// </summary>
internal sealed class FeatBitRollout : VendorRollout
{
    private const double Whole = 1e-5;

    private readonly BlockHash<Md5Digest> _salt = new();
    private readonly double[] _ends;

    public FeatBitRollout(RolloutParts parts)
        : base(parts)
    {
        _salt.AppendText(parts.Salt);
        _ends = Array.ConvertAll(parts.Ends(), end => end / (double)parts.Total);
        // FeatBit does not hash for a range from zero to all but a hundred-thousandth.
        for (var i = 0; i < _ends.Length; i++)
        {
            if ((i == 0 || _ends[i - 1] == 0) && 1 - _ends[i] < Whole)
                _ends[i] = 1;
        }
    }

    public override string Vendor => "FeatBit";

    protected override double EndOf(int index) => _ends[index];

    protected override int PlaceOf(ReadOnlySpan<char> value)
    {
        var hash = _salt;
        hash.AppendText(value);
        var share = Math.Abs((double)(int)hash.Finish().First / int.MinValue);
        for (var i = 0; i < _ends.Length; i++)
        {
            // A range from zero to zero holds nobody, although it includes its ends.
            if (share <= _ends[i] && _ends[i] != 0)
                return i;
        }
        return Beyond;
    }

    /// <summary>FeatBit takes a missing attribute for an empty one.</summary>
    protected override int PlaceOfMissing() => PlaceOf([]);
}
