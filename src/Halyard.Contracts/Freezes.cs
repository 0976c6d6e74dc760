namespace Halyard.Contracts;

/// <summary>A freeze to be created, or its settings to be replaced (then without <c>key</c>).</summary>
public sealed record FreezeBody
{
    /// <summary>Its key, unique in the tenant.</summary>
    public string? Key { get; init; }

    /// <summary>Words for people.</summary>
    public string? Name { get; init; }

    /// <summary>Whether it freezes; default true.</summary>
    public bool? Enabled { get; init; }

    /// <summary>What it covers; absent means everything.</summary>
    public FreezeScopeBody? Scope { get; init; }

    /// <summary>How many holders of the role <c>freeze-approver</c> let a riskier change through, 1 to 10; default 2.</summary>
    public int? Approvers { get; init; }

    /// <summary>The IANA name of the time zone of what comes again; default UTC.</summary>
    public string? Zone { get; init; }

    /// <summary>Spans given outright, at most 50.</summary>
    public IReadOnlyList<FreezeIntervalBody>? Intervals { get; init; }

    /// <summary>Spans that come again, at most 50.</summary>
    public IReadOnlyList<FreezeRecurrenceBody>? Recurring { get; init; }

    /// <summary>
    /// The incident that it is for: once the source of incidents says that it is over, spans without an end end. Absent: they are lifted by hand.
    /// </summary>
    public string? ForIncident { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
    public string? Ticket { get; init; }
    public string? Incident { get; init; }
}

/// <summary>What a freeze covers. Every list that is set narrows; each is "any of".</summary>
public sealed record FreezeScopeBody
{
    /// <summary>Keys of projects.</summary>
    public IReadOnlyList<string>? Projects { get; init; }

    /// <summary>Keys of environments.</summary>
    public IReadOnlyList<string>? Environments { get; init; }

    /// <summary><c>development</c>, <c>staging</c> or <c>production</c>.</summary>
    public IReadOnlyList<string>? EnvironmentTypes { get; init; }

    /// <summary>Tags that a flag had before or has afterwards.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}

/// <summary>A span of time, half-open.</summary>
/// <param name="From">When it begins.</param>
/// <param name="To">When it is over; absent until it is lifted.</param>
public sealed record FreezeIntervalBody(DateTimeOffset From, DateTimeOffset? To);

/// <summary>A span that comes again by the clock on the wall.</summary>
public sealed record FreezeRecurrenceBody
{
    /// <summary><c>weekly</c>, <c>monthly</c> or <c>yearly</c>.</summary>
    public required string Every { get; init; }

    /// <summary>Days of the week, in English; with <c>nth</c> where it is not weekly.</summary>
    public IReadOnlyList<string>? Days { get; init; }

    /// <summary>Yearly: the month, 1 to 12.</summary>
    public int? Month { get; init; }

    /// <summary>Monthly and yearly: the day, 1 to 31, or -1 for the last.</summary>
    public int? Day { get; init; }

    /// <summary>Instead of the day: which of the days of the week in the month, 1 to 5, or -1 for the last.</summary>
    public int? Nth { get; init; }

    /// <summary>When it begins: <c>17:00</c>.</summary>
    public required string At { get; init; }

    /// <summary>How long it lasts by the clock on the wall, 1 to 44,640.</summary>
    public required int Minutes { get; init; }

    /// <summary>The first day on which it may begin: <c>2026-01-01</c>.</summary>
    public string? From { get; init; }

    /// <summary>The last day on which it may begin.</summary>
    public string? Until { get; init; }
}

/// <summary>A freeze, and what its calendar comes to.</summary>
public sealed record FreezeAnswer
{
    public required string Id { get; init; }
    public required string Key { get; init; }
    public required string Name { get; init; }
    public required bool Enabled { get; init; }
    public required FreezeScopeBody Scope { get; init; }
    public required int Approvers { get; init; }
    public required string Zone { get; init; }
    public required IReadOnlyList<FreezeIntervalBody> Intervals { get; init; }
    public required IReadOnlyList<FreezeRecurrenceBody> Recurring { get; init; }

    /// <summary>The incident that it is for, if any.</summary>
    public string? ForIncident { get; init; }

    /// <summary>The span that holds now, if one does.</summary>
    public FreezeIntervalBody? Current { get; init; }

    /// <summary>The next span that begins later than now, if one does.</summary>
    public FreezeIntervalBody? Next { get; init; }

    public required long Revision { get; init; }
}
