using Halyard.Core.Access.Roles;
using Halyard.Core.Changes;
using Halyard.Core.Policies.Installing;

namespace Halyard.Storage.Conformance.Building;

/// <summary>A governed tenant: whatever reaches production waits for a tech lead, then for a product owner.</summary>
public static class TwoPeople
{
    private const string Policy = """
        apiVersion: featureflags/v1
        kind: ApprovalPolicy
        metadata:
          name: two-people
        spec:
          rules:
            - name: production
              conditions:
                - field: environment.type
                  operator: equals
                  value: production
              approval:
                required: true
                stages:
                  - name: technical
                    order: 1
                    requiredApprovers: 1
                    approverRoles: [tech-lead]
                    timeoutHours: 24
                    onTimeout: reject
                  - name: business
                    order: 2
                    requiredApprovers: 1
                    approverRoles: [product-owner]
                    timeoutHours: 48
                    onTimeout: reject
        """;

    /// <summary>Who asks and who approves: <c>s_dev</c>, <c>s_lead</c> and <c>s_owner</c>.</summary>
    public static IReadOnlyList<(string Subject, string Role)> People { get; } =
    [("s_dev", "developer"), ("s_lead", "tech-lead"), ("s_owner", "product-owner")];

    /// <summary>Gives somebody a role everywhere.</summary>
    public static Change Give(string subject, string role) =>
        Change.Edit(
            "",
            [new CreateAssignment($"as_{subject}", subject, null, role, ResourcePattern.Everything, null, null)],
            "set up",
            action: Actions.Assign
        );

    /// <summary>Puts the policy in force.</summary>
    public static Change Govern() =>
        Change.Edit(
            "",
            [new SetApprovalPolicies([new PolicyDocument(null, Policy)])],
            "govern production",
            action: Actions.ChangeApprovals
        );
}
