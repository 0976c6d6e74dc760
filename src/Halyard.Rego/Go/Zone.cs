using System.Numerics;

namespace Halyard.Rego;

/// <summary>A zone of clocks: UTC or one of the names of the IANA database ("Europe/Berlin"). There is no local zone.</summary>
internal sealed class Zone
{
    private readonly TimeZoneInfo _zone;

    private Zone(TimeZoneInfo zone) => _zone = zone;

    public static Zone Utc { get; } = new(TimeZoneInfo.Utc);

    /// <summary>The zone of a name, or null. The empty name is UTC.</summary>
    public static Zone? Of(string name)
    {
        if (name is "" or "UTC")
            return Utc;
        // The framework takes a name for the path of a file.
        var isName =
            name.Length <= 64
            && char.IsAsciiLetter(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');
        return isName && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? new Zone(zone) : null;
    }

    /// <summary>What clocks show there so many nanoseconds after 1970.</summary>
    public WallTime At(long nanoseconds)
    {
        var offset = OffsetAt(nanoseconds / 1_000_000_000);
        return WallTime.At(nanoseconds, NameOf(offset), offset);
    }

    /// <summary>When clocks there show a time: where they show it twice or never, by the offset before or after the change.</summary>
    public BigInteger Resolve(WallTime shown)
    {
        var wall = (BigInteger)shown.Days * 86_400 + shown.SecondOfDay;
        var guess = OffsetAt(wall);
        var offset = OffsetAt(wall - guess);
        return (shown with { Offset = offset }).Nanoseconds;
    }

    // Go writes the abbreviation, which the framework does not know; it writes the offset where a zone has none, as here.
    private string NameOf(int offset)
    {
        if (ReferenceEquals(_zone, TimeZoneInfo.Utc))
            return "UTC";
        var size = Math.Abs(offset);
        var minutes = size / 60 % 60;
        return $"{(offset < 0 ? '-' : '+')}{size / 3600:00}{(minutes > 0 ? $"{minutes:00}" : "")}";
    }

    private int OffsetAt(BigInteger second)
    {
        // What the calendar of the framework does not reach has the offset of its ends.
        var reach = (BigInteger)253_402_300_799;
        var within = BigInteger.Max(-62_135_596_800, BigInteger.Min(reach, second));
        return (int)_zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds((long)within)).TotalSeconds;
    }
}
