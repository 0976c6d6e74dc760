using System.Text;
using Halyard.Core.Flags;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Judging;
using Halyard.Core.Policies.Loading;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Policies;

/// <summary>Policies written as people write them, and changes as the server sees them.</summary>
internal static class Policy
{
    public const string Two = "approval: { required: true, minApprovers: 2, approverRoles: [tech-lead] }";
    public const string None = "approval: { required: false }";

    public static PolicyEnvironment Dev { get; } = new("e-dev", "development", EnvironmentType.Development);
    public static PolicyEnvironment Staging { get; } = new("e-staging", "staging", EnvironmentType.Staging);
    public static PolicyEnvironment Production { get; } = new("e-prod", "production", EnvironmentType.Production);

    /// <summary>A policy of these rules, each the lines of one without its name.</summary>
    public static string Yaml(string match, params IEnumerable<string> rules) =>
        $"""
            apiVersion: featureflags/v1
            kind: ApprovalPolicy
            metadata: {"{"} name: p {"}"}
            spec:
              match: {match}
              rules:

            """ + string.Concat(rules.Select((rule, i) => $"    - name: r{i}\n{Indent(rule)}"));

    public static PolicyLoading TryLoad(string yaml) =>
        PolicyLoader.Load(Encoding.UTF8.GetBytes(yaml), ShippedPolicies.Vocabulary);

    public static ApprovalPolicy Load(string yaml)
    {
        var loading = TryLoad(yaml);
        loading.Problems.ShouldBeEmpty(yaml);
        return loading.Policy!;
    }

    public static ApprovalPolicy Of(params IEnumerable<string> rules) => Load(Yaml("strictest", rules));

    public static string When(string field, string operation, string value) =>
        $$"""conditions: [{ field: {{field}}, operator: {{operation}}, value: {{value}} }]""";

    public static ChangePart Part(
        PolicyEnvironment? environment,
        ChangeDirection direction = ChangeDirection.Riskier,
        Sequence<string> tags = default,
        double? delta = null,
        params Sequence<string> operations
    ) => new(environment, ResourceKind.Flag, "f", tags, operations.Count == 0 ? ["setEnabled"] : operations, direction, delta);

    public static PolicyAnswer Judge(ApprovalPolicy? organisation, ApprovalPolicy? project, params Sequence<ChangePart> parts) =>
        PolicyJudge.Judge(
            new PolicySet(organisation is null ? [] : [organisation], project is null ? [] : [project], ShippedPolicies.Defaults),
            new ChangeFacts(["payments"], parts)
        );

    public static Requirement Requirement(PolicyAnswer answer) =>
        answer.Decision.ShouldBeOfType<Decision.RequireApproval>().Requirement;

    private static string Indent(string lines) =>
        string.Concat(lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"      {line.TrimEnd()}\n"));
}
