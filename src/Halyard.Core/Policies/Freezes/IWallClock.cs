namespace Halyard.Core.Policies.Freezes;

/// <summary>The clocks on the walls of one time zone.</summary>
public interface IWallClock
{
    /// <summary>How far they are ahead of UTC at an instant.</summary>
    TimeSpan OffsetAt(DateTimeOffset instant);
}

/// <summary>Time zones by their IANA names.</summary>
public interface ITimeZones
{
    /// <summary>The clocks of a zone, or <see langword="null"/> where nobody here knows it.</summary>
    IWallClock? Find(string name);
}

/// <summary>
/// When a wall clock shows a time. Where clocks are put back, they show it twice; a time that they skip stands for the moment at
/// which they jump.
/// </summary>
internal static class WallTimes
{
    /// <summary>The first moment at which they show the time.</summary>
    public static DateTimeOffset First(this IWallClock clock, DateTime shown) => Showings(clock, shown).First;

    /// <summary>The last moment at which they show the time.</summary>
    public static DateTimeOffset Last(this IWallClock clock, DateTime shown) => Showings(clock, shown).Last;

    /// <summary>The date they show.</summary>
    public static DateOnly DateAt(this IWallClock clock, DateTimeOffset instant) =>
        DateOnly.FromDateTime(instant.UtcDateTime + clock.OffsetAt(instant));

    private static (DateTimeOffset First, DateTimeOffset Last) Showings(IWallClock clock, DateTime shown)
    {
        var utc = new DateTimeOffset(shown, TimeSpan.Zero);
        // No zone changes its clocks twice within two days.
        var (one, other) = (clock.OffsetAt(utc.AddDays(-1)), clock.OffsetAt(utc.AddDays(1)));
        var (most, least) = one > other ? (one, other) : (other, one);
        var (early, late) = (utc - most, utc - least);
        return (clock.OffsetAt(early) == most, clock.OffsetAt(late) == least) switch
        {
            (true, true) => (early, late),
            (true, false) => (early, early),
            (false, true) => (late, late),
            (false, false) => Jump(clock, early, late, most),
        };
    }

    /// <summary>The moment between two at which the clocks jump ahead to an offset.</summary>
    private static (DateTimeOffset, DateTimeOffset) Jump(
        IWallClock clock,
        DateTimeOffset before,
        DateTimeOffset after,
        TimeSpan offset
    )
    {
        while (after - before > TimeSpan.FromTicks(1))
        {
            var middle = before + ((after - before) / 2);
            if (clock.OffsetAt(middle) == offset)
                after = middle;
            else
                before = middle;
        }
        return (after, after);
    }
}
