using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Changes.Gating;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;
using Halyard.Server.Management;

namespace Halyard.Server.Gates;

/// <summary>Promotion gates: read, put in force, and asked before anybody tries them.</summary>
internal static class PromotionGateEndpoints
{
    private static readonly string[] Members = ["gates", "metrics", "reason", "ticket", "incident"];

    public static void MapPromotionGates(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/promotion-gates", OneAsync)
            .WithName("getPromotionGates")
            .WithSummary("The promotion gates in force, or those that ship where nobody put any in force.")
            .Reads("promotion-gates.read")
            .Produces<PromotionGatesAnswer>();
        routes
            .MapPut("/promotion-gates", ReplaceAsync)
            .WithName("putPromotionGates")
            .WithSummary("Puts promotion gates in force in the place of all that are; without gates those that ship.")
            .Writes<PromotionGatesBody>();
        routes
            .MapGet("/projects/{project}/flags/{flag}/gates", OfFlagAsync)
            .WithName("getFlagGates")
            .WithSummary("What stands in the way of promoting a flag from one environment to another, in words.")
            .ReadsVisible("flag.read")
            .Produces<FlagGatesAnswer>();
    }

    private static async Task<IResult> OneAsync(HttpContext context, ProjectReader reader)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var found = await reader.FindAsync(context.Caller().Actor.Tenant, PromotionGates.Place, context.RequestAborted);
        var gates = found?.Resource as PromotionGates;
        return TypedResults.Json(
            new PromotionGatesAnswer(
                gates is not null,
                found?.Revision ?? 0,
                [.. (gates?.Gates ?? [.. PromotionGate.Shipped]).Select(CheckAnswers.Of)],
                gates?.Metrics
            ),
            ContractJson.Wire.PromotionGatesAnswer
        );
    }

    private static Task<IResult> ReplaceAsync(HttpContext context, Submissions submissions) =>
        GoverningWrites.SubmitAsync(
            context,
            Members,
            SetPromotionGates.WireName,
            json => new SetPromotionGates(
                PromotionGates.ReadGates(json),
                json.NullableString("metrics", Limits.Identifier, minLength: 1)
            ),
            submissions
        );

    private static async Task<IResult> OfFlagAsync(
        HttpContext context,
        string project,
        string flag,
        GateReader gates,
        ProjectReader reader
    )
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "from", "to");
        var (from, to) = (Named(context, "from", problems), Named(context, "to", problems));
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var tenant = context.Caller().Actor.Tenant;
        var seen = await reader.FindAsync(tenant, Flag.NameOf(project, flag), context.RequestAborted);
        if (seen is null || !context.Sees(seen.Resource))
            return Problems.NotFound("flag", flag);
        // What is kept back in an environment says no more than one that does not exist.
        var sight = await EnvironmentSight.OfAsync(context, reader, project, null);
        if (
            seen.Resource is not Flag shown
            || !sight.Shows(shown, from)
            || !sight.Shows(shown, to)
            || await gates.FindAsync(tenant, project, flag, from, context.RequestAborted) is not { } source
            || await gates.ReadAsync(tenant, project, flag, from, to, context.RequestAborted) is not { } view
        )
            return Problems.NotFound("environment", $"{from} or {to}");
        return TypedResults.Json(
            new FlagGatesAnswer(
                view.InForce,
                view.Blockers.Count == 0,
                view.Blockers,
                view.Approvals,
                [.. view.Approvers],
                source.Subject.Value.ToString(),
                source.Subject.Revision
            ),
            ContractJson.Wire.FlagGatesAnswer
        );
    }

    private static string Named(HttpContext context, string name, List<FieldProblem> problems)
    {
        var text = Paging.Text(context, name) ?? "";
        if (!JsonCursor.IsKey(text))
            problems.Add(new FieldProblem($"/{name}", "must be the key of an environment"));
        return text;
    }
}
