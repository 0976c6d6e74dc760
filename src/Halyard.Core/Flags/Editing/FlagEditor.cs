using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags.Editing;

/// <summary>Applies operations of the flag domain to a workspace. Pure: values in, values out.</summary>
public static class FlagEditor
{
    /// <summary>
    /// Applies one operation; what is wrong is added to the workspace's problems under <paramref name="pointer"/>.
    /// False where the operation belongs to another domain.
    /// </summary>
    public static bool Apply(Workspace workspace, Operation operation, string pointer)
    {
        var step = new EditStep(workspace, operation, pointer);
        switch (operation)
        {
            case CreateFlag create:
                FlagEdits.Create(step, create);
                return true;
            case ConfigurationOperation configuration:
                ConfigurationEdits.Apply(step, configuration);
                return true;
            case FlagOperation flag:
                FlagEdits.Apply(step, flag);
                return true;
            default:
                return StructureEdits.TryApply(step, operation);
        }
    }
}

/// <summary>One operation on its way into a workspace.</summary>
internal sealed record EditStep(Workspace Workspace, Operation Operation, string Pointer)
{
    public void Problem(string member, string message) =>
        Workspace.Problems.Add(new FieldProblem(member.Length == 0 ? Pointer : $"{Pointer}/{member}", message));

    /// <summary>The resource the operation edits; a problem where it does not exist.</summary>
    public T? Existing<T>(ResourceName name, string member)
        where T : Resource
    {
        var resource = Workspace.Get<T>(name);
        if (resource is null)
            Problem(member, $"there is no {name}");
        return resource;
    }

    /// <summary>
    /// Whether the name is free; a problem where it is not. A name is not free in the change that deletes it: the old resource's
    /// end and the new one's beginning are two revisions of two resources.
    /// </summary>
    public bool IsFree(ResourceName name, string member)
    {
        if (Workspace.Get<Resource>(name) is not null)
            Problem(member, $"there is a {name} already");
        else if (Workspace.Found<Resource>(name) is not null)
            Problem(member, $"{name} is deleted by this change; another change may create it anew");
        else
            return true;
        return false;
    }

    /// <summary>Records that the operation was based on a revision that what it touches has left behind.</summary>
    public void CheckBase(ResourceName name, long changedIn)
    {
        if (Operation.BaseRevision is not { } expected)
            return;
        var current = Workspace.RevisionOf(name);
        if (expected < changedIn || expected > current)
            Workspace.Stale.Add(new RevisionMismatch(name, expected, current));
    }

    /// <summary>Adds problems of the flag's rules, with their pointers moved to where the operation holds what is wrong.</summary>
    public void AddDefinitionProblems(IEnumerable<DefinitionProblem> problems, Func<string, string> locate)
    {
        foreach (var problem in problems)
            Workspace.Problems.Add(new FieldProblem(Pointer + locate(problem.Pointer), problem.Message));
    }
}
