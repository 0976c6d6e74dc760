namespace Halyard.Contracts;

/// <summary>An environment check to be defined, or its settings to be replaced (then without <c>key</c>).</summary>
public sealed record EnvironmentCheckBody
{
    /// <summary>Its key; that of a check that ships says where its evidence comes from.</summary>
    public string? Key { get; init; }

    /// <summary><c>push</c>, <c>http</c>, <c>json-metric</c>, <c>prometheus</c> or <c>soak</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Words for people.</summary>
    public string? Name { get; init; }

    /// <summary>The address that is asked, on a host that the operator allows; <c>$flag</c> and the like stand in its query.</summary>
    public string? Target { get; init; }

    /// <summary>The name of the secret that signs reports, or that is sent as a bearer token.</summary>
    public string? Secret { get; init; }

    /// <summary>Where each number is found: a member's name (json-metric) or a query (prometheus).</summary>
    public IReadOnlyDictionary<string, string>? Measures { get; init; }

    /// <summary>What the numbers must be; fixed for checks that ship.</summary>
    public IReadOnlyList<ThresholdBody>? Thresholds { get; init; }

    /// <summary>How long evidence may be relied on; default 1,440.</summary>
    public int? ValidMinutes { get; init; }

    /// <summary>Soak: the type of the environments it must have been in force in; default <c>staging</c>.</summary>
    public string? EnvironmentType { get; init; }

