namespace Halyard.Benchmarks.Measuring;

/// <summary>What several rounds gave: on a machine with neighbours one number alone says little.</summary>
internal sealed class Spread
{
    private readonly List<double> _values = [];

    public double Median => At(0.5);

    public void Add(double value) => _values.Add(value);

    /// <summary>The value below which this part of all values lies (nearest rank).</summary>
    public double At(double part)
    {
        var ordered = _values.Order().ToArray();
        return ordered[Math.Clamp((int)Math.Ceiling(part * ordered.Length) - 1, 0, ordered.Length - 1)];
    }

    public string ToString(string format) =>
        $"{Median.ToString(format)} ({_values.Min().ToString(format)}–{_values.Max().ToString(format)})";
}
