using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>Earlier or later than one of the times: RFC 3339, or milliseconds since 1970-01-01T00:00:00Z.</summary>
internal readonly struct TimeMatcher(long[] ticks, Order order) : IMatcher
{
    // ±100,000,000 days, the range of ECMAScript time values: beyond it a number is no time.
    private const double MaxMilliseconds = 8.64e15;

    public Verdict Match(in AttributeValue value)
    {
        if (!TryTicks(value, out var time))
            return Verdict.WrongType;
        foreach (var bound in ticks)
        {
            if (order.Allows(time.CompareTo(bound)))
                return Verdict.Yes;
        }
        return Verdict.No;
    }

    /// <summary>The time as 100-nanosecond ticks since 1970; false where the value is none.</summary>
    public static bool TryTicks(in AttributeValue value, out long ticks)
    {
        ticks = 0;
        if (value.Kind == AttributeKind.String && Rfc3339.TryParse(value.Text, out var time))
        {
            ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
            return true;
        }
        if (value.Kind != AttributeKind.Number || Math.Abs(value.Number) > MaxMilliseconds)
            return false;
        // Whole milliseconds first: their product is exact, that of the fraction need not be.
        var whole = Math.Floor(value.Number);
        ticks = (long)whole * TimeSpan.TicksPerMillisecond + (long)((value.Number - whole) * TimeSpan.TicksPerMillisecond);
        return true;
    }
}
