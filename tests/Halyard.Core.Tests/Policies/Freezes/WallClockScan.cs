using Halyard.Core.Policies.Freezes;

namespace Halyard.Core.Tests.Policies.Freezes;

/// <summary>What the clocks of a zone show at each minute of two years, and windows found by looking at nothing else.</summary>
internal sealed class WallClockScan
{
    private const int Margin = 40 * 24 * 60;
    private static readonly DateTime Begin = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly DateTime[] _shown;

    public WallClockScan(string zone)
    {
        var rules = TimeZoneInfo.FindSystemTimeZoneById(zone);
        _shown =
        [
            .. Enumerable
                .Range(-Margin, Minutes + (2 * Margin))
                .Select(minute => TimeZoneInfo.ConvertTimeFromUtc(Begin.AddMinutes(minute), rules)),
        ];
    }

    public int Minutes { get; } = (int)(Begin.AddYears(2) - Begin).TotalMinutes;

    public DateTimeOffset At(int minute) => new(Begin.AddMinutes(minute));

    /// <summary>For each minute whether some window holds it.</summary>
    public bool[] Members(Recurrence recurrence)
    {
        var members = new bool[Minutes];
        var last = DateOnly.FromDateTime(Begin.AddYears(2).AddDays(3));
        for (var day = DateOnly.FromDateTime(Begin.AddDays(-34)); day <= last; day = day.AddDays(1))
        {
            if (!Occurs(recurrence, day))
                continue;
            var begin = day.ToDateTime(recurrence.At);
            var (first, end) = (First(begin), Last(begin.AddMinutes(recurrence.Minutes)));
            for (var minute = Math.Max(first - Margin, 0); minute < Math.Min(end - Margin, Minutes); minute++)
                members[minute] = true;
        }
        return members;
    }

    private int First(DateTime shown) => Showings(shown).DefaultIfEmpty(Jump(shown)).First();

    private int Last(DateTime shown) => Showings(shown).DefaultIfEmpty(Jump(shown)).Last();

    private IEnumerable<int> Showings(DateTime shown) => Near(shown).Where(minute => _shown[minute] == shown);

    /// <summary>The first minute that shows a later time.</summary>
    private int Jump(DateTime shown) => Near(shown).First(minute => _shown[minute] > shown);

    private IEnumerable<int> Near(DateTime shown)
    {
        var middle = (int)(shown - DateTime.SpecifyKind(Begin, DateTimeKind.Unspecified)).TotalMinutes + Margin;
        return Enumerable.Range(middle - (20 * 60), 40 * 60);
    }

    private static bool Occurs(Recurrence recurrence, DateOnly day)
    {
        if (day > (recurrence.Until ?? DateOnly.MaxValue) || (recurrence.Month ?? day.Month) != day.Month)
            return false;
        if (recurrence.Day is { } wanted)
            return wanted == -1 ? day.AddDays(1).Day == 1 : day.Day == wanted;
        if (!recurrence.Days.Contains(day.DayOfWeek))
            return false;
        return recurrence.Nth switch
        {
            null => true,
            -1 => day.AddDays(7).Month != day.Month,
            { } nth => Enumerable
                .Range(1, day.Day)
                .Count(earlier => new DateOnly(day.Year, day.Month, earlier).DayOfWeek == day.DayOfWeek) == nth,
        };
    }
}
