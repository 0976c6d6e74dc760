using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies.Checks;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Installing;

/// <summary>Puts approval policies in force, in the place of all that were.</summary>
public sealed record SetApprovalPolicies(Sequence<PolicyDocument> Documents) : Operation
{
    /// <summary>Its name where it waits for approval.</summary>
    public const string WireName = "setApprovalPolicies";

    /// <inheritdoc/>
    public override ResourceName Target(string project) => InstalledPolicies.Place;
}

/// <summary>Applies operations on approval policies to a workspace. Pure.</summary>
public static class PolicySetEditor
{
    /// <summary>Applies one operation; false where it belongs to another domain.</summary>
    public static bool Apply(Workspace workspace, Operation operation, string pointer)
    {
        if (operation is not SetApprovalPolicies set)
            return false;
        var roles = Names(workspace.Of<Role>(ResourceKind.Role).Select(role => role.Key));
        var checks = workspace.Of<CheckDefinition>(ResourceKind.Check).Select(check => check.Key).ToSequence();
        if (!InstalledPolicies.Load(roles, checks, set.Documents).TryGet(out _, out var error))
            workspace.Problems.AddRange(
                ((Error.Invalid)error).Problems.Select(item => item with { Pointer = pointer + item.Pointer })
            );
        var id = workspace.Get<InstalledPolicies>(InstalledPolicies.Place)?.Id ?? workspace.NewId();
        workspace.Put(new InstalledPolicies(id, roles, checks, set.Documents));
        return true;
    }

    /// <summary>The roles that policies may name: those that ship and those that the tenant has.</summary>
    public static Sequence<string> Names(IEnumerable<string> defined) =>
        BuiltInRoles
            .All.Select(role => role.Key)
            .Concat(defined)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToSequence();

    /// <summary>What a difference between two states means; <see langword="null"/> for other resources.</summary>
    public static SemanticChange? Compare(Resource? before, Resource? after) =>
        (before, after) switch
        {
            (null, InstalledPolicies now) => new(
                "approval_policy.created",
                null,
                $"changes need approval from now on: {Count(now)} beside the defaults"
            ),
            (InstalledPolicies was, InstalledPolicies now) when was != now => new(
                "approval_policy.updated",
                null,
                $"approval policies replaced: {Count(now)} beside the defaults"
            ),
            _ => null,
        };

    private static string Count(InstalledPolicies policies) =>
        policies.Documents.Count == 1 ? "1 policy" : $"{policies.Documents.Count} policies";
}
