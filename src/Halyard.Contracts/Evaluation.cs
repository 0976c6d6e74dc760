using System.Text.Json;

namespace Halyard.Contracts;

/// <summary>Asks what a context gets, and why.</summary>
public sealed record EvaluateBody
{
    /// <summary>One flag; absent means all flags of the project.</summary>
    public string? Flag { get; init; }

    /// <summary>The evaluation context: <c>targetingKey</c> and any attributes.</summary>
    public JsonElement? Context { get; init; }
}

/// <summary>What a context gets in an environment.</summary>
/// <param name="Environment">The environment.</param>
/// <param name="At">The time asked about; absent means now.</param>
/// <param name="LedgerIndex">The last entry taken into account.</param>
/// <param name="Flags">One answer a flag, in key order.</param>
/// <param name="Sources">
/// The revisions that the answer came from, where one flag at a time was asked about: the environment's, the flag's, and those of
/// its prerequisites and segments.
/// </param>
/// <param name="ValuesErased">
/// Of the past: whether personal values of what the answer came from were erased, so that it may have been another then.
/// </param>
public sealed record EvaluateAnswer(
    string Environment,
    DateTimeOffset? At,
    long LedgerIndex,
    IReadOnlyList<EvaluatedFlagAnswer> Flags,
    IReadOnlyList<SourceAnswer>? Sources = null,
    bool? ValuesErased = null
);

/// <summary>A revision that an answer came from.</summary>
/// <param name="Kind"><c>environment</c>, <c>flag</c> or <c>segment</c>.</param>
/// <param name="Key">Its key.</param>
/// <param name="Revision">The revision in force.</param>
/// <param name="Index">The entry that made it.</param>
/// <param name="EffectiveAt">When it took effect.</param>
public sealed record SourceAnswer(string Kind, string Key, long Revision, long Index, DateTimeOffset EffectiveAt);

/// <summary>What one flag answers, by which rule, and which change made it so.</summary>
public sealed record EvaluatedFlagAnswer
{
    public required string Key { get; init; }
    public JsonElement? Value { get; init; }

    /// <summary>Of the past of a sensitive flag: the value is left out, and <c>reveal=true</c> shows it; else absent.</summary>
    public bool? ValueHidden { get; init; }
    public string? Variant { get; init; }

    /// <summary>STATIC, DEFAULT, TARGETING_MATCH, SPLIT, DISABLED, PREREQUISITE_FAILED or ERROR.</summary>
    public required string Reason { get; init; }
    public string? ErrorCode { get; init; }
    public string? RuleId { get; init; }
    public string? OverrideId { get; init; }
    public required long Revision { get; init; }

    /// <summary>What decided, in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Each step on the way, and why it decided or did not.</summary>
    public required IReadOnlyList<StepAnswer> Steps { get; init; }

    /// <summary>The change that made the flag what it is; absent when all flags are asked for.</summary>
    public EntryAnswer? Change { get; init; }
}

/// <summary>One step of an evaluation.</summary>
public sealed record StepAnswer(
    string Kind,
    string? Id,
    bool Decided,
    string Description,
    IReadOnlyList<ConditionAnswer> Conditions
);

/// <summary>What one condition said.</summary>
public sealed record ConditionAnswer(string Description, bool Held, bool WasMissing);
