using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Freezes;

/// <summary>How often a freeze comes again. Wire names: weekly, monthly, yearly.</summary>
public enum Frequency
{
    Weekly,
    Monthly,
    Yearly,
}

/// <summary>
/// A freeze that comes again by the clock on the wall. Where clocks are changed it errs on the long side: it begins the first time
/// that they show its beginning and ends the last time that they show its end.
/// </summary>
/// <param name="Every">How often.</param>
/// <param name="Days">On which days of the week; with <paramref name="Nth"/> where it is not weekly.</param>
/// <param name="Month">Yearly: the month, 1…12.</param>
/// <param name="Day">Monthly and yearly: the day, 1…31, or −1 for the last. A month without it is left out.</param>
/// <param name="Nth">Instead of the day: the first to fifth of <paramref name="Days"/> in the month, or −1 for the last.</param>
/// <param name="At">When it begins, to the minute.</param>
/// <param name="Minutes">How long it lasts by the clock on the wall, 1…<see cref="MaxMinutes"/>.</param>
/// <param name="From">The first day on which it may begin, or <see langword="null"/>.</param>
/// <param name="Until">The last day on which it may begin, or <see langword="null"/>.</param>
public sealed record Recurrence(
    Frequency Every,
    Sequence<DayOfWeek> Days,
    int? Month,
    int? Day,
    int? Nth,
    TimeOnly At,
    int Minutes,
    DateOnly? From,
    DateOnly? Until
)
{
    /// <summary>31 days.</summary>
    public const int MaxMinutes = 31 * 24 * 60;

    /// <summary>A 29 February comes again within this many days, whatever the century.</summary>
    private const int MaxPause = (8 * 366) + 1;

    /// <summary>The last day that is looked at: what begins on it ends before the calendar does.</summary>
    private static readonly DateOnly LastDay = DateOnly.MaxValue.AddDays(-40);

    /// <summary>The windows that may hold an instant, in order.</summary>
    internal IEnumerable<FreezeWindow> Around(IWallClock clock, DateTimeOffset at)
    {
        // Beyond the length a day each for where clocks are changed and where the day begins.
        var date = clock.DateAt(at);
        var (first, last) = (Moved(date, -(Minutes / (24 * 60)) - 2), Moved(date, 1));
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            if (OccursOn(day))
                yield return On(clock, day);
        }
    }

    /// <summary>The first window that begins after an instant, or <see langword="null"/> where it comes no more.</summary>
    internal FreezeWindow? After(IWallClock clock, DateTimeOffset at)
    {
        var date = Moved(clock.DateAt(at), -1);
        foreach (var day in Occurrences(From > date ? From.Value : date))
        {
            if (On(clock, day) is var window && window.Start > at && window.End > window.Start)
                return window;
        }
        return null;
    }

    /// <summary>The days from one on, on which it begins, as far as there must be one if there is any.</summary>
    internal IEnumerable<DateOnly> Occurrences(DateOnly from)
    {
        var last = Moved(from, MaxPause);
        for (var day = from; day <= last; day = day.AddDays(1))
        {
            if (OccursOn(day))
                yield return day;
        }
    }

    /// <summary>A day so many days later, within the calendar.</summary>
    private static DateOnly Moved(DateOnly day, int days) =>
        DateOnly.FromDayNumber(Math.Clamp(day.DayNumber + days, DateOnly.MinValue.AddDays(2).DayNumber, LastDay.DayNumber));

    private FreezeWindow On(IWallClock clock, DateOnly day)
    {
        var begin = day.ToDateTime(At);
        return new FreezeWindow(clock.First(begin), clock.Last(begin.AddMinutes(Minutes)));
    }

    private bool OccursOn(DateOnly date)
    {
        if (date < From || date > Until || (Every == Frequency.Yearly && date.Month != Month))
            return false;
        if (Every == Frequency.Weekly)
            return Days.Contains(date.DayOfWeek);
        var days = DateTime.DaysInMonth(date.Year, date.Month);
        if (Nth is not { } nth)
            return date.Day == (Day == -1 ? days : Day);
        return Days.Contains(date.DayOfWeek) && (nth == -1 ? date.Day + 7 > days : (date.Day - 1) / 7 == nth - 1);
    }
}

/// <summary>A span of time, half-open.</summary>
public readonly record struct FreezeWindow(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>Whether nobody knows when it ends: it holds until it is lifted.</summary>
    public bool IsOpen => End == DateTimeOffset.MaxValue;

    /// <summary>Whether an instant is in it.</summary>
    public bool Holds(DateTimeOffset instant) => instant >= Start && instant < End;
}
