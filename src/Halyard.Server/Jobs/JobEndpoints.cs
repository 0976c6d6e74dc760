using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Changes;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;
using Halyard.Server.Authentication;
using Halyard.Server.Management;

namespace Halyard.Server.Jobs;

/// <summary>Shows jobs and stops them. What starts one belongs to the capability that it works for.</summary>
internal static class JobEndpoints
{
    private const string CancelAction = "job.cancel";
    private static readonly string[] CancelMembers = ["reason", "ticket", "incident"];

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/jobs", ListAsync)
            .WithName("listJobs")
            .WithSummary("Jobs, newest first.")
            .Reads("job.read")
            .Produces<Page<JobAnswer>>();
        routes
            .MapGet("/jobs/{job}", OneAsync)
            .WithName("getJob")
            .WithSummary("One job: how far it is, or what came of it.")
            .Reads("job.read")
            .Produces<JobAnswer>();
        routes
            .MapPost("/jobs/{job}/cancel", CancelAsync)
            .WithName("cancelJob")
            .WithSummary("Tells a job to stop; one that has ended stays as it is.")
            .Writes<ReasonBody>()
            .Produces<JobRequestAnswer>();
    }

    /// <summary>A job on the wire.</summary>
    public static JobAnswer Answer(JobState job) =>
        new()
        {
            Id = job.Id,
            Kind = job.Kind,
            Status = WireNames.Of(job.Status),
            Done = job.Done,
            Total = job.Total,
            StartedBy = job.Subject,
            Entry = job.Entry,
            Created = job.Created,
            Started = job.Started,
            Ended = job.Ended,
            Stopping = job is { Stop: true, Ended: null },
            Outcome = job.Ended is null ? null : job.End?.Words,
            Code = job.Ended is null ? null : job.End?.Code,
            Parameters = job.Parameters,
            Result = job.Ended is null ? null : job.End?.Result,
        };

    private static async Task<IResult> ListAsync(HttpContext context, JobTable table)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "limit", "cursor");
        var limit = Paging.Limit(context, problems);
        var before = Paging.Index(context, "cursor", problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var jobs = await table.NewestAsync(context.Caller().Actor.Tenant, before, limit + 1, context.RequestAborted);
        var page = new Page<JobAnswer>(
            [.. jobs.Take(limit).Select(Answer)],
            jobs.Count > limit ? $"{jobs[limit - 1].Entry}" : null
        );
        return TypedResults.Json(page, ContractJson.Wire.PageJobAnswer);
    }

    private static async Task<IResult> OneAsync(HttpContext context, string job, JobTable table)
    {
        var found = await table.FindAsync(context.Caller().Actor.Tenant, job, context.RequestAborted);
        return found is null
            ? Problems.NotFound("job", job)
            : TypedResults.Json(Answer(found.State), ContractJson.Wire.JobAnswer);
    }

    private static async Task<IResult> CancelAsync(
        HttpContext context,
        string job,
        ChangeService changes,
        JobTable table,
        JobRunner runner,
        Submissions submissions
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(CancelMembers))
                return Problems.Of(body.Error!);
            var caller = context.Caller();
            // Whoever may not stop a job does not learn either which there are.
            if (
                await changes.AuthorizeAsync(caller.Actor, caller.Request, CancelAction, "", context.RequestAborted) is { } denied
            )
                return Problems.Of(denied);
            var tenant = caller.Actor.Tenant;
            if (await table.FindAsync(tenant, job, context.RequestAborted) is not { } found)
                return Problems.NotFound("job", job);
            if (found.State.Ended is not null)
                return Answer(found.State, null, StatusCodes.Status200OK);
            var details = new CanonicalWriter().StartObject().Name("id").String(job).EndObject().ToArray();
            var told = new ChangeEvent("job.cancelled", $"job '{found.State.Kind}' was told to stop") { Details = details };
            var change = body.Record(CancelAction, told);
            if (body.Error is { } invalid)
                return Problems.Of(invalid);
            var result = await submissions.RunAsync(context, change, body.Canonical);
            if (!result.TryGet(out var outcome, out var error))
                return Problems.Of(error);
            if (outcome is not Outcome.Applied applied)
                return Submissions.Answer(outcome);
            await table.StopAsync(tenant, job, context.RequestAborted);
            runner.Wake();
            var now = await table.FindAsync(tenant, job, context.RequestAborted);
            return Answer(now!.State, applied.Receipt, StatusCodes.Status200OK);
        }
    }

    /// <summary>The answer to what started or stopped a job.</summary>
    public static IResult Answer(JobState job, Core.Storage.Receipt? receipt, int status) =>
        TypedResults.Json(
            new JobRequestAnswer(Answer(job), receipt is null ? null : Submissions.Receipt(receipt)),
            ContractJson.Wire.JobRequestAnswer,
            statusCode: status
        );
}
