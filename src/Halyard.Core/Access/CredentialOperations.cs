using Halyard.Core.Access.Roles;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Ledger;

namespace Halyard.Core.Access;

/// <summary>Creates a bearer token, whose secret was shown to its creator alone.</summary>
public sealed record CreateToken(string Id, string Title, string Role, string Subject, Digest Secret) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Token.NameOf(Id);
}

/// <summary>Makes a token useless from now on.</summary>
public sealed record RevokeToken(string Id) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Token.NameOf(Id);
}

/// <summary>Creates an SDK key for one environment.</summary>
public sealed record CreateSdkKey(string Id, string Title, string Project, string Environment, Digest Secret) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => SdkKey.NameOf(Id);
}

/// <summary>Makes an SDK key useless from now on.</summary>
public sealed record RevokeSdkKey(string Id) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => SdkKey.NameOf(Id);
}

/// <summary>Applies operations of the access domain to a workspace. Pure.</summary>
public static class AccessEditor
{
    /// <summary>Applies one operation; false where it belongs to another domain.</summary>
    public static bool Apply(Workspace workspace, Operation operation, string pointer)
    {
        switch (operation)
        {
            case CreateToken create:
                if (!RoleEditor.IsRole(workspace, create.Role))
                    workspace.Problems.Add(new FieldProblem($"{pointer}/role", $"there is no role '{create.Role}'"));
                workspace.Put(new Token(create.Id, create.Title, create.Role, create.Subject, create.Secret));
                return true;
            case CreateSdkKey create:
                CreateKey(workspace, create, pointer);
                return true;
            case RevokeToken or RevokeSdkKey:
                var name = operation.Target(workspace.Project);
                if (workspace.Get<Resource>(name) is null)
                    workspace.Problems.Add(new FieldProblem(pointer, $"there is no {name}"));
                workspace.Delete(name);
                return true;
            default:
                return false;
        }
    }

    /// <summary>What a difference between two states of a credential means; <see langword="null"/> for other resources.</summary>
    public static Flags.Differences.SemanticChange? Compare(Resource? before, Resource? after) =>
        (before, after) switch
        {
            (null, Token token) => new("key.created", null, $"token {token.Id} with role {token.Role} created"),
            (Token token, null) => new("key.revoked", null, $"token {token.Id} with role {token.Role} revoked"),
            (null, SdkKey key) => new(
                "key.created",
                key.Environment,
                $"SDK key {key.Id} created for {key.Project}/{key.Environment}"
            ),
            (SdkKey key, null) => new(
                "key.revoked",
                key.Environment,
                $"SDK key {key.Id} revoked for {key.Project}/{key.Environment}"
            ),
            _ => null,
        };

    private static void CreateKey(Workspace workspace, CreateSdkKey create, string pointer)
    {
        var environment = workspace.Get<ProjectEnvironment>(ProjectEnvironment.NameOf(create.Project, create.Environment));
        if (environment is null)
            workspace.Problems.Add(
                new FieldProblem(
                    $"{pointer}/environment",
                    $"there is no environment '{create.Environment}' in project '{create.Project}'"
                )
            );
        else
            workspace.Put(new SdkKey(create.Id, create.Title, create.Project, create.Environment, environment.Id, create.Secret));
    }
}
