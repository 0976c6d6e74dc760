using Halyard.Core.Policies.Conditions;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Policies;

/// <summary>A policy as it was loaded: every name in it known, every number in its range.</summary>
/// <param name="Name">Its name, unique among the policies of its level.</param>
/// <param name="Description">Words for people; may be empty.</param>
/// <param name="Match">Which of the rules that match count.</param>
/// <param name="Rules">In the order written; at least one.</param>
/// <param name="Digest">SHA-256 of the text it was loaded from: its version.</param>
public sealed record ApprovalPolicy(
    string Name,
    string Description,
    RuleMatch Match,
    Sequence<ApprovalRule> Rules,
    Digest Digest
);

/// <summary>Which of the rules that match count. Denials count in any case. Wire names: strictest, first.</summary>
public enum RuleMatch
{
    /// <summary>All, united.</summary>
    Strictest,

    /// <summary>The first that has a say.</summary>
    First,
}

/// <summary>One rule of a policy.</summary>
/// <param name="Name">Its name, unique in the policy.</param>
/// <param name="Description">Words for people; may be empty.</param>
/// <param name="Conditions">All must hold; empty only where it was written to hold always.</param>
/// <param name="Effect">What then holds.</param>
public sealed record ApprovalRule(string Name, string Description, Sequence<PolicyCondition> Conditions, RuleEffect Effect)
{
    /// <summary>Whether it can match nothing but environments declared to be of type development.</summary>
    public bool IsForDevelopmentAlone => IsLimitedTo(PolicyField.EnvironmentType, "development");

    /// <summary>Whether it can match nothing but safer changes.</summary>
    public bool IsForSaferAlone => IsLimitedTo(PolicyField.Direction, "safer");

    private bool IsLimitedTo(PolicyField field, string value) =>
        Conditions.Any(condition =>
            condition.Field == field && condition.Test is ConditionTest.OneOf one && one.Values.All(item => item == value)
        );
}

/// <summary>What a rule that matches means. Closed.</summary>
public abstract record RuleEffect
{
    private RuleEffect() { }

    /// <summary>The change is refused.</summary>
    /// <param name="Reason">Why, in words for whoever is refused.</param>
    public sealed record Deny(string Reason) : RuleEffect;

    /// <summary>
    /// No approval: a safer change needs none of what other rules of the level require. A change that may be riskier is let pass
    /// only in an environment of type development, and there what other rules require stands.
    /// </summary>
    public sealed record Exempt : RuleEffect;

    /// <summary>Approval is needed.</summary>
    /// <param name="Stages">In order; at least one.</param>
    /// <param name="Checks">Ids of the checks that must have passed.</param>
    /// <param name="ExpiresAfter">How long a request may stay open, or <see langword="null"/>.</param>
    /// <param name="Votes">How votes count.</param>
    public sealed record Require(Sequence<RequiredStage> Stages, Sequence<string> Checks, TimeSpan? ExpiresAfter, VoteRules Votes)
        : RuleEffect;
}
