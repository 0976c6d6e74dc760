namespace Halyard.Evaluation;

/// <summary>
/// LaunchDarkly's rule (launchdarkly/dotnet-server-sdk, Internal/Evaluation/Bucketing.cs at 36ef86b5 and Evaluator.cs at 0c6622ae):
/// the first 15 hexadecimal digits of <c>sha1(salt + "." + value)</c> over <c>0xFFFFFFFFFFFFFFF</c>, compared with the running sum
/// of the weights' shares. All in single precision, as in the SDKs for .NET, Java and Go.
/// </summary>
internal sealed class LaunchDarklyRollout : VendorRollout
{
    private const string Separator = ".";
    private const float Scale = 0xFFFFFFFFFFFFFFFL;

    private readonly BlockHash<Sha1Digest> _salt = new();
    private readonly float[] _ends;

    public LaunchDarklyRollout(RolloutParts parts)
        : base(parts)
    {
        _salt.AppendText(parts.Salt);
        _salt.AppendText(Separator);
        _ends = new float[parts.Shares.Count];
        var sum = 0f;
        for (var i = 0; i < _ends.Length; i++)
            _ends[i] = sum += parts.Shares[i].Weight / (float)parts.Total;
    }

    public override string Vendor => "LaunchDarkly";

    protected override double EndOf(int index) => index == _ends.Length - 1 ? 1 : Math.Min(1, _ends[index]);

    protected override int PlaceOf(ReadOnlySpan<char> value)
    {
        var hash = _salt;
        hash.AppendText(value);
        return Walk((hash.Finish().First >> 4) / Scale);
    }

    /// <summary>LaunchDarkly's SDKs place whom they cannot hash at zero, so that the first variant is served.</summary>
    protected override int PlaceOfMissing() => Walk(0);

    private int Walk(float bucket)
    {
        for (var i = 0; i < _ends.Length; i++)
        {
            if (bucket < _ends[i])
                return i;
        }
        // Rounding may leave the sum below one, or the bucket at one: the last variant catches both.
        return _ends.Length - 1;
    }
}
