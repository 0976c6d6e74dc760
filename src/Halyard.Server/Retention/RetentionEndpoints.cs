using System.Globalization;
using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Audit.Retention;
using Halyard.Core.Changes;
using Halyard.Core.Reading;
using Halyard.Server.Authentication;
using Halyard.Server.Jobs;
using Halyard.Server.Management;

namespace Halyard.Server.Retention;

/// <summary>How long the log is kept: shown and said.</summary>
internal static class RetentionEndpoints
{
    private static readonly string[] Wrapping = ["reason", "ticket", "incident"];
    private static readonly string[] Members = [.. RetentionJson.Members, .. Wrapping];

    public static void MapRetention(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/retention", OneAsync)
            .WithName("getRetention")
            .WithSummary("How long the log is kept. Nothing is archived and nothing purged until somebody says so.")
            .Reads("retention.read")
            .Produces<RetentionAnswer>();
        routes
            .MapPut("/retention", SetAsync)
            .WithName("setRetention")
            .WithSummary("Says from which age on entries are archived, and from which on archived ones are purged.")
            .Writes<RetentionBody>()
            .Produces<ChangeAnswer>();
        routes
            .MapPost("/retention/runs", RunAsync)
            .WithName("runRetention")
            .WithSummary("Archives, and then purges, what the setting wants, as the server does once a day.")
            .Writes<ReasonBody>()
            .Produces<JobRequestAnswer>(202);
    }

    private static async Task<IResult> OneAsync(HttpContext context, ProjectReader reader)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var view = await reader.FindAsync(context.Caller().Actor.Tenant, LogRetention.Place, context.RequestAborted);
        var policy = (view?.Resource as LogRetention)?.Policy ?? RetentionPolicy.KeepForEver;
        var revision = view?.Revision ?? 0;
        context.Response.Headers.ETag = $"\"{revision.ToString(CultureInfo.InvariantCulture)}\"";
        return TypedResults.Json(
            new RetentionAnswer(
                policy.ArchiveAfterDays,
                policy.RetentionDays,
                policy.MinimumDays.ToDictionary(minimum => minimum.Prefix, minimum => minimum.Days, StringComparer.Ordinal),
                revision
            ),
            ContractJson.Wire.RetentionAnswer
        );
    }

    private static async Task<IResult> RunAsync(HttpContext context, JobStarter starter)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            return body.Json.IsObject(Wrapping)
                ? await starter.StartAsync(
                    context,
                    body,
                    "retention.run",
                    ArchiveJob.Name,
                    "{}"u8.ToArray(),
                    "archive of the log"
                )
                : Problems.Of(body.Error!);
        }
    }

    private static async Task<IResult> SetAsync(HttpContext context, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            var json = body.Json;
            if (!json.IsObject(Members))
                return Problems.Of(body.Error!);
            var change = Change.Edit(
                "",
                [new SetRetention(RetentionJson.ReadPolicy(json))],
                json.OptionalString("reason", Change.MaxReason),
                json.NullableString("ticket", Change.MaxReference, minLength: 1),
                json.NullableString("incident", Change.MaxReference, minLength: 1),
                "retention.change"
            );
            return body.Error is { } error ? Problems.Of(error) : await submissions.SubmitAsync(context, change, body.Canonical);
        }
    }
}
