using System.Globalization;

namespace Halyard.Core.Policies.Checks;

/// <summary>How a measured number is compared with its limit.</summary>
public enum Bound
{
    /// <summary>Strictly less.</summary>
    Below,

    /// <summary>Less or equal.</summary>
    AtMost,

    /// <summary>Greater or equal.</summary>
    AtLeast,
}

/// <summary>What one measured number must be.</summary>
/// <param name="Field">The number's name in what was measured.</param>
/// <param name="Bound">How it is compared.</param>
/// <param name="Limit">With what; finite.</param>
/// <param name="Unit">Its unit for words, as in <c> ms</c>, or empty.</param>
public sealed record Threshold(string Field, Bound Bound, double Limit, string Unit)
{
    /// <summary>Judges what was measured. A number that is missing or none is never within a bound.</summary>
    public CheckOutcome Judge(Measured reading)
    {
        if (reading.Value is not { } value)
            return CheckOutcome.Unknown($"{Field} is unknown: {reading.Why}");
        var holds = Bound switch
        {
            Bound.Below => value < Limit,
            Bound.AtMost => value <= Limit,
            Bound.AtLeast => value >= Limit,
            _ => throw new ArgumentOutOfRangeException(nameof(reading), Bound, "Nobody knows this bound."),
        };
        return holds ? CheckOutcome.Passed : CheckOutcome.Failed($"{Field} is {Text(value)} and must be {Words}");
    }

    private string Words =>
        Bound switch
        {
            Bound.Below => $"below {Text(Limit)}",
            Bound.AtMost => $"at most {Text(Limit)}",
            _ => $"at least {Text(Limit)}",
        };

    private string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture) + Unit;
}

/// <summary>A number that was measured, or why there is none.</summary>
public sealed record Measured
{
    private Measured(double? value, string why)
    {
        Value = value;
        Why = why;
    }

    /// <summary>The number, finite; <see langword="null"/> where there is none.</summary>
    public double? Value { get; }

    /// <summary>Why there is none; empty where there is one.</summary>
    public string Why { get; }

    /// <summary>A number. One that is infinite or not a number is none.</summary>
    public static Measured Of(double value) => double.IsFinite(value) ? new(value, "") : Missing("it is not a finite number");

    /// <summary>No number.</summary>
    public static Measured Missing(string why) => new(null, why);
}
