using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;

namespace Halyard.Server.Management;

/// <summary>Reads projects, environments, segments and flags, as they are or as they were.</summary>
internal static class ProjectEndpoints
{
    public static void MapProjects(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/me", MeAsync)
            .WithName("me")
            .WithSummary("Who the credential belongs to, and what it may do.")
            .Reads("me.read")
            .Produces<MeAnswer>();
        routes
            .MapGet(
                "/projects",
                (HttpContext context, ProjectReader reader, Reveals reveals) =>
                    ListAsync(context, reader, reveals, ResourceKind.Project, "")
            )
            .WithName("listProjects")
            .ReadsVisible("project.read")
            .Produces<Page<ProjectAnswer>>();
        routes
            .MapGet(
                "/projects/{project}",
                (HttpContext context, string project, ProjectReader reader, Reveals reveals) =>
                    OneAsync(context, reader, reveals, "", Project.NameOf(project))
            )
            .WithName("getProject")
            .ReadsVisible("project.read")
            .Produces<ProjectAnswer>();
        routes
            .MapGet(
                "/projects/{project}/environments",
                (HttpContext context, string project, ProjectReader reader, Reveals reveals) =>
                    ListAsync(context, reader, reveals, ResourceKind.Environment, project)
            )
            .WithName("listEnvironments")
            .WithSummary("The environments, in key order; ?at= gives them as they were.")
            .ReadsVisible("environment.read")
            .Produces<Page<EnvironmentAnswer>>();
        routes
            .MapGet(
                "/projects/{project}/environments/{environment}",
                (HttpContext context, string project, string environment, ProjectReader reader, Reveals reveals) =>
                    OneAsync(context, reader, reveals, project, ProjectEnvironment.NameOf(project, environment))
            )
            .WithName("getEnvironment")
            .ReadsVisible("environment.read")
            .Produces<EnvironmentAnswer>();
        routes
            .MapGet(
                "/projects/{project}/segments",
                (HttpContext context, string project, ProjectReader reader, Reveals reveals) =>
                    ListAsync(context, reader, reveals, ResourceKind.Segment, project)
            )
            .WithName("listSegments")
            .ReadsVisible("segment.read")
            .Produces<Page<SegmentAnswer>>();
        routes
            .MapGet(
                "/projects/{project}/segments/{segment}",
                (HttpContext context, string project, string segment, ProjectReader reader, Reveals reveals) =>
                    OneAsync(context, reader, reveals, project, Segment.NameOf(project, segment))
            )
            .WithName("getSegment")
            .ReadsVisible("segment.read")
            .Produces<SegmentAnswer>();
        routes
            .MapGet("/projects/{project}/flags", FlagsAsync)
            .WithName("listFlags")
            .WithSummary(
                "The flags, in key order; filters q, tag, owner, status, kind, environment with enabled; ?at= gives them as they were."
            )
            .ReadsVisible("flag.read")
            .RecordsFlagViews()
            .Produces<Page<FlagAnswer>>();
        routes
            .MapGet(
                "/projects/{project}/flags/{flag}",
                (HttpContext context, string project, string flag, ProjectReader reader, Reveals reveals) =>
                    OneAsync(context, reader, reveals, project, Flag.NameOf(project, flag))
            )
            .WithName("getFlag")
            .WithSummary("One flag with all its environments; ?at= gives it as it was.")
            .ReadsVisible("flag.read")
            .RecordsFlagViews()
            .Produces<FlagAnswer>();
    }

