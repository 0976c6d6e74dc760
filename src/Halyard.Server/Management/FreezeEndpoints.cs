using System.Text.Json.Nodes;
using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;

namespace Halyard.Server.Management;

/// <summary>Creates, lists, replaces and deletes freezes.</summary>
internal static class FreezeEndpoints
{
    private static readonly string[] Wrapping = ["reason", "ticket", "incident"];
    private static readonly string[] UpdateMembers = [.. FreezeJson.Members, .. Wrapping];
    private static readonly string[] CreateMembers = [.. UpdateMembers, "key"];

    public static void MapFreezes(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/freezes", ListAsync)
            .WithName("listFreezes")
            .WithSummary("The freezes in key order, each with the span that holds now and the one that comes next.")
            .Reads("freeze.read")
            .Produces<Page<FreezeAnswer>>();
        routes
            .MapPost("/freezes", CreateAsync)
            .WithName("createFreeze")
            .WithSummary("Creates a freeze: times in which riskier changes need holders of the role freeze-approver.")
            .Writes<FreezeBody>();
        routes
            .MapPut("/freezes/{key}", UpdateAsync)
            .WithName("updateFreeze")
            .WithSummary("Replaces a freeze's settings; what is left out has its default.")
            .Writes<FreezeBody>();
        routes.MapDelete("/freezes/{key}", DeleteAsync).WithName("deleteFreeze").Writes<ReasonBody>();
    }

    private static async Task<IResult> ListAsync(HttpContext context, ProjectReader reader, FreezeAnswers answers)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "limit", "cursor");
        var limit = Paging.Limit(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var (items, next) = await reader.ListAsync(
            context.Caller().Actor.Tenant,
            ResourceKind.Freeze,
            "",
            _ => true,
            Paging.Text(context, "cursor"),
            limit,
            context.RequestAborted
        );
        return TypedResults.Json(answers.Page(items, next), ContractJson.Wire.PageFreezeAnswer);
    }

    private static Task<IResult> CreateAsync(HttpContext context, Submissions submissions, ITimeZones zones) =>
        WriteAsync(
            context,
            CreateMembers,
            json => new CreateFreeze(json.RequiredKey("key"), ReadSettings(json, zones)),
            "freeze.create",
            submissions
        );

    private static Task<IResult> UpdateAsync(HttpContext context, string key, Submissions submissions, ITimeZones zones) =>
        WriteAsync(
            context,
            UpdateMembers,
            json => new UpdateFreeze(key, ReadSettings(json, zones)),
            "freeze.update",
            submissions
        );

    private static Task<IResult> DeleteAsync(HttpContext context, string key, Submissions submissions) =>
        WriteAsync(context, Wrapping, _ => new DeleteFreeze(key), "freeze.delete", submissions);

    private static FreezeSettings ReadSettings(JsonCursor json, ITimeZones zones)
    {
        var settings = FreezeJson.ReadSettings(json);
        if (zones.Find(settings.Zone) is null)
            json["zone"].Problem("must be a time zone's IANA name, such as Europe/Berlin");
        return settings;
    }

    private static async Task<IResult> WriteAsync(
        HttpContext context,
        string[] members,
        Func<JsonCursor, Operation> read,
        string action,
        Submissions submissions
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(members))
                return Problems.Of(body.Error!);
            var change = Change.Edit(
                "",
                [FreezeOperationJson.Written(read(body.Json), JsonObject.Create(body.Json.Element)!)],
                body.Json.OptionalString("reason", Change.MaxReason, context.Request.Query["reason"].ToString()),
                body.Json.NullableString("ticket", Change.MaxReference, minLength: 1),
                body.Json.NullableString("incident", Change.MaxReference, minLength: 1),
                action
            );
            return body.Error is { } error ? Problems.Of(error) : await submissions.SubmitAsync(context, change, body.Canonical);
        }
    }
}
