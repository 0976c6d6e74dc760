namespace Halyard.Evaluation.Definitions;

/// <summary>A flag as it is stored and sent: what it may answer, independent of any environment.</summary>
/// <param name="Key">The flag's key, <c>[A-Za-z0-9][A-Za-z0-9._-]{0,127}</c>, unique in its project.</param>
/// <param name="Type">The type of every variant's value.</param>
/// <param name="Status">The lifecycle; draft and archived evaluate as disabled, deprecated as active.</param>
/// <param name="Variants">The named values the flag may answer; keys are unique, at least one.</param>
/// <param name="Salt">The salt of every rollout that names none; <see langword="null"/> means the flag's key.</param>
/// <param name="Hash">How its rollouts place a user; changing it may move every user to another variant.</param>
public sealed record FlagDefinition(
    string Key,
    FlagType Type,
    FlagStatus Status,
    Sequence<Variant> Variants,
    string? Salt = null,
    BucketingHash Hash = BucketingHash.Flagd
);

/// <summary>One named value of a flag.</summary>
/// <param name="Key">The name that rules serve, unique in the flag.</param>
/// <param name="Value">The value, of the flag's type.</param>
/// <param name="Description">Words for people; may be empty.</param>
public sealed record Variant(string Key, FlagValue Value, string Description = "");

/// <summary>How one environment serves one flag.</summary>
/// <param name="Enabled">When false the off variant is served, whatever else is configured.</param>
/// <param name="OffVariant">The variant served when the flag is off.</param>
/// <param name="Prerequisites">Flags that must serve one of the named variants first; otherwise the off variant is served.</param>
/// <param name="Overrides">Pins of a targeting key or an attribute value to a variant.</param>
/// <param name="Rules">Targeting rules, in order; the first that matches serves.</param>
/// <param name="Fallthrough">What is served when nothing above decided.</param>
/// <param name="FallbackVariant">The variant declared beforehand as safe in an emergency; never consulted by evaluation.</param>
public sealed record FlagEnvironment(
    bool Enabled,
    string OffVariant,
    Sequence<Prerequisite> Prerequisites,
    Sequence<Override> Overrides,
    Sequence<TargetingRule> Rules,
    Serve Fallthrough,
    string? FallbackVariant = null
);

/// <summary>A flag that must serve one of <paramref name="Variants"/> in the same environment and context.</summary>
public sealed record Prerequisite(string Flag, Sequence<string> Variants);

/// <summary>Pins one user, or every user with one attribute value, to a variant.</summary>
/// <param name="Id">Unique in the environment's configuration of the flag.</param>
/// <param name="Attribute">The attribute to compare; <see langword="null"/> means the targeting key.</param>
/// <param name="Value">The value that the targeting key or attribute must equal.</param>
/// <param name="Variant">The variant served.</param>
/// <param name="ExpiresAt">The override is active while now is earlier; <see langword="null"/> never expires.</param>
/// <param name="Emergency">Emergency overrides are consulted before all others.</param>
public sealed record Override(
    string Id,
    string? Attribute,
    FlagValue Value,
    string Variant,
    DateTimeOffset? ExpiresAt = null,
    bool Emergency = false
);

/// <summary>A targeting rule: serves when all its conditions hold.</summary>
/// <param name="Id">Unique in its list; answers name it.</param>
/// <param name="Name">Words for people; may be empty.</param>
/// <param name="Enabled">A disabled rule never matches.</param>
/// <param name="Conditions">All must hold; an empty list always holds.</param>
/// <param name="Serve">What is served.</param>
public sealed record TargetingRule(string Id, string Name, bool Enabled, Sequence<Condition> Conditions, Serve Serve);

/// <summary>One test of the evaluation context.</summary>
/// <param name="Attribute">The attribute, dots reach into nested objects; empty for <see cref="ConditionOperator.Segment"/>.</param>
/// <param name="Operator">The comparison.</param>
/// <param name="Values">What to compare with; for <see cref="ConditionOperator.Segment"/> the segments' keys.</param>
/// <param name="Negate">The condition holds when no value (or no element of a list) matches.</param>
/// <param name="WhenMissing">What a missing, null or wrong-typed attribute means, before negation.</param>
public sealed record Condition(
    string Attribute,
    ConditionOperator Operator,
    Sequence<FlagValue> Values,
    bool Negate = false,
    WhenMissing WhenMissing = WhenMissing.NoMatch
);

/// <summary>What a rule or the fallthrough serves: exactly one of a variant or a rollout.</summary>
/// <param name="Variant">The variant served to everyone, or <see langword="null"/>.</param>
/// <param name="Rollout">The split over variants, or <see langword="null"/>.</param>
public sealed record Serve(string? Variant, Rollout? Rollout)
{
    /// <summary>Serves one variant to everyone.</summary>
    public static Serve One(string variant) => new(variant, null);

    /// <summary>Splits users over variants.</summary>
    public static Serve Split(Rollout rollout) => new(null, rollout);
}

/// <summary>A split of users over variants by hashed bucket; <see cref="FlagDefinition.Hash"/> says by which rule.</summary>
/// <param name="Weights">Non-negative integer weights, in bucketing order; their total with <paramref name="Remainder"/> is 1…2³¹−1.</param>
/// <param name="Salt">Hashed in front of the value; <see langword="null"/> means the flag's salt or key.</param>
/// <param name="BucketBy">The attribute hashed; <see langword="null"/> means the targeting key.</param>
/// <param name="Remainder">Weight that continues with the next rule instead of serving.</param>
/// <param name="Experiment">Present while the split is an experiment.</param>
/// <param name="Gate">Who is split at all; only with <see cref="BucketingHash.Unleash"/>.</param>
public sealed record Rollout(
    Sequence<WeightedVariant> Weights,
    string? Salt = null,
    string? BucketBy = null,
    int Remainder = 0,
    Experiment? Experiment = null,
    Gate? Gate = null
);

/// <summary>Unleash's gradual rollout: users outside it go on with the next rule, before their variant is asked for.</summary>
/// <param name="Share">Share of users let in, in thousandths of a percent: whole percents, 0…100,000 in steps of 1,000.</param>
/// <param name="Salt">Unleash's group id; <see langword="null"/> means the rollout's salt.</param>
/// <param name="BucketBy">Unleash's stickiness; <see langword="null"/> means what the rollout hashes.</param>
public sealed record Gate(int Share, string? Salt = null, string? BucketBy = null);

/// <summary>One variant's share of a rollout.</summary>
public sealed record WeightedVariant(string Variant, int Weight);

/// <summary>Makes a rollout an experiment: only a share of the traffic takes part, the rest gets the control.</summary>
/// <param name="Key">Names the experiment in exposures.</param>
/// <param name="Control">The variant served to users outside the traffic share.</param>
/// <param name="Traffic">Share of users that take part, in thousandths of a percent: 0…100,000.</param>
public sealed record Experiment(string Key, string Control, int Traffic);

/// <summary>A named set of users, shared by the flags of a project.</summary>
/// <param name="Key">Unique in its project; same form as a flag's key.</param>
/// <param name="Includes">Targeting keys that always belong.</param>
/// <param name="Excludes">Targeting keys that never belong; they win over <paramref name="Includes"/> and rules.</param>
/// <param name="Rules">Any rule whose conditions all hold makes the user belong.</param>
public sealed record SegmentDefinition(
    string Key,
    Sequence<string> Includes,
    Sequence<string> Excludes,
    Sequence<SegmentRule> Rules
);

/// <summary>One way to belong to a segment: all conditions hold.</summary>
public sealed record SegmentRule(string Id, Sequence<Condition> Conditions);
