using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Reading.Compliance;
using Halyard.Core.Reading.Rollouts;
using Halyard.Server.Authentication;
using Halyard.Server.Management;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Halyard.Server.Reports;

/// <summary>Reports over the past of a flag: when it was on for whom and why, and how it was rolled out.</summary>
internal static class ReportEndpoints
{
    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/projects/{project}/flags/{flag}/compliance", ComplianceAsync)
            .WithName("getComplianceReport")
            .WithSummary(
                "When the flag was on in ?environment= for users with ?attribute=name:type:value (repeatable), in ?segment= or ?targetingKey=, by whom and why; ?from=, ?to= half-open; ?format=json, csv or html."
            )
            .Reads("audit.read")
            .RecordsLogViews()
            .Produces<ComplianceAnswer>();
        routes
            .MapGet("/projects/{project}/flags/{flag}/rollout-history", RolloutHistoryAsync)
            .WithName("getRolloutHistory")
            .WithSummary("The share of each variant in ?environment= over time; ?from=, ?to= half-open; ?format=json or csv.")
            .Reads("audit.read")
            .RecordsLogViews()
            .Produces<RolloutHistoryAnswer>();
    }

    private static async Task<IResult> ComplianceAsync(
        HttpContext context,
        string project,
        string flag,
        ComplianceReader reader,
        TimeProvider time
    )
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "environment", "from", "to", "format", "targetingKey", "attribute", "segment");
        var facts = ReportFacts.Read(context, problems);
        var format = ReportFormats.Read(context, problems, ReportFormat.Json, ReportFormat.Csv, ReportFormat.Html);
        var (environment, from, to) = Question(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var question = new ComplianceQuestion(project, flag, environment, facts.Context, from, to)
        {
            Segment = Paging.Text(context, "segment"),
        };
        var result = await reader.ReportAsync(context.Caller().Actor.Tenant, question, time.GetUtcNow(), context.RequestAborted);
        if (!result.TryGet(out var report, out var error))
            return Problems.Of(error);
        var answer = ReportAnswers.Of(report, question, facts);
        return format switch
        {
            ReportFormat.Csv => Csv(context, ReportCsv.Of(answer), $"compliance-{flag}.csv"),
            ReportFormat.Html => Page(context, CompliancePage.Of(answer)),
            _ => Json(context, TypedResults.Json(answer, ContractJson.Wire.ComplianceAnswer)),
        };
    }

    private static async Task<IResult> RolloutHistoryAsync(
        HttpContext context,
        string project,
        string flag,
        RolloutHistory history,
        TimeProvider time
    )
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "environment", "from", "to", "format");
        var format = ReportFormats.Read(context, problems, ReportFormat.Json, ReportFormat.Csv);
        var (environment, from, to) = Question(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var result = await history.ReportAsync(
            context.Caller().Actor.Tenant,
            (project, flag, environment),
            (from, to),
            time.GetUtcNow(),
            context.RequestAborted
        );
        if (!result.TryGet(out var report, out var error))
            return Problems.Of(error);
        var answer = ReportAnswers.Of(report, flag, environment);
        return format == ReportFormat.Csv
            ? Csv(context, ReportCsv.Of(answer), $"rollout-{flag}.csv")
            : Json(context, TypedResults.Json(answer, ContractJson.Wire.RolloutHistoryAnswer));
    }

    private static (string Environment, DateTimeOffset? From, DateTimeOffset? To) Question(
        HttpContext context,
        List<FieldProblem> problems
    )
    {
        var environment = Paging.Text(context, "environment") ?? "";
        if (environment.Length == 0)
            problems.Add(new FieldProblem("/environment", "is required"));
        var from = Paging.Time(context, "from", problems);
        var to = Paging.Time(context, "to", problems);
        if (from >= to)
            problems.Add(new FieldProblem("/to", "must be later than from"));
        return (environment, from, to);
    }

    private static IResult Json(HttpContext context, IResult answer)
    {
        Guard(context);
        return answer;
    }

    // The flag was found, so its key is letters, digits, '.', '_' and '-'.
    private static ContentHttpResult Csv(HttpContext context, string text, string name)
    {
        Guard(context);
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        return TypedResults.Text(text, Core.Reading.Csv.MediaType);
    }

    private static ContentHttpResult Page(HttpContext context, string html)
    {
        Guard(context);
        context.Response.Headers.ContentSecurityPolicy = CompliancePage.Policy;
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Text(html, "text/html; charset=utf-8");
    }

    /// <summary>Names and reasons are in it: no cache keeps it, and no browser takes it for what it is not.</summary>
    private static void Guard(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.Vary = "Accept";
        headers.XContentTypeOptions = "nosniff";
    }
}
