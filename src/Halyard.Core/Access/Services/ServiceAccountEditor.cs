using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;

namespace Halyard.Core.Access.Services;

/// <summary>Applies operations of service accounts to a workspace. Pure.</summary>
public static class ServiceAccountEditor
{
    /// <summary>Applies one operation; false where it belongs to another domain.</summary>
    public static bool Apply(Workspace workspace, Operation operation, string pointer)
    {
        if (operation is not ServiceAccountOperation wanted)
            return false;
        var account = workspace.Get<ServiceAccount>(ServiceAccount.NameOf(wanted.Id));
        if (wanted is CreateServiceAccount create)
            Put(workspace, new ServiceAccount(create.Id, create.Title, create.Description, create.Owner ?? "", Enabled: true));
        else if (account is null)
            workspace.Problems.Add(new FieldProblem(pointer, $"there is no {wanted.Target("")}"));
        else if (wanted is DeleteServiceAccount)
            workspace.Delete(account.Name);
        else
            Put(workspace, Edited(account, wanted));
        return true;
    }

    /// <summary>What a difference between two states of an account means; empty for other resources.</summary>
    public static IReadOnlyList<SemanticChange> Compare(Resource? before, Resource? after)
    {
        if ((before ?? after) is not ServiceAccount account)
            return [];
        var changes = new ChangeList();
        if (before is null)
            changes.Add("service_account.created", $"service account {account.Id} created; {account.Owner} answers for it");
        else if (after is null)
            changes.Add("service_account.deleted", $"service account {account.Id} of {account.Owner} deleted");
        else
            Compare(changes, account, (ServiceAccount)after);
        return changes.Changes;
    }

    private static ServiceAccount Edited(ServiceAccount account, ServiceAccountOperation wanted) =>
        wanted switch
        {
            UpdateServiceAccount update => account with
            {
                Title = update.Title ?? account.Title,
                Description = update.Description ?? account.Description,
                Enabled = update.Enabled ?? account.Enabled,
            },
            TakeOverServiceAccount taken => account with { Owner = taken.Owner ?? "" },
            _ => throw new ArgumentException($"{wanted.GetType().Name} is no edit of a service account.", nameof(wanted)),
        };

    private static void Put(Workspace workspace, ServiceAccount account)
    {
        if (account.Owner.Length == 0)
            workspace.Problems.Add(
                new FieldProblem("/owner", "must be a person, and nobody is known to answer for your credential: log in")
            );
        workspace.Put(account);
    }

    // The log keeps these words for ever: no name, no description.
    private static void Compare(ChangeList changes, ServiceAccount before, ServiceAccount after)
    {
        if (before.Enabled != after.Enabled)
            changes.Add(
                after.Enabled ? "service_account.enabled" : "service_account.disabled",
                $"service account {after.Id} {(after.Enabled ? "enabled" : "disabled")}"
            );
        if (before.Owner != after.Owner)
            changes.Add(
                "service_account.taken_over",
                $"service account {after.Id}: {after.Owner} answers for it in place of {before.Owner}"
            );
        if (before.Title != after.Title)
            changes.Add("service_account.updated", $"service account {after.Id} has another name");
        if (before.Description != after.Description)
            changes.Add("service_account.updated", $"service account {after.Id} has another description");
    }
}
