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
