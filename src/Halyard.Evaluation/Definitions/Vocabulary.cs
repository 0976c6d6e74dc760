using System.Text.Json.Serialization;

namespace Halyard.Evaluation.Definitions;

/// <summary>The type of a flag's variants. Wire names: boolean, string, number, json.</summary>
public enum FlagType
{
    Boolean,
    String,
    Number,
    Json,
}

/// <summary>A flag's lifecycle. Wire names are the lower-case names.</summary>
public enum FlagStatus
{
    Draft,
    Active,
    Deprecated,
    Archived,
}

/// <summary>
/// The rule by which a flag's rollouts place users. All but the first are other platforms' rules, so that a flag that moved
/// keeps every user in their variant. docs/evaluation.md has each formula with its source.
/// </summary>
public enum BucketingHash
{
    /// <summary>Halyard's own rule, which is flagd's: MurmurHash3, scaled to the weights' total.</summary>
    Flagd,

    /// <summary>Unleash: MurmurHash3, a gradual rollout (<see cref="Rollout.Gate"/>) before the variants.</summary>
    Unleash,

    /// <summary>LaunchDarkly: 60 bits of SHA-1. The salt is <c>flagKey.flagSalt</c>, or the rollout's seed.</summary>
    [JsonStringEnumMemberName("launchdarkly")]
    LaunchDarkly,

    /// <summary>FeatBit: 32 bits of MD5.</summary>
    [JsonStringEnumMemberName("featbit")]
    FeatBit,

    /// <summary>GrowthBook, version 2: FNV-1a twice. The salt is the experiment's seed or key.</summary>
    [JsonStringEnumMemberName("growthbook")]
    GrowthBook,

    /// <summary>ConfigCat: 28 bits of SHA-1, in percents. The salt is the setting's key.</summary>
    [JsonStringEnumMemberName("configcat")]
    ConfigCat,

    /// <summary>GO Feature Flag: FNV-1a. The salt is the flag's name.</summary>
    GoFeatureFlag,

    /// <summary>Flipt's variants: CRC-32, in thousandths. The salt is the flag's key.</summary>
    Flipt,
}

/// <summary>What a missing, null or wrong-typed attribute means. Wire names: noMatch, match.</summary>
public enum WhenMissing
{
    NoMatch,
    Match,
}

/// <summary>
/// The comparisons a condition can make. Wire names are the camel-case names (<c>equalsIgnoreCase</c>, <c>semverCaret</c>).
/// Strings compare ordinally; types are strict: <c>"5"</c> is not <c>5</c>.
/// </summary>
public enum ConditionOperator
{
    /// <summary>Equals one of the values; <c>in</c> is read as the same operator. Strings, numbers and booleans.</summary>
    Equals,
    EqualsIgnoreCase,
    Contains,
    ContainsIgnoreCase,
    StartsWith,
    StartsWithIgnoreCase,
    EndsWith,
    EndsWithIgnoreCase,

    /// <summary>A linear-time regular expression finds a match anywhere.</summary>
    Matches,
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,

    /// <summary>Between two numbers, both ends included; exactly two values, low then high.</summary>
    Between,

    /// <summary>The attribute is present and not null; no values.</summary>
    Exists,
    SemverEquals,
    SemverLessThan,
    SemverLessThanOrEqual,
    SemverGreaterThan,
    SemverGreaterThanOrEqual,

    /// <summary><c>~1.2.3</c>: at least that, same major and minor.</summary>
    SemverTilde,

    /// <summary><c>^1.2.3</c>: at least that, same leftmost non-zero part.</summary>
    SemverCaret,

    /// <summary>Earlier than an RFC 3339 time or epoch milliseconds.</summary>
    Before,

    /// <summary>Later than an RFC 3339 time or epoch milliseconds.</summary>
    After,

    /// <summary>An IPv4 or IPv6 address inside one of the CIDR blocks.</summary>
    Cidr,

    /// <summary>The user belongs to one of the segments; never missing.</summary>
    Segment,
}
