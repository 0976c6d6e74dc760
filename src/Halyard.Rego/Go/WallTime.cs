using System.Numerics;

namespace Halyard.Rego;

/// <summary>A moment as clock and calendar show it somewhere; the calendar is the Gregorian one for all years.</summary>
/// <param name="Zone">The name of the zone, or its offset as text.</param>
/// <param name="Offset">Seconds east of UTC.</param>
/// <param name="Days">Days since 1970-01-01 on the calendar there.</param>
/// <param name="SecondOfDay">Seconds since midnight there.</param>
/// <param name="Nanosecond">The fraction of the second.</param>
internal readonly record struct WallTime(string Zone, int Offset, long Days, int SecondOfDay, int Nanosecond)
{
    private const int DaySeconds = 86_400;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int DaysOf400Years = 146_097;

    public int Hour => SecondOfDay / 3600;

    public int Minute => SecondOfDay / 60 % 60;

    public int Second => SecondOfDay % 60;

    public DayOfWeek Weekday => (DayOfWeek)(int)(((Days + 4) % 7 + 7) % 7);

    public long Year => Civil.Year;

    public int Month => Civil.Month;

    public int Day => Civil.Day;

    public int DayOfYear => (int)(Days - DaysOf(Year, 1, 1)) + 1;

    /// <summary>Nanoseconds since 1970-01-01 in UTC.</summary>
    public BigInteger Nanoseconds =>
        (new BigInteger(Days) * DaySeconds + SecondOfDay - Offset) * NanosecondsPerSecond + Nanosecond;

    /// <summary>The moment so many nanoseconds after 1970 where clocks are so many seconds east of UTC.</summary>
    public static WallTime At(long nanoseconds, string zone, int offset)
    {
        var (seconds, rest) = Math.DivRem(nanoseconds, NanosecondsPerSecond);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + NanosecondsPerSecond);
        seconds += offset;
        var days = seconds >= 0 ? seconds / DaySeconds : (seconds - DaySeconds + 1) / DaySeconds;
        return new WallTime(zone, offset, days, (int)(seconds - days * DaySeconds), (int)rest);
    }

    /// <summary>Days from 1970-01-01 to a date; months beyond twelve and days beyond the month count on.</summary>
    public static long DaysOf(long year, long month, long day)
    {
        var months = year * 12 + month - 1;
        year = months >= 0 ? months / 12 : (months - 11) / 12;
        month = months - year * 12 + 1;
        // Years that begin in March, so that the leap day is the last of its year.
        var shifted = month <= 2 ? year - 1 : year;
        var era = (shifted >= 0 ? shifted : shifted - 399) / 400;
        var yearOfEra = shifted - era * 400;
        var dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        return era * DaysOf400Years + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
    }

    private (long Year, int Month, int Day) Civil
    {
        get
        {
            var day = Days + 719_468;
            var era = (day >= 0 ? day : day - DaysOf400Years + 1) / DaysOf400Years;
            var dayOfEra = day - era * DaysOf400Years;
            var yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
            var dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
            var shifted = (5 * dayOfYear + 2) / 153;
            var month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
            return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, (int)(dayOfYear - (153 * shifted + 2) / 5 + 1));
        }
    }
}
