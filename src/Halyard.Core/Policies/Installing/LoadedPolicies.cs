using Halyard.Core.Policies.Conditions;
using Halyard.Core.Policies.Loading;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Installing;

/// <summary>Policies ready to be asked. Immutable.</summary>
/// <param name="policies">Each with the project it belongs to, or none for the organisation's.</param>
public sealed class LoadedPolicies(IReadOnlyList<(string? Project, ApprovalPolicy Policy)> policies)
{
    /// <summary>What those should know who wrote them, by policy.</summary>
    public IReadOnlyList<(string Policy, PolicyNote Note)> Notes { get; } =
    [.. policies.SelectMany(item => RuleNotes.On(item.Policy).Select(note => (item.Policy.Name, note)))];

    /// <summary>What is asked about a project's changes that reach an environment.</summary>
    public PolicySet Of(string project) => new(Level(null), project.Length == 0 ? [] : Level(project), ShippedPolicies.Defaults);

    /// <summary>
    /// What is asked about what reaches no environment: those rules alone that name a kind of resource. A rule about production does
    /// not mean the creation of a token.
    /// </summary>
    public PolicySet OfKinds(string project) =>
        new(NamingKinds(Level(null)), project.Length == 0 ? [] : NamingKinds(Level(project)), []);

    /// <summary>What is asked about a change of the policies themselves: the organisation's rules that name them, else the shipped one.</summary>
    public PolicySet OfThemselves() => new(NamingKinds(Level(null)), [], ShippedPolicies.OfPolicies);

    /// <summary>Whether a rule asks for a check.</summary>
    public bool NamesCheck(string check) =>
        policies
            .SelectMany(item => item.Policy.Rules)
            .Select(rule => rule.Effect)
            .OfType<RuleEffect.Require>()
            .Any(effect => effect.Checks.Contains(check, StringComparer.Ordinal));

    private Sequence<ApprovalPolicy> Level(string? project) =>
        policies.Where(item => item.Project == project).Select(item => item.Policy).ToSequence();

    private static Sequence<ApprovalPolicy> NamingKinds(Sequence<ApprovalPolicy> level) =>
        level
            .Select(policy =>
                policy with
                {
                    Rules = policy
                        .Rules.Where(rule => rule.Conditions.Any(condition => condition.Field == PolicyField.ResourceKind))
                        .ToSequence(),
                }
            )
            .Where(policy => policy.Rules.Count > 0)
            .ToSequence();
}
