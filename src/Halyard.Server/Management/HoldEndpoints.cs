using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Audit.Holds;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;

namespace Halyard.Server.Management;

/// <summary>Places, lists and releases legal holds.</summary>
internal static class HoldEndpoints
{
    private static readonly string[] Wrapping = ["reason", "ticket", "incident"];
    private static readonly string[] Members = ["key", "name", "subject", "from", "to", .. Wrapping];

    public static void MapHolds(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/holds", ListAsync)
            .WithName("listHolds")
            .WithSummary("The holds that stand, in key order.")
            .Reads("hold.read")
            .Produces<Page<HoldAnswer>>();
        routes
            .MapPost("/holds", PlaceAsync)
            .WithName("placeHold")
            .WithSummary(
                "Keeps the personal values of a subject from erasure, or the entries from one index to before another from purge."
            )
            .Writes<HoldBody>()
            .Produces<ChangeAnswer>();
        routes.MapDelete("/holds/{key}", ReleaseAsync).WithName("releaseHold").Writes<ReasonBody>().Produces<ChangeAnswer>();
    }

    private static async Task<IResult> ListAsync(HttpContext context, ProjectReader reader)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "limit", "cursor");
        var limit = Paging.Limit(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var tenant = context.Caller().Actor.Tenant;
        var cursor = Paging.Text(context, "cursor");
        var (items, next) = await reader.ListAsync(
            tenant,
            ResourceKind.Hold,
            "",
            _ => true,
            cursor,
            limit,
            context.RequestAborted
        );
        return Documents.Page(items, next);
    }

    private static async Task<IResult> PlaceAsync(HttpContext context, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            var json = body.Json;
            if (!json.IsObject(Members))
                return Problems.Of(body.Error!);
            IndexRange? range =
                json["from"].Exists || json["to"].Exists ? new(json.RequiredLong("from", 0), json.RequiredLong("to", 1)) : null;
            var operation = new PlaceHold(
                json.RequiredKey("key"),
                json.OptionalString("name", Limits.Identifier),
                json.NullableString("subject", Limits.Identifier, minLength: 1),
                range
            );
            return await SubmitAsync(context, submissions, body, operation, "hold.place");
        }
    }

    private static async Task<IResult> ReleaseAsync(HttpContext context, string key, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            return body.Json.IsObject(Wrapping)
                ? await SubmitAsync(context, submissions, body, new ReleaseHold(key), "hold.release")
                : Problems.Of(body.Error!);
        }
    }

    private static async Task<IResult> SubmitAsync(
        HttpContext context,
        Submissions submissions,
        Body body,
        Operation operation,
        string action
    )
    {
        var change = Change.Edit(
            "",
            [operation],
            body.Json.OptionalString("reason", Change.MaxReason, context.Request.Query["reason"].ToString()),
            body.Json.NullableString("ticket", Change.MaxReference, minLength: 1),
            body.Json.NullableString("incident", Change.MaxReference, minLength: 1),
            action
        );
        return body.Error is { } error ? Problems.Of(error) : await submissions.SubmitAsync(context, change, body.Canonical);
    }
}