    private static async Task<IResult> MeAsync(HttpContext context, ChangeService changes, IStore store)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "action");
        var named = context.Request.Query["action"].OfType<string>().ToHashSet(StringComparer.Ordinal);
        problems.AddRange(
            named
                .Where(action => !Actions.Exists(action))
                .Select(_ => new FieldProblem("/action", "is no action that a policy can be asked about"))
        );
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var actor = context.Caller().Actor;
        // Each is a question to the policy, and, where OPA is asked, a request.
        List<string> asked = [.. Actions.All.Where(action => named.Count == 0 || named.Contains(action))];
        var kinds = new Dictionary<string, PlanKind>(StringComparer.Ordinal);
        foreach (var action in asked)
            kinds[action] = (await changes.MayAsync(actor, action, "", context.RequestAborted)).Kind;
        // In an emergency the policy's word is not enough.
        if (kinds.ContainsKey(Actions.Bypass) || kinds.ContainsKey(Actions.ConfirmBypass))
        {
            foreach (var action in await changes.BeyondRolesAsync(actor, context.RequestAborted))
                kinds[action] = PlanKind.Never;
        }
        var names = await SubjectNames.ReadAsync(store, actor.Tenant, [actor.Subject], context.RequestAborted);
        return TypedResults.Json(
            new MeAnswer(
                actor.Tenant,
                actor.Subject,
                WireNames.Of(actor.Kind),
                [.. actor.Roles],
                actor.Credential,
                [.. asked.Where(action => kinds[action] == PlanKind.Always)],
                [.. asked.Where(action => kinds[action] == PlanKind.When)]
            )
            {
                Name = names.GetValueOrDefault(actor.Subject),
            },
            ContractJson.Wire.MeAnswer
        );
    }

    private static async Task<IResult> OneAsync(
        HttpContext context,
        ProjectReader reader,
        Reveals reveals,
        string project,
        ResourceName name
    )
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "at", Reveals.Parameter);
        var at = Paging.Time(context, "at", problems);
        var reveal = reveals.IsAsked(context, at, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var tenant = context.Caller().Actor.Tenant;
        var view = at is null
            ? await reader.FindAsync(tenant, name, context.RequestAborted)
            : (await reader.AtAsync(tenant, name.Kind, project, at.Value, reveal, context.RequestAborted)).FirstOrDefault(item =>
                item.Resource.Name == name
            );
        if (view is null || !context.Sees(view.Resource))
            return Problems.NotFound(name.Kind.Name(), name.Key);
        if (reveal && await reveals.RecordAsync(context, project, at!.Value, [name]) is { } refusal)
            return refusal;
        var sight = name.Kind == ResourceKind.Flag ? await EnvironmentSight.OfAsync(context, reader, project, at) : null;
        return Documents.One(context, view, sight);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context,
        ProjectReader reader,
        Reveals reveals,
        ResourceKind kind,
        string project
    )
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "at", "limit", "cursor", Reveals.Parameter);
        return await PageAsync(context, (reader, reveals), kind, project, _ => true, problems);
    }

    private static async Task<IResult> FlagsAsync(HttpContext context, string project, ProjectReader reader, Reveals reveals)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(
            context,
            problems,
            "at",
            "limit",
            "cursor",
            "q",
            "tag",
            "owner",
            "status",
            "kind",
            "environment",
            "enabled",
            "segment",
            Reveals.Parameter
        );
        var filter = await FlagFilter.ReadAsync(context, reader, project, problems);
        var sight = await EnvironmentSight.OfAsync(context, reader, project, Paging.Time(context, "at", []));
        return await PageAsync(
            context,
            (reader, reveals),
            ResourceKind.Flag,
            project,
            resource => filter.Matches(resource, sight),
            problems,
            sight
        );
    }

    private static async Task<IResult> PageAsync(
        HttpContext context,
        (ProjectReader Projects, Reveals Reveals) read,
        ResourceKind kind,
        string project,
        Func<Resource, bool> matches,
        List<FieldProblem> problems,
        EnvironmentSight? sight = null
    )
    {
        var limit = Paging.Limit(context, problems);
        var at = Paging.Time(context, "at", problems);
        var reveal = read.Reveals.IsAsked(context, at, problems);
        var reader = read.Projects;
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var tenant = context.Caller().Actor.Tenant;
        var cursor = Paging.Text(context, "cursor");
        if (project.Length > 0 && await reader.FindAsync(tenant, Project.NameOf(project), context.RequestAborted) is null)
            return Problems.NotFound("project", project);
        if (at is null)
        {
            var (items, next) = await reader.ListAsync(
                tenant,
                kind,
                project,
                resource => context.Sees(resource) && matches(resource),
                cursor,
                limit,
                context.RequestAborted
            );
            return Documents.Page(items, next, sight: sight);
        }
        var past = (await reader.AtAsync(tenant, kind, project, at.Value, reveal, context.RequestAborted))
            .Where(view => context.Sees(view.Resource) && matches(view.Resource))
            .Where(view => cursor is null || string.CompareOrdinal(view.Resource.Name.Key, cursor) > 0)
            .Take(limit + 1)
            .ToList();
        List<ResourceName> shown = [.. past.Take(limit).Select(view => view.Resource.Name)];
        if (reveal && await read.Reveals.RecordAsync(context, project, at.Value, shown) is { } refusal)
            return refusal;
        var last = past.Count > limit ? past[limit - 1].Resource.Name.Key : null;
        return Documents.Page(past.Take(limit), last, sight: sight);
    }
}
