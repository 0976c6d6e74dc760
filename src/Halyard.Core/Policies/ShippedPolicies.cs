using System.Collections.Frozen;
using Halyard.Core.Policies.Loading;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies;

/// <summary>What holds where nobody wrote a policy, and the names that policies can always use.</summary>
public static class ShippedPolicies
{
    /// <summary>The roles that approval policies know without being told.</summary>
    public static readonly FrozenSet<string> Roles = FrozenSet.Create(
        StringComparer.Ordinal,
        "ADMIN",
        "developer",
        "senior-engineer",
        "tech-lead",
        "engineering-manager",
        "product-owner",
        "product-manager",
        "director-product",
        "security-engineer",
        "incident-commander",
        "on-call-engineer",
        "sre",
        "freeze-approver",
        "release-manager"
    );

    /// <summary>The checks that are always known.</summary>
    public static readonly FrozenSet<string> Checks = FrozenSet.Create(
        StringComparer.Ordinal,
        "integration-tests-pass",
        "load-tests-pass",
        "security-scan-pass",
        "staging-soak-24h"
    );

    /// <summary>The names that these policies use.</summary>
    public static PolicyVocabulary Vocabulary { get; } = new(Roles, Checks);

    /// <summary>
    /// The defaults of the environment types: none in development, one reviewer in staging, tech lead then product owner with checks in
    /// production. What is in no environment counts as production.
    /// </summary>
    public static Sequence<ApprovalPolicy> Defaults { get; } =
        new[] { "development", "staging", "production" }.Select(Load).ToSequence();

    /// <summary>What holds for changes of the policies themselves: a second person.</summary>
    public static Sequence<ApprovalPolicy> OfPolicies { get; } = [Load("policies")];

    private static ApprovalPolicy Load(string name) =>
        PolicyLoader.Load(ShippedFiles.Read($"policies/approvals/{name}.yaml"), Vocabulary).ToResult().Value;
}
