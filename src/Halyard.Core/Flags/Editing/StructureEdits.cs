using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags.Editing;

/// <summary>Edits of tenants, projects, environments and segments.</summary>
internal static class StructureEdits
{
    public static bool TryApply(EditStep step, Operation operation)
    {
        switch (operation)
        {
            case CreateTenant create:
                if (step.IsFree(Tenant.NameOf(create.Tenant), "tenant"))
                    step.Workspace.Put(new Tenant(step.Workspace.NewId(), create.Tenant, create.Title));
                return true;
            case CreateProject create:
                if (step.IsFree(Project.NameOf(create.Project), "project"))
                    step.Workspace.Put(new Project(step.Workspace.NewId(), create.Project, create.Title, create.Description));
                return true;
            case UpdateProject update:
                Edit<Project>(
                    step,
                    "project",
                    project =>
                        project with
                        {
                            Title = update.Title ?? project.Title,
                            Description = update.Description ?? project.Description,
                        }
                );
                return true;
            case CreateEnvironment create:
                Create(step, create);
                return true;
            case UpdateEnvironment update:
                Edit<ProjectEnvironment>(
                    step,
                    "environment",
                    environment =>
                        environment with
                        {
                            Title = update.Title ?? environment.Title,
                            Type = update.Type ?? environment.Type,
                            Order = update.Order ?? environment.Order,
                            RiskLevel = update.RiskLevel ?? environment.RiskLevel,
                            EstimatedUsers = update.EstimatedUsers ?? environment.EstimatedUsers,
                        }
                );
                return true;
            case SetEnvironmentEnabled set:
                Edit<ProjectEnvironment>(step, "environment", environment => environment with { Enabled = set.Enabled });
                return true;
            case DeleteEnvironment:
                Edit<ProjectEnvironment>(step, "environment", _ => null);
                return true;
            case CreateSegment create:
                Create(step, create);
                return true;
            case UpdateSegment update:
                Edit<Segment>(step, "segment", segment => Updated(step, segment, update));
                return true;
            case DeleteSegment delete:
                CheckUnused(step, delete.Segment);
                Edit<Segment>(step, "segment", _ => null);
                return true;
            default:
                return false;
        }
    }

    private static void Edit<T>(EditStep step, string member, Func<T, T?> edit)
        where T : Resource
    {
        var name = step.Operation.Target(step.Workspace.Project);
        if (step.Existing<T>(name, member) is not { } found)
            return;
        step.CheckBase(name, step.Workspace.RevisionOf(name));
        if (edit(found) is { } edited)
            step.Workspace.Put(edited);
        else
            step.Workspace.Delete(name);
    }

    private static void Create(EditStep step, CreateEnvironment create)
    {
        var workspace = step.Workspace;
        if (!step.IsFree(create.Target(workspace.Project), "environment"))
            return;
        var last = workspace.Environments.Select(environment => environment.Order).DefaultIfEmpty(0).Max();
        workspace.Put(
            new ProjectEnvironment(
                workspace.NewId(),
                workspace.Project,
                create.Environment,
                create.Title,
                create.Type,
                create.Order ?? last + 1,
                true
            )
            {
                RiskLevel = create.RiskLevel,
                EstimatedUsers = create.EstimatedUsers,
            }
        );
    }

    private static void Create(EditStep step, CreateSegment create)
    {
        var workspace = step.Workspace;
        if (!step.IsFree(create.Target(workspace.Project), "segment"))
            return;
        var segment = new Segment(workspace.NewId(), workspace.Project, create.Definition, create.Title, create.Description);
        workspace.Put(segment);
        Check(step, segment);
    }

    private static Segment Updated(EditStep step, Segment segment, UpdateSegment update)
    {
        var edited = segment with
        {
            Title = update.Title ?? segment.Title,
            Description = update.Description ?? segment.Description,
            Definition = segment.Definition with
            {
                Includes = update.Includes ?? segment.Definition.Includes,
                Excludes = update.Excludes ?? segment.Definition.Excludes,
                Rules = update.Rules ?? segment.Definition.Rules,
            },
        };
        step.Workspace.Put(edited);
        Check(step, edited);
        return edited;
    }

    private static void Check(EditStep step, Segment segment)
    {
        step.AddDefinitionProblems(DefinitionRules.CheckSegment(segment.Definition), pointer => pointer);
        var own = segment.Definition.Key;
        var users = References.UsersOf(own, [.. step.Workspace.Segments]);
        var isSound = true;
        foreach (var (used, pointer) in References.PlacesOfSegments(segment.Definition))
        {
            var problem =
                users.Contains(used) ? $"segment '{own}' would contain itself"
                : step.Workspace.Get<Segment>(Segment.NameOf(segment.Project, used)) is null ? $"there is no segment '{used}'"
                : null;
            if (problem is null)
                continue;
            step.Problem(pointer[1..], problem);
            isSound = false;
        }
        if (isSound)
            CheckReach(step, own);
    }

    /// <summary>That the engine will follow the segments in segments: of this one, and of those that use it.</summary>
    private static void CheckReach(EditStep step, string own)
    {
        var now = step.Workspace.Segments.ToDictionary(
            segment => segment.Definition.Key,
            IReadOnlyCollection<string> (segment) =>
                [.. References.Segments(segment.Definition).Distinct(StringComparer.Ordinal)],
            StringComparer.Ordinal
        );
        var before = new Dictionary<string, IReadOnlyCollection<string>>(now, StringComparer.Ordinal) { [own] = [] };
        foreach (var (key, words) in ReferenceReach.NewProblems(before, now, "segments"))
            step.Problem("rules", $"segment '{key}' {words}");
    }

    private static void CheckUnused(EditStep step, string segment)
    {
        foreach (var flag in step.Workspace.Flags)
        {
            foreach (var environment in step.Workspace.Environments)
            {
                if (References.Segments(flag.In(environment).Settings).Contains(segment, StringComparer.Ordinal))
                    step.Problem("segment", $"flag '{flag.Definition.Key}' uses it in environment '{environment.Key}'");
            }
        }
        foreach (var other in step.Workspace.Segments)
        {
            if (References.Segments(other.Definition).Contains(segment, StringComparer.Ordinal))
                step.Problem("segment", $"segment '{other.Definition.Key}' uses it");
        }
    }
}
