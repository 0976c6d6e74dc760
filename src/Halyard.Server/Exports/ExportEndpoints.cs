using System.Net.Http.Headers;
using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Reading.Exporting;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;
using Halyard.Server.Authentication;
using Halyard.Server.Jobs;
using Halyard.Server.Management;
using Halyard.Server.Publishing;

namespace Halyard.Server.Exports;

/// <summary>Exports a part of the audit log as a job, and hands out its file and manifest.</summary>
internal static class ExportEndpoints
{
    private const string Action = "audit.export";
    private const int MaxRange = 100;

    private static readonly string[] Members = ["format", "from", "to", "filter", "bom", "reason", "ticket", "incident"];

    public static void MapExports(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/audit/exports", StartAsync)
            .WithName("startExport")
            .WithSummary("Starts an export of audit entries as CSV, JSON lines with proofs, or OCSF.")
            .Writes<ExportBody>()
            .Produces<JobRequestAnswer>(202);
        routes
            .MapGet("/audit/exports/{export}", OneAsync)
            .WithName("getExport")
            .WithSummary("The export's job, with the manifest as its result once it has finished.")
            .Reads("audit.read")
            .Produces<JobAnswer>();
        routes
            .MapGet("/audit/exports/{export}/manifest", ManifestAsync)
            .WithName("getExportManifest")
            .WithSummary("What the file holds and how to check it, as 'halyard verify-export' reads it.")
            .Reads("audit.read")
            .Produces(200, contentType: "application/json");
        routes
            .MapGet("/audit/exports/{export}/file", FileAsync)
            .WithName("getExportFile")
            .WithSummary("The file. Range goes on with a download that broke off; each download is in the log.")
            .SubmitsChange()
            .Produces(200, contentType: "text/csv")
            .Produces<Problem>(409, "application/problem+json")
            .Produces<Problem>(410, "application/problem+json");
    }

    private static async Task<IResult> StartAsync(
        HttpContext context,
        ChangeService changes,
        IStore store,
        ExportReader reader,
        PublishedReader published,
        PublishingService publishing,
        JobStarter starter
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            var caller = context.Caller();
            // Whoever may not export does not learn from a refusal how long the log is.
            if (await changes.AuthorizeAsync(caller.Actor, caller.Request, Action, "", context.RequestAborted) is { } denied)
                return Problems.Of(denied);
            if (!body.Json.IsObject(Members))
                return Problems.Of(body.Error!);
            var tenant = caller.Actor.Tenant;
            // The tree of a signed checkpoint where one can be had: it proves more than one that nobody signed.
            if (!body.Json["to"].Exists)
                await publishing.PublishNowAsync(tenant, context.RequestAborted);
            var head = await store.HeadAsync(tenant, context.RequestAborted);
            var plan = Plan(body.Json, head!);
            if (body.Error is { } error)
                return Problems.Of(error);
            var newest = await published.NewestAsync(tenant, context.RequestAborted);
            if (newest is { Size: var size } && size >= plan.To && size < plan.Size)
                plan = plan with { Size = size, Root = await reader.RootAsync(tenant, size, context.RequestAborted) };
            var words = $"export of entries {plan.From} to {plan.To} as {WireNames.Of(plan.Format)}";
            return await starter.StartAsync(context, body, Action, ExportJob.Name, plan.ToJson(), words);
        }
    }

    private static ExportPlan Plan(JsonCursor json, LogHead head)
    {
        var size = head.Range.Size;
        var format = json.RequiredEnum<ExportFormat>("format");
        var from = json.OptionalLong("from", head.Minimum, head.Minimum, size);
        var to = json.OptionalLong("to", size, from, size);
        var mark = json.OptionalBool("bom");
        if (mark && format != ExportFormat.Csv)
            json["bom"].Problem("is for csv alone");
        return new ExportPlan(head.Origin, format, from, to, size, head.Range.Root, mark, ExportFilter.Read(json["filter"]));
    }

    private static async Task<IResult> OneAsync(HttpContext context, string export, JobTable table) =>
        await FindAsync(context, export, table) is { } job
            ? TypedResults.Json(JobEndpoints.Answer(job), ContractJson.Wire.JobAnswer)
            : Problems.NotFound("export", export);

    private static async Task<IResult> ManifestAsync(HttpContext context, string export, JobTable table)
    {
        if (await FindAsync(context, export, table) is not { } job)
            return Problems.NotFound("export", export);
        return NotThere(job) is { } error
            ? Problems.Of(error)
            : TypedResults.Text(job.End!.Result!.Value.GetRawText(), "application/json; charset=utf-8");
    }

    private static async Task<IResult> FileAsync(
        HttpContext context,
        string export,
        ChangeService changes,
        JobTable table,
        ExportFolder folder,
        Reauthentication reauthentication
    )
    {
        var caller = context.Caller();
        if (reauthentication.Demand(caller.Actor, Action) is { } demand)
            return Problems.Of(demand);
        if (await changes.AuthorizeAsync(caller.Actor, caller.Request, Action, "", context.RequestAborted) is { } denied)
            return Problems.Of(denied);
        if (await FindAsync(context, export, table) is not { } job)
            return Problems.NotFound("export", export);
        if (NotThere(job) is { } error)
            return Problems.Of(error);
        var name = ExportJob.FileName(job);
#pragma warning disable CA2000 // The response disposes of it, whatever becomes of the answer.
        if (folder.Open(caller.Actor.Tenant, name) is not { } file)
#pragma warning restore CA2000
            return Problems.Of(new Error.Gone("The file is kept no longer; the same export may be started again."));
        context.Response.RegisterForDisposeAsync(file);
        var submission = new Submission(
            caller.Actor,
            caller.Request,
            Change.Record(Action, "", Downloaded(context, export, job))
        );
        var result = await changes.SubmitAsync(submission, context.RequestAborted);
        if (result is { Error: null, Value: Outcome.Applied })
            return TypedResults.Stream(
                file,
                EntryFormats.Of(ExportPlan.FromJson(job.Parameters)).MediaType,
                name,
                job.Ended,
                new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{Sha256(job)}\""),
                enableRangeProcessing: true
            );
        return result.Error is { } refused ? Problems.Of(refused) : Submissions.Answer(result.Value);
    }

    private static ChangeEvent Downloaded(HttpContext context, string export, JobState job)
    {
        var details = new CanonicalWriter().StartObject();
        details.Name("export").String(export);
        // As the caller wrote it, where it is one: part of a file is another thing than the whole.
        var range = context.Request.Headers.Range.ToString();
        if (range.Length is > 0 and <= MaxRange && RangeHeaderValue.TryParse(range, out var parsed))
            details.Name("range").String(parsed.ToString());
        details.Name("sha256").String(Sha256(job));
        return new ChangeEvent("log.viewed", "the file of an export was downloaded") { Details = details.EndObject().ToArray() };
    }

    private static string Sha256(JobState job) =>
        job.End!.Result!.Value.GetProperty("files")[0].GetProperty("sha256").GetString()!;

    private static Error? NotThere(JobState job) =>
        job switch
        {
            { Ended: null } => new Error.NotReady("The export has not ended."),
            { Status: not JobStatus.Finished } => new Error.Gone($"The export {WireNames.Of(job.Status)}; there is no file."),
            _ => null,
        };

    private static async ValueTask<JobState?> FindAsync(HttpContext context, string export, JobTable table)
    {
        var found = await table.FindAsync(context.Caller().Actor.Tenant, export, context.RequestAborted);
        return found?.State.Kind == ExportJob.Name ? found.State : null;
    }
}
