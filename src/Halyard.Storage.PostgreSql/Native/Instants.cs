namespace Halyard.Storage.PostgreSql.Native;

/// <summary>Times as PostgreSQL holds them: whole microseconds, UTC.</summary>
internal static class Instants
{
    /// <summary>The last whole microsecond not after the time.</summary>
    public static DateTime Floor(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>The first whole microsecond not before the time: a bound that whole microseconds are compared with.</summary>
    public static DateTime Ceiling(DateTimeOffset time)
    {
        var floor = Floor(time);
        if (floor == time.UtcDateTime)
            return floor;
        return floor < DateTime.MaxValue.AddTicks(-TimeSpan.TicksPerMicrosecond)
            ? floor.AddTicks(TimeSpan.TicksPerMicrosecond)
            : DateTime.MaxValue;
    }

    /// <summary>Microseconds since 1970, before it negative.</summary>
    public static long Micros(DateTime utc) => (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset From(DateTime utc) => new(utc.Ticks, TimeSpan.Zero);
}