    /// <summary>Soak: for how long; default 1,440.</summary>
    public int? SoakMinutes { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>What one number must be.</summary>
public sealed record ThresholdBody
{
    /// <summary>The number's name.</summary>
    public required string Field { get; init; }

    /// <summary><c>below</c>, <c>atMost</c> or <c>atLeast</c>.</summary>
    public required string Bound { get; init; }

    /// <summary>With what it is compared.</summary>
    public required double Limit { get; init; }

    /// <summary>Its unit, for words.</summary>
    public string? Unit { get; init; }
}

/// <summary>An environment check.</summary>
public sealed record EnvironmentCheckAnswer
{
    /// <summary>Its key.</summary>
    public required string Key { get; init; }

    /// <summary>Whether it ships: policies may name it without anybody defining it.</summary>
    public required bool Ships { get; init; }

    /// <summary>Where its evidence comes from; absent where nobody said.</summary>
    public string? Source { get; init; }

    /// <summary>Words for people; may be empty.</summary>
    public required string Name { get; init; }

    /// <summary>The address that is asked.</summary>
    public string? Target { get; init; }

    /// <summary>The name of its secret.</summary>
    public string? Secret { get; init; }

    /// <summary>Where each number is found.</summary>
    public IReadOnlyDictionary<string, string>? Measures { get; init; }

    /// <summary>What the numbers must be.</summary>
    public required IReadOnlyList<ThresholdBody> Thresholds { get; init; }

    /// <summary>How long evidence may be relied on.</summary>
    public int? ValidMinutes { get; init; }

    /// <summary>Soak: the type of the environments it must have been in force in.</summary>
    public string? EnvironmentType { get; init; }

    /// <summary>Soak: for how long.</summary>
    public int? SoakMinutes { get; init; }

    /// <summary>The definition's revision; 0 where there is none.</summary>
    public required long Revision { get; init; }
}

/// <summary>What a check came to, about a change request or about a flag in an environment.</summary>
public sealed record CheckReportBody
{
    /// <summary>The check's key, as in the address.</summary>
    public required string Check { get; init; }

    /// <summary>The change request; or project, flag and environment.</summary>
    public string? Request { get; init; }

    /// <summary>The project's key.</summary>
    public string? Project { get; init; }

    /// <summary>The flag's key.</summary>
    public string? Flag { get; init; }

    /// <summary>The environment's key.</summary>
    public string? Environment { get; init; }

    /// <summary>The hash of what was checked: a request's <c>hash</c>, or a flag's <c>content</c> from its gates.</summary>
    public required string Content { get; init; }

    /// <summary><c>pass</c>, <c>fail</c> or <c>inconclusive</c>; for checks without thresholds.</summary>
    public string? Result { get; init; }

    /// <summary>The numbers that were measured; at most 20.</summary>
    public IReadOnlyDictionary<string, double>? Measures { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>What a check's source is asked about.</summary>
public sealed record CheckRunBody
{
    /// <summary>The change request; or project, flag and environment.</summary>
    public string? Request { get; init; }

    /// <summary>The project's key.</summary>
    public string? Project { get; init; }

    /// <summary>The flag's key.</summary>
    public string? Flag { get; init; }

    /// <summary>The environment's key.</summary>
    public string? Environment { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>What a check that a request needs came to, for its content and now.</summary>
/// <param name="Check">The check's key.</param>
/// <param name="Result"><c>pass</c>, <c>fail</c> or <c>inconclusive</c>; what cannot be seen is no pass.</param>
/// <param name="Words">Why it is no pass; may be empty.</param>
/// <param name="Evidence">The newest evidence about the request, perhaps about an earlier content; absent where there is none.</param>
public sealed record CheckFindingAnswer(string Check, string Result, string Words, EvidenceAnswer? Evidence);

/// <summary>What was seen.</summary>
/// <param name="Content">The hash of what was checked.</param>
/// <param name="Revision">The revision it was checked at; of several resources the highest.</param>
/// <param name="Source">Who says so.</param>
/// <param name="ObservedAt">When it was seen.</param>
/// <param name="ExpiresAt">From when on it says nothing any more.</param>
/// <param name="Result">What it came to then.</param>
public sealed record EvidenceAnswer(
    string Content,
    long Revision,
    string Source,
    DateTimeOffset ObservedAt,
    DateTimeOffset ExpiresAt,
    string Result
);

/// <summary>Promotion gates to be put in force.</summary>
public sealed record PromotionGatesBody
{
    /// <summary>The gates; absent for those that ship, empty for none at all: then no way leads upwards.</summary>
    public IReadOnlyList<PromotionGateBody>? Gates { get; init; }

    /// <summary>The check that measures <c>errorRate</c> and <c>successRate</c>.</summary>
    public string? Metrics { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>What must hold before a configuration goes from environments of one type to those of a later one.</summary>
public sealed record PromotionGateBody
{
    /// <summary>The type it comes from.</summary>
    public required string From { get; init; }

    /// <summary>The type it goes to.</summary>
    public required string To { get; init; }

    /// <summary>How long exactly this was in force there without a break.</summary>
    public required int SoakMinutes { get; init; }

    /// <summary>The largest share of errors, 0…1; absent where nobody looks at it.</summary>
    public double? MaxErrorRate { get; init; }

    /// <summary>The smallest share of successes, 0…1; absent where nobody looks at it.</summary>
    public double? MinSuccessRate { get; init; }

    /// <summary>How many people must approve.</summary>
    public int? Approvals { get; init; }

    /// <summary>Whose approvals count.</summary>
    public IReadOnlyList<string>? Approvers { get; init; }
}

/// <summary>The promotion gates.</summary>
/// <param name="InForce">False until gates are put in force for the first time: then these ship, and stand in nobody's way.</param>
/// <param name="Revision">The revision; 0 where none are in force.</param>
/// <param name="Gates">The gates.</param>
/// <param name="Metrics">The check that measures.</param>
public sealed record PromotionGatesAnswer(bool InForce, long Revision, IReadOnlyList<PromotionGateBody> Gates, string? Metrics);

/// <summary>What stands between a flag and an environment.</summary>
/// <param name="InForce">Whether gates are in force at all.</param>
/// <param name="Open">Whether nothing but approvals stands in the way.</param>
/// <param name="Blockers">What does, in words.</param>
/// <param name="Approvals">How many approvals gates ask for; policies may ask for more.</param>
/// <param name="Approvers">Whose.</param>
/// <param name="Content">The hash of what would be promoted; reports name it.</param>
/// <param name="Revision">The revision at which it last changed there.</param>
public sealed record FlagGatesAnswer(
    bool InForce,
    bool Open,
    IReadOnlyList<string> Blockers,
    int Approvals,
    IReadOnlyList<string> Approvers,
    string Content,
    long Revision
);
