using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Policies.Checks;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;
using Halyard.Server.Approvals;
using Halyard.Server.Authentication;
using Halyard.Server.Management;

namespace Halyard.Server.Gates;

/// <summary>Evidence: reported by those who saw it, or asked for.</summary>
internal static class EvidenceEndpoints
{
    private const string ReportAction = "check.report";
    private const string RunAction = "check.run";

    private static readonly string[] Places = ["request", "project", "flag", "environment"];
    private static readonly string[] ReportMembers = [.. Places, "check", "content", "result", "measures", "reason"];
    private static readonly string[] RunMembers = [.. Places, "reason"];

    public static void MapEvidence(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/checks/{check}/results", ReportAsync)
            .WithName("reportCheck")
            .WithSummary(
                "Reports what a check came to, signed with its secret (Standard Webhooks); applies a request that only waited for it."
            )
            .Writes<CheckReportBody>();
        routes
            .MapPost("/checks/{check}/run", RunAsync)
            .WithName("runCheck")
            .WithSummary("Asks a check's source now, and records what it says.")
            .Writes<CheckRunBody>();
    }

    private static async Task<IResult> ReportAsync(
        HttpContext context,
        string check,
        Submissions submissions,
        CheckDesk desk,
        RequestReader requests,
        ChangeService changes,
        CheckSecrets secrets,
        TimeProvider time
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(ReportMembers))
                return Problems.Of(body.Error!);
            if (body.Json.RequiredString("check", Limits.Identifier) != check)
                body.Json["check"].Problem("must be the check in the address: the signature covers it");
            var isDigest = Digest.TryParse(body.Json.RequiredString("content", Limits.Identifier), out var content);
            if (!isDigest)
                body.Json["content"].Problem("must be the hash of what was checked");
            var asked = await QuestionAsync(context, body, check, ReportAction, desk, requests, changes);
            if (!asked.TryGet(out var question, out var error))
                return Problems.Of(error);
            var found = await desk.FindAsync(context.Caller().Actor.Tenant, question, context.RequestAborted);
            if (found.Definition is not { Settings: { Source: CheckSource.Push } settings } definition)
                return Problems.NotFound("check", check);
            var secret = secrets.Signing.Find(settings.Secret!, context.Caller().Actor.Tenant, target: null).Value;
            var sent = secret is null
                ? null
                : ReportSignature.Verify(context.Request.Headers, body.Sent, secret, time.GetUtcNow());
            if (sent is not { } at)
                return Problems.Of(new Error.Denied("the signature is not valid, or is of another time"));
            if (content != question.Subject.Value)
                return Problems.Of(new Error.ContentChanged(content, question.Subject.Value));
            var (outcome, measures) = ReportReader.Judge(body.Json, definition, body.Problems);
            if (body.Error is { } invalid)
                return Problems.Of(invalid);
            var source = $"reported by {context.Caller().Actor.Subject}";
            var record = CheckDesk.Evidence(found, question, source, new Pulled(outcome, at, measures));
            return await RecordAsync(context, body, question, record, ReportAction, submissions, desk);
        }
    }

    private static async Task<IResult> RunAsync(
        HttpContext context,
        string check,
        Submissions submissions,
        CheckDesk desk,
        RequestReader requests,
        ChangeService changes
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(RunMembers))
                return Problems.Of(body.Error!);
            var asked = await QuestionAsync(context, body, check, RunAction, desk, requests, changes);
            if (!asked.TryGet(out var question, out var error))
                return Problems.Of(error);
            var found = await desk.FindAsync(context.Caller().Actor.Tenant, question, context.RequestAborted);
            if (found.Definition is not { } definition)
                return Problems.NotFound("check", check);
            if (!CheckPull.IsPulled(definition.Settings.Source))
                return Problems.Of(
                    new Error.WrongState($"check '{check}' has nobody to ask: it is reported, or read from the ledger")
                );
            var record = await desk.AskAsync(context.Caller().Actor.Tenant, found, question, context.RequestAborted);
            return await RecordAsync(context, body, question, record, RunAction, submissions, desk);
        }
    }

    /// <summary>What the body is about, for those who may: whoever may not learns nothing of what is there.</summary>
    private static async ValueTask<Result<CheckQuestion>> QuestionAsync(
        HttpContext context,
        Body body,
        string check,
        string action,
        CheckDesk desk,
        RequestReader requests,
        ChangeService changes
    )
    {
        var json = body.Json;
        var id = json.NullableString("request", Limits.Identifier, minLength: 1);
        if (id is not null && (json["project"].Exists || json["flag"].Exists || json["environment"].Exists))
            json["request"].Problem("and project, flag and environment are two ways to say what it is about: give one");
        var place = id is null
            ? (json.RequiredKey("project"), json.RequiredKey("flag"), json.RequiredKey("environment"))
            : ("", "", "");
        if (body.Error is { } invalid)
            return invalid;
        var caller = context.Caller();
        var tenant = caller.Actor.Tenant;
        var request = id is null ? null : await requests.FindAsync(tenant, id, context.RequestAborted);
        var project = request?.Project ?? place.Item1;
        if (await changes.AuthorizeAsync(caller.Actor, caller.Request, action, project, context.RequestAborted) is { } denied)
            return denied;
        if (id is not null)
            return request is { Project.Length: > 0 }
                ? CheckDesk.About(check, request)
                : new Error.NotFound("change-request", id);
        return await desk.AboutAsync(tenant, check, place, context.RequestAborted) is { } found
            ? found
            : new Error.NotFound("flag", place.Item2);
    }

    private static async Task<IResult> RecordAsync(
        HttpContext context,
        Body body,
        CheckQuestion question,
        RecordEvidence record,
        string action,
        Submissions submissions,
        CheckDesk desk
    )
    {
        var reason = body.Json.OptionalString("reason", Change.MaxReason);
        if (body.Error is { } invalid)
            return Problems.Of(invalid);
        var change = Change.Edit(question.Project, [record], reason, action: action);
        var result = await submissions.RunAsync(context, change, body.Canonical);
        if (!result.TryGet(out var outcome, out var error))
            return Problems.Of(error);
        if (outcome is not Outcome.Applied applied || question.Request is not { } id)
            return Submissions.Answer(outcome);
        var request = await desk.CompleteAsync(context.Caller().Actor.Tenant, id, context.RequestAborted);
        return Submissions.Answer(applied, request is null ? null : ApprovalAnswers.Reference(request));
    }
}
