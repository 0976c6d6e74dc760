namespace Halyard.Core.Storage;

/// <summary>How often a flag served a variant in one environment, and when last.</summary>
/// <remarks>Measured, not governed: counts are no part of the ledger, and a crash may lose those not yet flushed.</remarks>
/// <param name="Flag">The flag's key.</param>
/// <param name="Variant">The variant's key.</param>
/// <param name="Count">How often.</param>
/// <param name="LastAt">When last, to the interval in which counts are flushed.</param>
public sealed record EvaluationCount(string Flag, string Variant, long Count, DateTimeOffset LastAt);

/// <summary>Counts of one environment that were not stored yet.</summary>
/// <param name="EnvironmentId">The environment's id.</param>
/// <param name="Counts">What to add; a flag and variant may come twice.</param>
public sealed record EvaluationDelta(string EnvironmentId, IReadOnlyList<EvaluationCount> Counts);

/// <summary>What one flag served in one hour.</summary>
/// <param name="Hour">The hour's start, UTC.</param>
/// <param name="Variant">The variant's key.</param>
/// <param name="Count">How often.</param>
public sealed record HourlyEvaluations(DateTimeOffset Hour, string Variant, long Count);

/// <summary>How long and how finely evaluation counts are kept.</summary>
public static class EvaluationHours
{
    /// <summary>Hours older than this may be dropped; totals stay.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(92);

    /// <summary>The start of the hour, UTC.</summary>
    public static DateTimeOffset Of(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
