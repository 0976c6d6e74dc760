namespace Halyard.Contracts;

/// <summary>When a flag was on in an environment for some users, and by whom and why.</summary>
public sealed record ComplianceAnswer
{
    public required string Project { get; init; }
    public required string Flag { get; init; }
    public required string Environment { get; init; }

    /// <summary>The one user asked about; absent where it is about everybody with the attributes.</summary>
    public string? TargetingKey { get; init; }

    /// <summary>What all users asked about have in common.</summary>
    public required IReadOnlyList<FactAnswer> Attributes { get; init; }

    /// <summary>The segment to which all users asked about belong; absent where that was not asked.</summary>
    public string? Segment { get; init; }

    /// <summary>The range answered for, half-open: included.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Excluded; never later than the time of asking.</summary>
    public required DateTimeOffset To { get; init; }
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>The last entry taken into account.</summary>
    public required long LedgerIndex { get; init; }

    /// <summary>What holds now, and since when.</summary>
    public required CompliancePeriodAnswer Current { get; init; }

    /// <summary>The periods, oldest first; they fill the range.</summary>
    public required IReadOnlyList<CompliancePeriodAnswer> Periods { get; init; }
}

/// <summary>An attribute with its value.</summary>
/// <param name="Name">The attribute.</param>
/// <param name="Type"><c>string</c>, <c>number</c> or <c>boolean</c>.</param>
/// <param name="Value">The value as text.</param>
public sealed record FactAnswer(string Name, string Type, string Value);

/// <summary>A time during which the answer was the same.</summary>
public sealed record CompliancePeriodAnswer
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    /// <summary><c>absent</c>, <c>broken</c>, <c>off</c>, <c>on</c>, <c>partly</c> or <c>depends</c>.</summary>
    public required string State { get; init; }

    /// <summary>The share of users who had it on, 0…100; absent where it is not known.</summary>
    public double? Percent { get; init; }

    /// <summary>All of it in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Each thing that users got, in the order of evaluation.</summary>
    public required IReadOnlyList<ComplianceOutcomeAnswer> Outcomes { get; init; }

    /// <summary>How many outcomes there were beyond those named.</summary>
    public required int OutcomesLeftOut { get; init; }

    /// <summary>Attributes that were not asked about and decide.</summary>
    public required IReadOnlyList<string> DependsOn { get; init; }

    /// <summary>True where personal values of what it comes from were erased: whom they named may have got something else.</summary>
    public bool ValuesErased { get; init; }

    /// <summary>What made it begin, which may be before the range; absent before the first entry.</summary>
    public TurnAnswer? Started { get; init; }

    /// <summary>What made it end; absent where it lasts.</summary>
    public TurnAnswer? Ended { get; init; }
}

/// <summary>One thing that users got.</summary>
/// <param name="Variant">The variant; absent where none was served.</param>
/// <param name="On">Whether that is on.</param>
/// <param name="By">Why: <c>rule</c>, <c>ruleRollout</c>, <c>fallthrough</c>, <c>fallthroughRollout</c>, <c>override</c>, <c>prerequisite</c>, <c>flagOff</c>, <c>environmentOff</c>, <c>draft</c>, <c>archived</c>, <c>noFlag</c>, <c>noEnvironment</c> or <c>broken</c>.</param>
/// <param name="Id">The rule's or override's id, or the prerequisite's key.</param>
/// <param name="Name">The rule's name.</param>
/// <param name="Percent">The share of users, 0…100: exact where <paramref name="DependsOn"/> is empty, else the most it can be.</param>
/// <param name="DependsOn">Attributes that were not asked about and decide whether a user got it.</param>
public sealed record ComplianceOutcomeAnswer(
    string? Variant,
    bool On,
    string By,
    string? Id,
    string? Name,
    double Percent,
    IReadOnlyList<string> DependsOn
);

/// <summary>What made a period begin or end.</summary>
public sealed record TurnAnswer
{
    /// <summary>When it took effect.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The entry's index in the ledger.</summary>
    public required long Index { get; init; }

    /// <summary>The entry's id.</summary>
    public required string EntryId { get; init; }

    /// <summary>The override that expired then, which the entry had put in force; absent where the entry itself made the change.</summary>
    public string? ExpiredOverride { get; init; }

    /// <summary>Who; for imported history the original author.</summary>
    public required ActorAnswer Actor { get; init; }

    /// <summary>What the entry says, in words.</summary>
    public required string Description { get; init; }
    public string? Reason { get; init; }
    public string? Ticket { get; init; }
    public string? Incident { get; init; }

    /// <summary>For imported history a link to the original.</summary>
    public string? Reference { get; init; }

    /// <summary>True where it was imported and not witnessed.</summary>
    public required bool Imported { get; init; }

    /// <summary>By which policy and for whom it was authorised; for imported history <c>imported, not witnessed</c>.</summary>
    public required string AuthorisedBy { get; init; }
}

/// <summary>How a flag was rolled out in an environment over time.</summary>
/// <param name="Flag">The flag's key.</param>
/// <param name="Environment">The environment's key.</param>
/// <param name="From">The range answered for, half-open: included.</param>
/// <param name="To">Excluded; never later than the time of asking.</param>
/// <param name="LedgerIndex">The last entry taken into account.</param>
/// <param name="Periods">The periods, oldest first; they fill the range.</param>
public sealed record RolloutHistoryAnswer(
    string Flag,
    string Environment,
    DateTimeOffset From,
    DateTimeOffset To,
    long LedgerIndex,
    IReadOnlyList<RolloutPeriodAnswer> Periods
);

/// <summary>A time during which the shares were the same.</summary>
public sealed record RolloutPeriodAnswer
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    /// <summary>Why everybody got the off variant, or nothing: <c>flagOff</c>, <c>environmentOff</c>, <c>draft</c>, <c>archived</c>, <c>noFlag</c>, <c>noEnvironment</c>; absent while the flag was on.</summary>
    public string? Off { get; init; }

    /// <summary>The shares of whoever nothing else decides for; all of the off variant while the flag was off.</summary>
    public required IReadOnlyList<ShareAnswer> Shares { get; init; }

    /// <summary>The rules in order, each with the shares of whoever it matches.</summary>
    public required IReadOnlyList<RuleSharesAnswer> Rules { get; init; }
    public TurnAnswer? Started { get; init; }
    public TurnAnswer? Ended { get; init; }
}

/// <summary>A variant's share.</summary>
/// <param name="Variant">The variant; absent for those whom a rule's rollout does not serve: they go on to the next rule.</param>
/// <param name="Share">In thousandths of a percent, 0…100,000; the shares of one list are 100,000 together.</param>
public sealed record ShareAnswer(string? Variant, int Share);

/// <summary>How a rule split whoever it matched.</summary>
public sealed record RuleSharesAnswer(string Id, string Name, bool Enabled, IReadOnlyList<ShareAnswer> Shares);
