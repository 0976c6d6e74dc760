using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;

namespace Halyard.Server.Management;

/// <summary>Reads the flags of a project at a glance: what a list of thousands shows, a tenth of their documents.</summary>
internal static class FlagOverviewEndpoints
{
    private const int WholeShare = 100_000;

    public static void MapFlagOverview(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/projects/{project}/flag-overview", OverviewAsync)
            .WithName("overviewFlags")
            .WithSummary("The flags at a glance, in key order, with what they serve where they are on; the filters of listFlags.")
            .ReadsVisible("flag.read")
            .RecordsFlagViews()
            .Produces<Page<FlagGlanceAnswer>>();

    private static async Task<IResult> OverviewAsync(HttpContext context, string project, ProjectReader reader)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(
            context,
            problems,
            "limit",
            "cursor",
            "q",
            "tag",
            "owner",
            "status",
            "kind",
            "environment",
            "enabled",
            "segment"
        );
        var limit = Paging.Limit(context, problems);
        var filter = await FlagFilter.ReadAsync(context, reader, project, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var (tenant, cancelled) = (context.Caller().Actor.Tenant, context.RequestAborted);
        if (await reader.FindAsync(tenant, Project.NameOf(project), cancelled) is null)
            return Problems.NotFound("project", project);
        var places = await reader.ListAsync(tenant, ResourceKind.Environment, project, _ => true, null, int.MaxValue, cancelled);
        List<ProjectEnvironment> environments = [.. places.Items.Select(view => (ProjectEnvironment)view.Resource)];
        var sight = await EnvironmentSight.OfAsync(context, reader, project, null);
        var (items, next) = await reader.ListAsync(
            tenant,
            ResourceKind.Flag,
            project,
            resource => context.Sees(resource) && filter.Matches(resource, sight),
            Paging.Text(context, "cursor"),
            limit,
            cancelled
        );
        return TypedResults.Json(
            new Page<FlagGlanceAnswer>([.. items.Select(view => Glance(view, environments, sight))], next),
            ContractJson.Wire.PageFlagGlanceAnswer
        );
    }

    private static FlagGlanceAnswer Glance(ResourceView view, List<ProjectEnvironment> environments, EnvironmentSight sight)
    {
        var flag = (Flag)view.Resource;
        return new FlagGlanceAnswer
        {
            Key = flag.Name.Key,
            Name = flag.Title,
            Type = WireNames.Of(flag.Definition.Type),
            Kind = WireNames.Of(flag.Kind),
            Status = WireNames.Of(flag.Definition.Status),
            Owner = flag.Owner,
            Tags = [.. flag.Tags],
            On = environments
                .Select(environment => (environment.Key, flag.In(environment).Settings))
                .Where(item => item.Settings.Enabled && sight.Shows(flag, item.Key))
                .ToDictionary(item => item.Key, item => Glance(item.Settings), StringComparer.Ordinal),
            Revision = view.Revision,
            UpdatedAt = view.UpdatedAt,
        };
    }

    private static ServedGlanceAnswer Glance(FlagEnvironment settings)
    {
        var served = settings.Fallthrough;
        return new ServedGlanceAnswer(
            served.Variant,
            served.Rollout is { } rollout ? Share(rollout, settings.OffVariant) : null,
            settings.Rules.Count,
            settings.Overrides.Count
        );
    }

    /// <summary>The share of users who get something else than the off variant, where no rule or override says otherwise.</summary>
    private static int Share(Rollout rollout, string off)
    {
        var total = rollout.Weights.Sum(weight => (long)weight.Weight) + rollout.Remainder;
        var on = rollout.Weights.Where(weight => weight.Variant != off).Sum(weight => (long)weight.Weight);
        return (int)(on * WholeShare / total);
    }
}
