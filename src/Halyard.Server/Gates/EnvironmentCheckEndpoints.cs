using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;
using Halyard.Server.Management;

namespace Halyard.Server.Gates;

/// <summary>Environment checks: defined, listed, and deleted.</summary>
internal static class EnvironmentCheckEndpoints
{
    private static readonly string[] Wrapping = ["reason", "ticket", "incident"];
    private static readonly string[] UpdateMembers = [.. CheckJson.Members, .. Wrapping];
    private static readonly string[] CreateMembers = [.. UpdateMembers, "key"];

    public static void MapEnvironmentChecks(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/checks", ListAsync)
            .WithName("listEnvironmentChecks")
            .WithSummary("The environment checks in key order; those that ship and nobody gave a source come last.")
            .Reads("check.read")
            .Produces<Page<EnvironmentCheckAnswer>>();
        routes
            .MapPost("/checks", CreateAsync)
            .WithName("createEnvironmentCheck")
            .WithSummary("Defines a check, or says where the evidence of one that ships comes from.")
            .Writes<EnvironmentCheckBody>();
        routes
            .MapPut("/checks/{check}", UpdateAsync)
            .WithName("updateEnvironmentCheck")
            .WithSummary("Replaces a check's settings; evidence from before says nothing any more.")
            .Writes<EnvironmentCheckBody>();
        routes
            .MapDelete("/checks/{check}", DeleteAsync)
            .WithName("deleteEnvironmentCheck")
            .WithSummary("Deletes a check that no policy and no gate names.")
            .Writes<ReasonBody>();
        routes.MapEvidence();
    }

    private static async Task<IResult> ListAsync(HttpContext context, ProjectReader reader)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "limit", "cursor");
        var limit = Paging.Limit(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var tenant = context.Caller().Actor.Tenant;
        var (items, next) = await reader.ListAsync(
            tenant,
            ResourceKind.Check,
            "",
            _ => true,
            Paging.Text(context, "cursor"),
            limit,
            context.RequestAborted
        );
        var answers = items.Select(CheckAnswers.Of).ToList();
        if (next is null)
        {
            foreach (var key in CheckAnswers.Shipped)
            {
                if (await reader.FindAsync(tenant, CheckDefinition.NameOf(key), context.RequestAborted) is null)
                    answers.Add(CheckAnswers.OfShipped(key));
            }
        }
        return TypedResults.Json(new Page<EnvironmentCheckAnswer>(answers, next), ContractJson.Wire.PageEnvironmentCheckAnswer);
    }

    private static Task<IResult> CreateAsync(HttpContext context, Submissions submissions, CheckOptions options) =>
        GoverningWrites.SubmitAsync(
            context,
            CreateMembers,
            CreateCheck.WireName,
            json => new CreateCheck(json.RequiredKey("key"), ReadSettings(json, options)),
            submissions
        );

    private static Task<IResult> UpdateAsync(HttpContext context, string check, Submissions submissions, CheckOptions options) =>
        GoverningWrites.SubmitAsync(
            context,
            UpdateMembers,
            UpdateCheck.WireName,
            json => new UpdateCheck(check, ReadSettings(json, options)),
            submissions
        );

    private static Task<IResult> DeleteAsync(HttpContext context, string check, Submissions submissions) =>
        GoverningWrites.SubmitAsync(context, Wrapping, DeleteCheck.WireName, _ => new DeleteCheck(check), submissions);

    private static CheckSettings ReadSettings(JsonCursor json, CheckOptions options)
    {
        var settings = CheckJson.ReadSettings(json);
        if (Uri.TryCreate(settings.Target, UriKind.Absolute, out var address) && !options.Allows(address))
            json["target"].Problem("must be on a host that the operator allows (Halyard:Checks:AllowedHosts)");
        return settings;
    }
}
