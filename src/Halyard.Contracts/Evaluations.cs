namespace Halyard.Contracts;

/// <summary>What the flags of an environment served.</summary>
/// <param name="Environment">The environment.</param>
/// <param name="From">The first hour's earliest start; absent means since counting began.</param>
/// <param name="To">The hours start before this; absent means until now.</param>
/// <param name="Flags">The flags that were evaluated, in key order.</param>
public sealed record EvaluationsAnswer(
    string Environment,
    DateTimeOffset? From,
    DateTimeOffset? To,
    IReadOnlyList<FlagTotalAnswer> Flags
);

/// <summary>How often one flag was evaluated.</summary>
/// <param name="Flag">The flag's key.</param>
/// <param name="Count">How often.</param>
/// <param name="LastEvaluatedAt">When last, to the interval in which counts are stored.</param>
/// <param name="Variants">The same by variant, in key order.</param>
public sealed record FlagTotalAnswer(
    string Flag,
    long Count,
    DateTimeOffset LastEvaluatedAt,
    IReadOnlyList<VariantTotalAnswer> Variants
);

/// <summary>How often one variant was served.</summary>
public sealed record VariantTotalAnswer(string Variant, long Count, DateTimeOffset LastEvaluatedAt);

/// <summary>What one flag served, hour by hour.</summary>
/// <param name="Flag">The flag's key.</param>
/// <param name="Environment">The environment.</param>
/// <param name="From">Where the range begins; the hour it lies in is part of it.</param>
/// <param name="To">The hours start before this.</param>
/// <param name="Hours">Hours and variants with a count, in order.</param>
public sealed record FlagEvaluationsAnswer(
    string Flag,
    string Environment,
    DateTimeOffset From,
    DateTimeOffset To,
    IReadOnlyList<HourAnswer> Hours
);

/// <summary>How often one variant was served in one hour.</summary>
/// <param name="Hour">The hour's start.</param>
/// <param name="Variant">The variant's key.</param>
/// <param name="Count">How often.</param>
public sealed record HourAnswer(DateTimeOffset Hour, string Variant, long Count);
