using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Changes;
using Halyard.Core.Reading;
using Halyard.Server.Authentication;
using Halyard.Server.Management;

namespace Halyard.Server.Authorization;

/// <summary>Says from the ledger who could have changed a flag in an environment at a time.</summary>
internal static class WhoCouldEndpoints
{
    private const string Note =
        "Roles, assignments, tokens and policy are those in force at the time. Who belonged to a group, the identity provider alone knows. "
        + "Where a role asks for a ticket, an incident or a recent or strong log-in, these are taken as given.";

    public static void MapWhoCould(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/projects/{project}/flags/{flag}/who-could", WhoAsync)
            .WithName("whoCouldChangeFlag")
            .WithSummary("Who could have changed the flag in ?environment=, now or at ?at=, and what they could have done.")
            .Reads("assignment.read")
            .RecordsLogViews()
            .Produces<WhoCouldAnswer>();

    private static async Task<IResult> WhoAsync(
        HttpContext context,
        string project,
        string flag,
        WhoCould whoCould,
        ChangeService changes,
        TimeProvider time
    )
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "environment", "at");
        var at = Paging.Time(context, "at", problems) ?? time.GetUtcNow();
        var environment = Paging.Text(context, "environment") ?? "";
        if (environment.Length == 0)
            problems.Add(new FieldProblem("/environment", "is required"));
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var actor = context.Caller().Actor;
        var reads = await changes.MayAsync(actor, "flag.read", project, context.RequestAborted);
        var found = await whoCould.FindAsync(actor.Tenant, project, flag, environment, at, reads.Allows, context.RequestAborted);
        return found is null
            ? Problems.NotFound("flag", flag)
            : TypedResults.Json(
                new WhoCouldAnswer(
                    environment,
                    at,
                    [.. found.Select(who => new PossibleActorAnswer(who.Kind, who.Name, [.. who.Actions]))],
                    Note
                ),
                ContractJson.Wire.WhoCouldAnswer
            );
    }
}
