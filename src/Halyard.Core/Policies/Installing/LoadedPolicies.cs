using Halyard.Core.Policies.Conditions;
using Halyard.Core.Policies.Judging;
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

    /// <summary>Every rule, as <c>policy/rule</c>.</summary>
    public IEnumerable<string> Rules =>
        policies.SelectMany(item => item.Policy.Rules.Select(rule => $"{item.Policy.Name}/{rule.Name}"));

    /// <summary>The verdict, with every rule that matched. What enforces and what simulates ask here, and nowhere else.</summary>
    public PolicyAnswer Judge(PolicyQuestion question)
    {
        var answers = question.Unplaced.Select(part => JudgeUnplaced(question, part)).OfType<PolicyAnswer>().ToList();
        answers.AddRange(
            question.Governing.Select(part => PolicyJudge.Judge(OfThemselves(), question.Placed with { Parts = [part] }))
        );
        if (question.Placed.Parts.Count > 0)
            answers.Add(PolicyJudge.Judge(Of(question.Project), question.Placed));
        return answers.Count == 0
            ? new PolicyAnswer(new Decision.Allow("approval", "it reaches no environment, and no rule names what it changes"), [])
            : new PolicyAnswer(
                Decision.Combine([.. answers.Select(answer => answer.Decision)]),
                answers.SelectMany(answer => answer.Matches).ToSequence()
            );
    }

    private PolicyAnswer? JudgeUnplaced(PolicyQuestion question, ChangePart part)
    {
        var answer = PolicyJudge.Judge(OfKinds(question.Project), question.Placed with { Parts = [part] });
        return answer.Matches.All(match => match.Effect == MatchEffect.NoSay) ? null : answer;
    }

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
