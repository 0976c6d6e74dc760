using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;

namespace Halyard.Core.Approvals;

/// <summary>Lets another person approve for the one who sends it.</summary>
/// <param name="Wanted">The delegation; whether it may be given is decided by who sends it and when.</param>
public sealed record GiveDelegation(Delegation Wanted) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Wanted.Name;
}

/// <summary>Withdraws a delegation; votes that were cast by it stand.</summary>
/// <param name="Id">Its id.</param>
public sealed record WithdrawDelegation(string Id) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Delegation.NameOf(Id);
}

/// <summary>Applies operations on delegations to a workspace. Pure.</summary>
public static class DelegationEditor
{
    /// <summary>Applies one operation; false where it belongs to another domain.</summary>
    public static bool Apply(Workspace workspace, Operation operation, string pointer)
    {
        switch (operation)
        {
            case GiveDelegation give:
                workspace.Put(give.Wanted);
                return true;
            case WithdrawDelegation withdraw:
                if (workspace.Get<Delegation>(Delegation.NameOf(withdraw.Id)) is null)
                    workspace.Problems.Add(new FieldProblem(pointer, $"there is no delegation '{withdraw.Id}'"));
                workspace.Delete(Delegation.NameOf(withdraw.Id));
                return true;
            default:
                return false;
        }
    }
}
