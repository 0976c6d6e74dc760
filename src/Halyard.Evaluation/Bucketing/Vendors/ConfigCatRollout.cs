namespace Halyard.Evaluation;

/// <summary>
/// ConfigCat's rule (configcat/.net-sdk, src/ConfigCatClient/Evaluation/RolloutEvaluator.cs at 008fec78): the first 7 hexadecimal
/// digits of <c>sha1(salt + value)</c>, modulo 100, in half-open ranges of percents.
/// </summary>
internal sealed class ConfigCatRollout : VendorRollout
{
    /// <summary>The total that the weights must have.</summary>
    public const int Buckets = 100;

    private const int BitsUnused = 64 - 4 * 7;

    private readonly BlockHash<Sha1Digest> _salt = new();
    private readonly uint[] _ends;

    public ConfigCatRollout(RolloutParts parts)
        : base(parts)
    {
        _salt.AppendText(parts.Salt);
        _ends = parts.Ends();
    }

    public override string Vendor => "ConfigCat";

    protected override double EndOf(int index) => _ends[index] / (double)Buckets;

    protected override int PlaceOf(ReadOnlySpan<char> value)
    {
        var hash = _salt;
        hash.AppendText(value);
        return Walk(_ends, (uint)(hash.Finish().First >> BitsUnused) % Buckets);
    }
}
