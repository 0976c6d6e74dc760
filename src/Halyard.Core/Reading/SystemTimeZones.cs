using System.Collections.Concurrent;
using Halyard.Core.Policies.Freezes;

namespace Halyard.Core.Reading;

/// <summary>The time zones that the machine knows (its tz database).</summary>
public sealed class SystemTimeZones : ITimeZones
{
    private const int MaxKept = 1_000;

    private readonly ConcurrentDictionary<string, Clock> _known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IWallClock? Find(string name)
    {
        if (_known.TryGetValue(name, out var known))
            return known;
        // The name becomes part of a file's path.
        if (!IsName(name) || !TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            return null;
        var clock = new Clock(zone);
        if (_known.Count < MaxKept)
            _known.TryAdd(name, clock);
        return clock;
    }

    /// <summary>The form of the tz database's names: words of letters, digits, '_', '+' and '-' between slashes.</summary>
    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64
        && char.IsAsciiLetterUpper(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '+' or '-' or '/')
        && !name.Contains("//", StringComparison.Ordinal)
        && name[^1] != '/';

    private sealed class Clock(TimeZoneInfo zone) : IWallClock
    {
        public TimeSpan OffsetAt(DateTimeOffset instant) => zone.GetUtcOffset(instant.UtcDateTime);
    }
}
