namespace Halyard.Storage.Sqlite.Native;

/// <summary>Times as the tables hold them: microseconds since 1970 in UTC, before it negative.</summary>
internal static class Micros
{
    /// <summary>The last whole microsecond not after the time.</summary>
    public static long Floor(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var micros = ticks / TimeSpan.TicksPerMicrosecond;
        return micros * TimeSpan.TicksPerMicrosecond > ticks ? micros - 1 : micros;
    }

    /// <summary>The first whole microsecond not before the time: a bound that whole microseconds are compared with.</summary>
    public static long Ceiling(DateTimeOffset time)
    {
        var floor = Floor(time);
        return From(floor) == time ? floor : floor + 1;
    }

    public static DateTimeOffset From(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
}
