namespace Halyard.Core.Reading.Pasts;

/// <summary>A half-open range of the past.</summary>
/// <param name="From">Included.</param>
/// <param name="To">Excluded.</param>
public readonly record struct PastRange(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>
    /// The range asked for: from the first entry where <paramref name="from"/> is absent, and until <paramref name="now"/> at the
    /// latest, as nobody knows what comes.
    /// </summary>
    public static Result<PastRange> Of(DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset? begin, DateTimeOffset now)
    {
        var end = to < now ? to.Value : now;
        var start = from ?? (begin < end ? begin.Value : end.AddTicks(-TimeSpan.TicksPerMicrosecond));
        return start < end ? new PastRange(start, end) : Error.Invalid.At("/from", "must be earlier than 'to', and than now");
    }
}
