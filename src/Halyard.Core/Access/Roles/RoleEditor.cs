using Halyard.Core.Access.Users;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;

namespace Halyard.Core.Access.Roles;

/// <summary>Applies operations on roles and assignments to a workspace that holds all of them. Pure.</summary>
public static class RoleEditor
{
    /// <summary>Applies one operation; false where it belongs to another domain.</summary>
    public static bool Apply(Workspace workspace, Operation operation, string pointer)
    {
        switch (operation)
        {
            case CreateRole create:
                Create(workspace, create, pointer);
                return true;
            case UpdateRole update:
                if (Defined(workspace, update.Key, pointer) is { } role)
                    workspace.Put(
                        role with
                        {
                            Title = update.Title ?? role.Title,
                            Description = update.Description ?? role.Description,
                            Grants = update.Grants ?? role.Grants,
                        }
                    );
                return true;
            case DeleteRole delete:
                Delete(workspace, delete, pointer);
                return true;
            case CreateAssignment create:
                Assign(workspace, create, pointer);
                return true;
            case DeleteAssignment delete:
                if (Existing<Assignment>(workspace, Assignment.NameOf(delete.Id), pointer) is not null)
                    workspace.Delete(Assignment.NameOf(delete.Id));
                return true;
            default:
                return false;
        }
    }

    /// <summary>What a difference between two states means; empty for other resources.</summary>
    public static IReadOnlyList<SemanticChange> Compare(Resource? before, Resource? after) =>
        (before, after) switch
        {
            (null, Role role) => [new("role.created", null, $"role '{role.Key}' created: {Grants(role)}")],
            (Role role, null) => [new("role.deleted", null, $"role '{role.Key}' deleted")],
            (Role was, Role role) when was != role => [new("role.updated", null, Changed(was, role))],
            (null, Assignment given) => [new("access.granted", null, AccessWords.Granted(given))],
            (Assignment taken, null) => [new("access.revoked", null, AccessWords.Revoked(taken))],
            _ => [],
        };

    /// <summary>The roles that can be assigned: those that exist without being defined, and those of the workspace.</summary>
    internal static bool IsRole(Workspace workspace, string key) =>
        BuiltInRoles.Exists(key) || workspace.Get<Role>(Role.NameOf(key)) is not null;

    private static void Create(Workspace workspace, CreateRole create, string pointer)
    {
        if (BuiltInRoles.All.Any(role => string.Equals(role.Key, create.Key, StringComparison.OrdinalIgnoreCase)))
            workspace.Problems.Add(new FieldProblem($"{pointer}/key", $"'{create.Key}' is the name of a built-in role"));
        if (workspace.Get<Role>(Role.NameOf(create.Key)) is not null)
            workspace.Problems.Add(new FieldProblem($"{pointer}/key", $"there is a role '{create.Key}' already"));
        workspace.Put(new Role(workspace.NewId(), create.Key, create.Title, create.Description, create.Grants));
    }

    private static void Delete(Workspace workspace, DeleteRole delete, string pointer)
    {
        if (Defined(workspace, delete.Key, pointer) is null)
            return;
        var users = workspace.Of<Assignment>(ResourceKind.Assignment).Count(item => item.Role == delete.Key);
        users += workspace.Of<Token>(ResourceKind.Token).Count(item => item.Roles.Contains(delete.Key, StringComparer.Ordinal));
        users += workspace.Of<User>(ResourceKind.User).Count(item => item.Roles.Contains(delete.Key, StringComparer.Ordinal));
        if (users > 0)
            workspace.Problems.Add(new FieldProblem(pointer, $"role '{delete.Key}' is given {users} times; take it away first"));
        workspace.Delete(Role.NameOf(delete.Key));
    }

    private static void Assign(Workspace workspace, CreateAssignment create, string pointer)
    {
        if (create.Subject is null == create.Group is null)
            workspace.Problems.Add(new FieldProblem(pointer, "is given either to a subject or to a group"));
        if (create.Subject is { } subject && !SubjectIds.IsId(subject))
            workspace.Problems.Add(
                new FieldProblem($"{pointer}/subject", "must be an id such as s_…: the log keeps it for ever, and no name")
            );
        if (!IsRole(workspace, create.Role))
            workspace.Problems.Add(new FieldProblem($"{pointer}/role", $"there is no role '{create.Role}'"));
        if (create.NotAfter <= create.NotBefore)
            workspace.Problems.Add(new FieldProblem($"{pointer}/notAfter", "must be later than notBefore"));
        workspace.Put(
            new Assignment(create.Id, create.Subject, create.Group, create.Role, create.Scope, create.NotBefore, create.NotAfter)
        );
    }

    /// <summary>A role of the tenant's own: one that is built in can be changed by nobody.</summary>
    private static Role? Defined(Workspace workspace, string key, string pointer)
    {
        if (workspace.Get<Role>(Role.NameOf(key)) is { } role)
            return role;
        workspace.Problems.Add(
            new FieldProblem(
                pointer,
                BuiltInRoles.Exists(key)
                    ? $"role '{key}' is built in: it stays as it is; define one of your own"
                    : $"there is no {Role.NameOf(key)}"
            )
        );
        return null;
    }

    private static T? Existing<T>(Workspace workspace, ResourceName name, string pointer)
        where T : Resource
    {
        var found = workspace.Get<T>(name);
        if (found is null)
            workspace.Problems.Add(new FieldProblem(pointer, $"there is no {name}"));
        return found;
    }

    private static string Grants(Role role) => string.Join("; ", role.Grants.Select(AccessWords.Of));

    private static string Changed(Role was, Role role)
    {
        var words = new List<string>();
        foreach (var gone in was.Grants.Except(role.Grants))
            words.Add($"no longer {AccessWords.Of(gone)}");
        foreach (var added in role.Grants.Except(was.Grants))
            words.Add($"now {AccessWords.Of(added)}");
        return words.Count == 0 ? $"what describes role '{role.Key}' changed" : $"role '{role.Key}': {string.Join("; ", words)}";
    }
}
