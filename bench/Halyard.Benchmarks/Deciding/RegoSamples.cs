namespace Halyard.Benchmarks.Deciding;

/// <summary>A policy to measure, with what it is asked.</summary>
internal sealed record RegoSample(string Name, string Query, string Module, string Input, string Data, string? Answer = null);

/// <summary>Policies of the usual shapes.</summary>
internal static class RegoSamples
{
    private const string Roles = """
        package authz

        default allow := false

        allow if {
            some role in data.assignments[input.user]
            some grant in data.grants[role]
            grant.action == input.action
            grant.kind == input.resource.kind
            in_scope(grant)
            not denied
        }

        in_scope(grant) if grant.environments == "*"

        in_scope(grant) if input.resource.environment in grant.environments

        denied if {
            input.resource.frozen
            not "freeze-approver" in data.assignments[input.user]
        }
        """;

    private const string RolesData = """
        {
            "assignments": {"ann": ["viewer", "developer"], "bob": ["viewer"], "eve": ["auditor"]},
            "grants": {
                "viewer": [{"action": "read", "kind": "flag", "environments": "*"}, {"action": "read", "kind": "segment", "environments": "*"}],
                "developer": [
                    {"action": "create", "kind": "flag", "environments": "*"},
                    {"action": "update", "kind": "segment", "environments": "*"},
                    {"action": "update", "kind": "flag", "environments": ["development", "staging"]}
                ],
                "auditor": [{"action": "read", "kind": "audit", "environments": "*"}]
            }
        }
        """;

    private const string Request = """
        {"user": "ann", "action": "update", "resource": {"kind": "flag", "environment": "staging", "frozen": false, "tags": ["checkout"]}}
        """;

    /// <summary>The first is the floor: a policy that says yes.</summary>
    public static IReadOnlyList<RegoSample> All { get; } =
    [
        new("allow := true", "data.authz.allow", "package authz\n\nallow := true\n", Request, "{}", "true"),
        new("roles, grants, scopes, a denial", "data.authz.allow", Roles, Request, RolesData, "true"),
        new("one rule of 200 by input.action (indexed)", "data.authz.allow", Many(), Request, "{}", "true"),
    ];

    private static string Many() =>
        "package authz\n\n"
        + string.Concat(
            Enumerable
                .Range(0, 200)
                .Select(at =>
                    $"allow if {{\n  input.action == \"{(at == 117 ? "update" : $"action-{at}")}\"\n  input.resource.kind == \"flag\"\n}}\n\n"
                )
        );
}
