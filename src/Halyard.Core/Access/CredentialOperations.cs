using Halyard.Core.Access.Roles;
using Halyard.Core.Access.Services;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Access;

/// <summary>Creates a bearer token, whose secret was shown to its creator alone.</summary>
public sealed record CreateToken(string Id, string Title, Sequence<string> Roles, string Subject, Digest Secret) : Operation
{
    /// <summary>From when on it counts no more, or <see langword="null"/>.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Where it counts.</summary>
    public ResourcePattern Scope { get; init; } = ResourcePattern.Everything;

    /// <summary>Pseudonymous id of the person who answers for it, or <see langword="null"/>.</summary>
    public string? Owner { get; init; }

    /// <inheritdoc/>
    public override ResourceName Target(string project) => Token.NameOf(Id);
}

/// <summary>Gives a token another secret; the one of now counts until a time.</summary>
public sealed record RotateToken(string Id, Digest Secret, DateTimeOffset PreviousUntil, DateTimeOffset? ExpiresAt) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Token.NameOf(Id);
}

/// <summary>Gives an SDK key another secret; the one of now counts until a time.</summary>
public sealed record RotateSdkKey(string Id, Digest Secret, DateTimeOffset PreviousUntil, DateTimeOffset? ExpiresAt) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => SdkKey.NameOf(Id);
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
    /// <summary>From when on it counts no more, or <see langword="null"/>.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it is in the hands of everybody who uses a program.</summary>
    public bool ClientSide { get; init; }

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
                CreateToken(workspace, create, pointer);
                return true;
            case RotateToken rotate:
                if (Existing<Token>(workspace, operation, pointer) is { } token)
                    workspace.Put(
                        token with
                        {
                            Secret = rotate.Secret,
                            Terms = token.Terms.Rotated(token.Secret, rotate.PreviousUntil, rotate.ExpiresAt),
                        }
                    );
                return true;
            case RotateSdkKey rotate:
                if (Existing<SdkKey>(workspace, operation, pointer) is { } key)
                    workspace.Put(
                        key with
                        {
                            Secret = rotate.Secret,
                            Terms = key.Terms.Rotated(key.Secret, rotate.PreviousUntil, rotate.ExpiresAt),
                        }
                    );
                return true;
            case CreateSdkKey create:
                CreateKey(workspace, create, pointer);
                return true;
            case RevokeToken or RevokeSdkKey:
                Existing<Resource>(workspace, operation, pointer);
                workspace.Delete(operation.Target(workspace.Project));
                return true;
            default:
                return false;
        }
    }

    /// <summary>What a difference between two states of a credential means; <see langword="null"/> for other resources.</summary>
    public static Flags.Differences.SemanticChange? Compare(Resource? before, Resource? after) =>
        (before, after) switch
        {
            (null, Token token) => new("key.created", null, $"token {token.Id} {token.RolesInWords} created"),
            (Token token, null) => new("key.revoked", null, $"token {token.Id} {token.RolesInWords} revoked"),
            (Token, Token token) => new("key.rotated", null, $"token {token.Id} {token.RolesInWords} has another secret"),
            (SdkKey, SdkKey key) => new(
                "key.rotated",
                key.Environment,
                $"SDK key {key.Id} for {key.Project}/{key.Environment} has another secret"
            ),
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

    private static T? Existing<T>(Workspace workspace, Operation operation, string pointer)
        where T : Resource
    {
        var name = operation.Target(workspace.Project);
        var found = workspace.Get<T>(name);
        if (found is null)
            workspace.Problems.Add(new FieldProblem(pointer, $"there is no {name}"));
        return found;
    }

    private static void CreateToken(Workspace workspace, CreateToken create, string pointer)
    {
        if (create.Owner is { } owner && !SubjectIds.IsId(owner))
            workspace.Problems.Add(
                new FieldProblem($"{pointer}/owner", "must be an id such as u_…: the log keeps it for ever, and no name")
            );
        var token = new Token(create.Id, create.Title, create.Roles, create.Subject, create.Secret)
        {
            Terms = new CredentialTerms(create.ExpiresAt),
            Scope = create.Scope,
            Owner = create.Owner,
        };
        if (token.Account is { } account)
            CheckAccount(workspace, token, account, pointer);
        else
            CheckRoles(workspace, token.Roles, pointer);
        workspace.Put(token);
    }

    private static void CheckRoles(Workspace workspace, Sequence<string> roles, string pointer)
    {
        if (roles.Count == 0)
            workspace.Problems.Add(new FieldProblem($"{pointer}/roles", "must have at least one role"));
        for (var i = 0; i < roles.Count; i++)
        {
            if (!RoleEditor.IsRole(workspace, roles[i]))
                workspace.Problems.Add(
                    new FieldProblem(
                        roles.Count == 1 ? $"{pointer}/role" : $"{pointer}/roles/{i}",
                        $"there is no role '{roles[i]}'"
                    )
                );
        }
    }

    // Whoever knows an account's secret counts as the person who answers for it: nobody else may.
    private static void CheckAccount(Workspace workspace, Token token, string id, string pointer)
    {
        var account = workspace.Get<ServiceAccount>(ServiceAccount.NameOf(id));
        if (account is null)
            workspace.Problems.Add(new FieldProblem($"{pointer}/serviceAccount", $"there is no {ServiceAccount.NameOf(id)}"));
        else if (account.Owner != token.Owner)
            workspace.Problems.Add(
                new FieldProblem(
                    $"{pointer}/serviceAccount",
                    $"{account.Owner} answers for it, who alone makes tokens of it; take it over first"
                )
            );
        if (token.Roles.Count > 0)
            workspace.Problems.Add(
                new FieldProblem($"{pointer}/roles", "must be empty: what a service account may do its assignments say")
            );
    }

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
            workspace.Put(
                new SdkKey(create.Id, create.Title, create.Project, create.Environment, environment.Id, create.Secret)
                {
                    Terms = new CredentialTerms(create.ExpiresAt),
                    ClientSide = create.ClientSide,
                }
            );
    }
}
