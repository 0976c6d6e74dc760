namespace Halyard.Storage.DynamoDb.Native;

/// <summary>Times as the table holds them: whole microseconds since the year 1, UTC.</summary>
internal static class Instants
{
    /// <summary>The last whole microsecond not after the time.</summary>
    public static long Micros(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset From(long micros) => new(micros * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <summary>The first whole microsecond not before the time.</summary>
    public static DateTimeOffset Ceiling(DateTimeOffset time)
    {
        var micros = Micros(time);
        return time.UtcTicks % TimeSpan.TicksPerMicrosecond == 0 || time > DateTimeOffset.MaxValue.AddMicroseconds(-1)
            ? From(micros)
            : From(micros + 1);
    }

    /// <summary>Whole seconds since 1970, rounded up: what the table's own expiry goes by.</summary>
    public static long Expiry(DateTimeOffset time) => time.ToUnixTimeSeconds() + 1;
}
