using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Reading.Compliance;

/// <summary>What users got, in a word. Wire names: absent, broken, off, on, partly, depends.</summary>
public enum ComplianceState
{
    /// <summary>There was no such flag or environment: programs served their own default.</summary>
    Absent,

    /// <summary>The flag could not be compiled: programs served their own default.</summary>
    Broken,

    /// <summary>Nobody had it on.</summary>
    Off,

    /// <summary>Everybody had it on.</summary>
    On,

    /// <summary>A share of the users had it on.</summary>
    Partly,

    /// <summary>Some had it on perhaps: attributes that were not asked about decide.</summary>
    Depends,
}

/// <summary>Why a variant was served. Wire names are the camel-case names.</summary>
public enum ServedBy
{
    /// <summary>There was no such environment.</summary>
    NoEnvironment,

    /// <summary>There was no such flag.</summary>
    NoFlag,

    /// <summary>The flag could not be compiled.</summary>
    Broken,

    /// <summary>The environment was off.</summary>
    EnvironmentOff,

    /// <summary>The flag was off.</summary>
    FlagOff,

    /// <summary>The flag was a draft.</summary>
    Draft,

    /// <summary>The flag was archived.</summary>
    Archived,

    /// <summary>A prerequisite did not hold.</summary>
    Prerequisite,

    /// <summary>An override.</summary>
    Override,

    /// <summary>A rule, to everybody it matches.</summary>
    Rule,

    /// <summary>A rule's rollout.</summary>
    RuleRollout,

    /// <summary>The fallthrough, to everybody.</summary>
    Fallthrough,

    /// <summary>The fallthrough's rollout.</summary>
    FallthroughRollout,
}

/// <summary>One thing that users got.</summary>
/// <param name="Variant">The variant; <see langword="null"/> where none was served.</param>
/// <param name="On">Whether that is on: true for a boolean flag, and another variant than the off variant for any other.</param>
/// <param name="By">Why.</param>
/// <param name="Id">The rule's or override's id, or the key of the prerequisite; else <see langword="null"/>.</param>
/// <param name="Name">The rule's name; else empty.</param>
/// <param name="Percent">
/// The share of users, 0…100 with seven digits behind the point: exact where <paramref name="Attributes"/> is empty, else the most it can be.
/// </param>
/// <param name="Attributes">The attributes, not asked about, that decide whether a user got it.</param>
public sealed record ComplianceOutcome(
    string? Variant,
    bool On,
    ServedBy By,
    string? Id,
    string Name,
    double Percent,
    Sequence<string> Attributes
);

/// <summary>What users got at a time. Compares by value.</summary>
/// <param name="State">In a word.</param>
/// <param name="Percent">The share of users who had it on, where that is known: not with <see cref="ComplianceState.Depends"/>.</param>
/// <param name="Outcomes">Each thing that users got, in the order of evaluation; at most <see cref="MaxOutcomes"/>.</param>
/// <param name="OutcomesLeftOut">How many more there were.</param>
/// <param name="Attributes">The attributes, not asked about, on which it depends.</param>
/// <param name="IsComplete">False where there were more ways through the flag and its prerequisites than are followed.</param>
/// <param name="ValuesErased">
/// Whether personal values of what it comes from were erased since: somebody whom they named may have got something else.
/// </param>
public sealed record ComplianceJudgement(
    ComplianceState State,
    double? Percent,
    Sequence<ComplianceOutcome> Outcomes,
    int OutcomesLeftOut,
    Sequence<string> Attributes,
    bool IsComplete = true,
    bool ValuesErased = false
)
{
    /// <summary>The most outcomes that are named.</summary>
    public const int MaxOutcomes = 50;

    /// <summary>Nothing was recorded yet.</summary>
    public static ComplianceJudgement Nothing { get; } = Absent(ServedBy.NoFlag);

    /// <summary>There was no such flag or environment.</summary>
    public static ComplianceJudgement Absent(ServedBy by) =>
        new(ComplianceState.Absent, null, [new ComplianceOutcome(null, false, by, null, "", 100, [])], 0, []);

    /// <summary>The judgement on everything that users may have got.</summary>
    public static ComplianceJudgement Of(IReadOnlyList<ComplianceOutcome> outcomes, bool isComplete)
    {
        var attributes = outcomes.SelectMany(outcome => outcome.Attributes).Distinct().Order(StringComparer.Ordinal).ToSequence();
        var on = outcomes.Count(outcome => outcome.On);
        var state =
            !isComplete ? ComplianceState.Depends
            : outcomes.Any(outcome => outcome.By == ServedBy.Broken) ? ComplianceState.Broken
            : on == 0 ? ComplianceState.Off
            : on == outcomes.Count ? ComplianceState.On
            : attributes.Count == 0 ? ComplianceState.Partly
            : ComplianceState.Depends;
        double? percent = state switch
        {
            ComplianceState.On => 100,
            ComplianceState.Off => 0,
            ComplianceState.Partly => Math.Round(outcomes.Where(outcome => outcome.On).Sum(outcome => outcome.Percent), 7),
            _ => null,
        };
        return new ComplianceJudgement(
            state,
            percent,
            outcomes.Take(MaxOutcomes).ToSequence(),
            Math.Max(0, outcomes.Count - MaxOutcomes),
            state == ComplianceState.Depends ? attributes : [],
            isComplete
        );
    }
}
