using Halyard.Core.Access.Roles;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Users;

/// <summary>Applies operations of users to a workspace. Pure.</summary>
public static class UserEditor
{
    /// <summary>The address that an operation gives to somebody, which nobody else may have; <see langword="null"/> where it gives none.</summary>
    public static string? EmailOf(Operation operation) =>
        operation switch
        {
            CreateUser create => create.Email,
            UpdateUser update => update.Email,
            _ => null,
        };

    /// <summary>Applies one operation; false where it belongs to another domain.</summary>
    public static bool Apply(Workspace workspace, Operation operation, string pointer)
    {
        if (operation is not UserOperation wanted)
            return false;
        var user = workspace.Get<User>(User.NameOf(wanted.Id));
        if (wanted is CreateUser create)
            Put(workspace, new User(create.Id, create.Email, create.Title, create.Roles, true, create.Password, 0));
        else if (user is null)
            workspace.Problems.Add(new FieldProblem(pointer, $"there is no {wanted.Target("")}"));
        else if (wanted is DeleteUser)
            workspace.Delete(user.Name);
        else if (wanted is SetPassword { Proved: { } epoch } && epoch != user.Epoch)
            workspace.Problems.Add(new FieldProblem(pointer, "was changed by somebody else meanwhile"));
        else
            Put(workspace, Edited(user, wanted));
        return true;
    }

    /// <summary>What a difference between two states of a user means; empty for other resources.</summary>
    public static IReadOnlyList<SemanticChange> Compare(Resource? before, Resource? after)
    {
        if ((before ?? after) is not User user)
            return [];
        var changes = new ChangeList();
        if (before is null)
            changes.Add("user.created", $"user {user.Id} created with {Words(user.Roles)}");
        else if (after is null)
            changes.Add("user.deleted", $"user {user.Id} with {Words(user.Roles)} deleted");
        else
            Compare(changes, user, (User)after);
        return changes.Changes;
    }

    private static User Edited(User user, UserOperation wanted) =>
        wanted switch
        {
            UpdateUser update => user with
            {
                Email = update.Email ?? user.Email,
                Title = update.Title ?? user.Title,
                Roles = update.Roles ?? user.Roles,
            },
            SetUserEnabled { Enabled: true } => user with { Enabled = true },
            // Switched on again, nothing of before goes on.
            SetUserEnabled => user.Enabled ? user with { Enabled = false, Epoch = user.Epoch + 1 } : user,
            SetPassword set => user with { Password = set.Password, Epoch = user.Epoch + 1, MustChangePassword = set.MustChange },
            _ => throw new ArgumentException($"{wanted.GetType().Name} is no edit of a user.", nameof(wanted)),
        };

    private static void Put(Workspace workspace, User user)
    {
        if (!User.IsEmail(user.Email))
            workspace.Problems.Add(new FieldProblem("/email", "must be an e-mail address"));
        if (workspace.Of<User>(ResourceKind.User).Any(other => other.Id != user.Id && other.Email == user.Email))
            workspace.Problems.Add(new FieldProblem("/email", "belongs to another user"));
        for (var i = 0; i < user.Roles.Count; i++)
        {
            if (!RoleEditor.IsRole(workspace, user.Roles[i]))
                workspace.Problems.Add(new FieldProblem($"/roles/{i}", $"there is no role '{user.Roles[i]}'"));
        }
        workspace.Put(user);
    }

    // The log keeps these words for ever: no address, no name.
    private static void Compare(ChangeList changes, User before, User after)
    {
        if (before.Enabled != after.Enabled)
            changes.Add(
                after.Enabled ? "user.enabled" : "user.disabled",
                $"user {after.Id} {(after.Enabled ? "enabled" : "disabled")}"
            );
        if (before.Password != after.Password)
            changes.Add(
                "user.password_changed",
                $"user {after.Id} has another password{(after.MustChangePassword ? ", and must choose one of their own at the next log-in" : "")}"
            );
        if (before.Email != after.Email)
            changes.Add("user.updated", $"user {after.Id} has another e-mail address");
        if (before.Title != after.Title)
            changes.Add("user.updated", $"user {after.Id} has another name");
        if (before.Roles != after.Roles)
            changes.Add("user.roles_changed", $"user {after.Id}: {Words(before.Roles)} → {Words(after.Roles)}");
    }

    private static string Words(Sequence<string> roles) =>
        roles.Count switch
        {
            0 => "no role",
            1 => $"role {roles[0]}",
            _ => $"roles {string.Join(", ", roles)}",
        };
}
