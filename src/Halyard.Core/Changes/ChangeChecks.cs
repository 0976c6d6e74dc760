using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes;

/// <summary>
/// What policies are asked about a change: every resource it touches, in every environment it reaches there, and what it means
/// there. All of it must be allowed.
/// </summary>
internal static class ChangeChecks
{
    /// <summary>The action of changes of projects, which is asked about by what the change means.</summary>
    private const string Submit = Actions.Submit;

    /// <summary>Of edits: what each means where.</summary>
    public static IReadOnlyList<Check> Of(Workspace workspace, Actor actor, Change change, StepEdits step, Impact impact)
    {
        var checks = new List<Check>(step.Edits.Count);
        for (var i = 0; i < step.Edits.Count; i++)
        {
            var edit = step.Edits[i];
            var environments = step.Edits.Count == 1 ? impact.Environments : Reached(workspace, edit, impact);
            foreach (var resource in ResourcesOf(edit))
                Add(checks, change, resource, step.Meanings[i], environments);
            if (HandedOver.IsMore(edit, actor))
                checks.Add(new Check([Actions.Assign], ResourceAttributes.Of("assignment", "")));
        }
        return checks;
    }

    /// <summary>Where one of several edits reaches. Types are those of the whole change: it cannot first declare an environment harmless.</summary>
    private static List<ProjectEnvironment> Reached(Workspace workspace, ResourceEdit edit, Impact impact)
    {
        var reached = ImpactSet.Of(workspace, [edit]);
        var keys = reached.Environments.Select(environment => environment.Key).ToHashSet(StringComparer.Ordinal);
        return [.. impact.Environments.Where(environment => keys.Contains(environment.Key))];
    }

    /// <summary>Of something that touches no resource: what was asked for, on the project or the tenant.</summary>
    public static IReadOnlyList<Check> Of(string action, string project) =>
        [new Check([action], ResourceAttributes.Of(Question.KindOf(action), project))];

    /// <summary>Of a change that was refused before its effects were known.</summary>
    public static IReadOnlyList<Check> Partial(string action, string project) =>
        [new Check([action], ResourceAttributes.Of(Question.KindOf(action), project), IsPartial: true)];

    private static void Add(
        List<Check> checks,
        Change change,
        ResourceAttributes resource,
        IReadOnlyList<SemanticChange> meanings,
        IReadOnlyList<ProjectEnvironment> environments
    )
    {
        if (environments.Count == 0)
            checks.Add(new Check(ActionsOf(change, meanings), resource));
        for (var i = 0; i < environments.Count; i++)
        {
            var environment = environments[i];
            var actions = ActionsOf(change, Among(meanings, environment.Key));
            if (actions.Count > 0)
                checks.Add(new Check(actions, resource.In(environment.Key, environment.Type)));
        }
    }

    /// <summary>What is meant in one environment.</summary>
    private static IReadOnlyList<SemanticChange> Among(IReadOnlyList<SemanticChange> meanings, string environment)
    {
        // Nearly always one, and meant there.
        if (meanings is [var only] && IsMeantIn(only, environment))
            return meanings;
        return [.. meanings.Where(meaning => IsMeantIn(meaning, environment))];
    }

    private static bool IsMeantIn(SemanticChange meaning, string environment) =>
        meaning.Environment is null || meaning.Environment == environment;

    private static Sequence<string> ActionsOf(Change change, IReadOnlyList<SemanticChange> meanings) =>
        change.Action != Submit ? [change.Action]
        : meanings is [var only] ? [only.Action]
        : meanings.Select(meaning => meaning.Action).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToSequence();

    /// <summary>
    /// The resource as it was and, where that makes a difference to policies, as it becomes: nobody takes away the tag that forbids,
    /// or gives himself the one that allows.
    /// </summary>
    private static IEnumerable<ResourceAttributes> ResourcesOf(ResourceEdit edit)
    {
        if (edit is { Name.Kind: ResourceKind.Flag, Before.Resource: var before, After: { } after })
        {
            var (was, becomes) = (ResourceAttributes.Of(before), ResourceAttributes.Of(after));
            return was == becomes ? [was] : [was, becomes];
        }
        var states = new[] { edit.Before?.Resource, edit.After }.OfType<Resource>();
        return states.SelectMany(AttributesOf).Distinct();
    }

    private static IEnumerable<ResourceAttributes> AttributesOf(Resource resource) =>
        resource switch
        {
            // Who may assign roles in one project may do so for that project alone.
            Assignment { Scope.Projects: { Count: > 0 } projects } => projects.Select(project =>
                ResourceAttributes.Of("assignment", project, resource.Name.Key)
            ),
            // The environment stands beside the resource: its type is that of the whole change.
            ProjectEnvironment => [ResourceAttributes.Of("environment", resource.Name.Project, resource.Name.Key)],
            SdkKey => [ResourceAttributes.Of(resource)],
            _ => [ResourceAttributes.Of(resource)],
        };
}
