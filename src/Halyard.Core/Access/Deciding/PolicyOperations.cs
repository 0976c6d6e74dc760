using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Deciding;

/// <summary>Replaces the authorization policy.</summary>
/// <param name="Modules">Its files.</param>
/// <param name="RestoredRevision">The earlier revision whose files these are, 0 for the shipped one; <see langword="null"/> for a new policy.</param>
public sealed record SetPolicy(Sequence<PolicyModule> Modules, long? RestoredRevision = null) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => AuthorizationPolicy.Place;
}

/// <summary>Applies operations on the policy to a workspace. Pure.</summary>
public static class PolicyEditor
{
    /// <summary>Applies one operation; false where it belongs to another domain.</summary>
    public static bool Apply(Workspace workspace, Operation operation, string pointer)
    {
        if (operation is not SetPolicy set)
            return false;
        if (set is { RestoredRevision: { } revision, Modules.Count: 0 })
        {
            workspace.Problems.Add(new FieldProblem($"{pointer}/revision", $"the policy never had a revision {revision}"));
            return true;
        }
        // The policy that ships is in force where none ever took its place: to go back to it changes nothing.
        if (set.RestoredRevision == 0 && workspace.Get<AuthorizationPolicy>(AuthorizationPolicy.Place) is null)
            return true;
        if (!PolicyProgram.Compile(set.Modules, "candidate").TryGet(out _, out var error))
            workspace.Problems.AddRange(
                ((Error.Invalid)error).Problems.Select(problem => problem with { Pointer = pointer + problem.Pointer })
            );
        var id = workspace.Get<AuthorizationPolicy>(AuthorizationPolicy.Place)?.Id ?? workspace.NewId();
        workspace.Put(new AuthorizationPolicy(id, set.Modules));
        return true;
    }

    /// <summary>What a difference between two states means; <see langword="null"/> for other resources.</summary>
    public static SemanticChange? Compare(Resource? before, Resource? after) =>
        (before, after) switch
        {
            (null, AuthorizationPolicy now) => new("policy.created", null, $"the policy that ships replaced by {Files(now)}"),
            (AuthorizationPolicy was, AuthorizationPolicy now) when was != now => new(
                "policy.updated",
                null,
                $"policy replaced: {Files(now)}"
            ),
            _ => null,
        };

    private static string Files(AuthorizationPolicy policy) =>
        string.Join(", ", policy.Modules.Select(module => ChangeList.Quote(module.Name)));
}
