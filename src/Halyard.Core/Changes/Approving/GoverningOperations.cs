using Halyard.Core.Access.Roles;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Policies.Installing;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Approving;

/// <summary>
/// Operations on what governs changes: policies, checks and gates. They wait for approval like what they govern, and have
/// endpoints of their own instead of a place among the operations of a project.
/// </summary>
public static class GoverningOperations
{
    /// <summary>Whether what is changed governs changes.</summary>
    public static bool Govern(ResourceKind kind) =>
        kind is ResourceKind.ApprovalPolicy or ResourceKind.Check or ResourceKind.PromotionGates;

    /// <summary>What the authorizer is asked about where a request holds such an operation; <see langword="null"/> for others.</summary>
    public static string? ActionOf(Operation operation) =>
        operation switch
        {
            SetApprovalPolicies => Actions.ChangeApprovals,
            CreateCheck => "check.create",
            UpdateCheck => "check.update",
            DeleteCheck => "check.delete",
            SetPromotionGates => "promotion-gates.change",
            _ => null,
        };

    /// <summary>Reads one back in the form in which it waits; <see langword="null"/> for others.</summary>
    public static Operation? Read(string name, JsonCursor json, string source) =>
        name switch
        {
            SetApprovalPolicies.WireName => new SetApprovalPolicies(InstalledPolicies.ReadDocuments(json)) { Source = source },
            CreateCheck.WireName => new CreateCheck(json.RequiredKey("key"), CheckJson.ReadSettings(json)) { Source = source },
            UpdateCheck.WireName => new UpdateCheck(json.RequiredKey("key"), CheckJson.ReadSettings(json)) { Source = source },
            DeleteCheck.WireName => new DeleteCheck(json.RequiredKey("key")) { Source = source },
            SetPromotionGates.WireName => new SetPromotionGates(
                PromotionGates.ReadGates(json),
                json.NullableString("metrics", Limits.Identifier, minLength: 1)
            )
            {
                Source = source,
            },
            _ => null,
        };
}
