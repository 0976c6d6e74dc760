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
        var checks = new List<Check>();
        for (var i = 0; i < step.Edits.Count; i++)
        {
            var edit = step.Edits[i];
            // Types are those of the whole change: it cannot first declare an environment harmless.
            var reached = step.Edits.Count == 1 ? impact : ImpactSet.Of(workspace, [edit]);
            var keys = reached.Environments.Select(environment => environment.Key).ToHashSet(StringComparer.Ordinal);
            var environments = impact.Environments.Where(environment => keys.Contains(environment.Key)).ToList();
            foreach (var resource in ResourcesOf(edit))
                checks.AddRange(Of(change, resource, step.Meanings[i], environments));
            if (HandedOver.IsMore(edit, actor))
                checks.Add(new Check([Actions.Assign], ResourceAttributes.Of("assignment", "")));
        }
        return checks;
    }

    /// <summary>Of something that touches no resource: what was asked for, on the project or the tenant.</summary>
    public static IReadOnlyList<Check> Of(string action, string project) =>
        [new Check([action], ResourceAttributes.Of(Question.KindOf(action), project))];

    /// <summary>Of a change that was refused before its effects were known.</summary>
    public static IReadOnlyList<Check> Partial(string action, string project) =>
        [new Check([action], ResourceAttributes.Of(Question.KindOf(action), project), IsPartial: true)];

    private static IEnumerable<Check> Of(
        Change change,
        ResourceAttributes resource,
        IReadOnlyList<SemanticChange> meanings,
        List<ProjectEnvironment> environments
    )
    {
        if (environments.Count == 0)
            return [new Check(ActionsOf(change, meanings), resource)];
        return environments
            .Select(environment =>
                (
                    environment,
                    Actions: ActionsOf(
                        change,
                        meanings.Where(meaning => meaning.Environment is null || meaning.Environment == environment.Key)
                    )
                )
            )
            .Where(item => item.Actions.Count > 0)
            .Select(item => new Check(item.Actions, resource.In(item.environment.Key, item.environment.Type)));
    }

    private static Sequence<string> ActionsOf(Change change, IEnumerable<SemanticChange> meanings) =>
        change.Action == Submit
            ? meanings
                .Select(meaning => meaning.Action)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .ToSequence()
            : [change.Action];

    /// <summary>
    /// The resource as it was and, where that makes a difference to policies, as it becomes: nobody takes away the tag that forbids,
    /// or gives himself the one that allows.
    /// </summary>
    private static IEnumerable<ResourceAttributes> ResourcesOf(ResourceEdit edit)
    {
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
