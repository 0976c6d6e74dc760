using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;
using Halyard.Server.Management;

namespace Halyard.Server.Bypasses;

/// <summary>Emergencies: passing approvals by, and what is owed for it.</summary>
internal static class BypassEndpoints
{
    private const string Kind = "bypass";
    private const string Address = "/bypasses/{id}";
    private const int MaxMinutes = 1_440;

    public static void MapBypasses(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/bypasses", ListAsync)
            .WithName("listBypasses")
            .WithSummary("Emergency bypasses, the newest first. Filters: project, state, open, overdue.")
            .ReadsVisible("bypass.read")
            .Produces<Page<BypassAnswer>>();
        routes
            .MapGet(Address, OneAsync)
            .WithName("getBypass")
            .WithSummary("An emergency bypass, and what is owed for it.")
            .ReadsVisible("bypass.read")
            .Produces<BypassAnswer>();
        routes
            .MapPost("/bypasses", BeginAsync)
            .WithName("beginBypass")
            .WithSummary("Passes approvals by in an emergency: at once for an active SEV1 incident, else once others agree.")
            .Writes<BypassBody>();
        routes.MapAct<ReasonBody>(
            "confirm",
            "Agrees to a bypass before it takes effect.",
            ["reason"],
            (name, _) => new BypassAct.Confirm(name)
        );
        routes.MapAct<BypassCommentBody>(
            "ratify",
            "Approves a bypass afterwards: what it did stays.",
            ["comment"],
            (name, json) => new BypassAct.Ratify(name, json.OptionalString("comment", EmergencyBypass.MaxText))
        );
        routes.MapAct<BypassCommentBody>(
            "refuse",
            "Refuses a bypass afterwards: a change request to undo it is made.",
            ["comment"],
            (name, json) => new BypassAct.Refuse(name, json.RequiredString("comment", EmergencyBypass.MaxText))
        );
        routes.MapAct<BypassReviewBody>(
            "review",
            "Reviews a bypass after the incident.",
            ["findings", "actionItems"],
            (name, json) =>
                new BypassAct.Review(
                    name,
                    json.RequiredString("findings", EmergencyBypass.MaxText),
                    json.List("actionItems", BypassReview.MaxItems).Select(ReadItem).ToSequence()
                )
        );
    }

    private static void MapAct<TBody>(
        this IEndpointRouteBuilder routes,
        string verb,
        string summary,
        string[] members,
        Func<ResourceName, JsonCursor, BypassAct.OnOne> read
    )
        where TBody : notnull =>
        routes
            .MapPost(
                $"{Address}/{verb}",
                (HttpContext context, string id, Submissions submissions, BypassReader reader, BypassAnswers answers) =>
                    ActAsync(context, id, members, read, submissions, reader, answers)
            )
            .WithName($"{verb}Bypass")
            .WithSummary(summary)
            .Writes<TBody>();

    private static async Task<IResult> ListAsync(
        HttpContext context,
        BypassReader reader,
        BypassAnswers answers,
        TimeProvider time
    )
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "limit", "cursor", "project", "state", "open", "overdue");
        var limit = Paging.Limit(context, problems);
        var state = Paging.Name<BypassState>(context, "state", problems);
        var (open, overdue) = (Paging.Truth(context, "open", problems), Paging.Truth(context, "overdue", problems));
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var project = Paging.Text(context, "project");
        var now = time.GetUtcNow();
        var (items, next) = await reader.ListAsync(
            context.Caller().Actor.Tenant,
            bypass =>
                (project is null || bypass.Project == project)
                && (state is null || bypass.State == state)
                && (open is null || bypass.IsOpen == open)
                && (overdue is null || bypass.IsOverdue(now) == overdue)
                && Sees(context, bypass),
            Paging.Text(context, "cursor"),
            limit,
            context.RequestAborted
        );
        return TypedResults.Json(new Page<BypassAnswer>([.. items.Select(answers.Of)], next), ContractJson.Wire.PageBypassAnswer);
    }

    private static async Task<IResult> OneAsync(HttpContext context, string id, BypassReader reader, BypassAnswers answers)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var bypass = await reader.FindAsync(context.Caller().Actor.Tenant, id, context.RequestAborted);
        return bypass is not null && Sees(context, bypass)
            ? TypedResults.Json(answers.Of(bypass), ContractJson.Wire.BypassAnswer)
            : Problems.NotFound(Kind, id);
    }

    private static bool Sees(HttpContext context, EmergencyBypass bypass) =>
        context
            .Plan()
            .Allows(
                ResourceAttributes
                    .Of(Kind, bypass.Project, bypass.Id)
                    .In(bypass.Effect.Environment.Key, bypass.Effect.Environment.Type)
            );

    private static async Task<IResult> BeginAsync(
        HttpContext context,
        Submissions submissions,
        BypassReader reader,
        BypassAnswers answers
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            var json = body.Json;
            if (!json.IsObject("incident", "severity", "justification", "operation", "minutes"))
                return Problems.Of(body.Error!);
            var operation = BypassOperation.Read(json["operation"]);
            var incident = json.RequiredString("incident", Change.MaxReference);
            var severity = json.RequiredEnum<Severity>("severity");
            var justification = json.RequiredString("justification", EmergencyBypass.MaxText);
            TimeSpan? duration = json["minutes"].Exists ? TimeSpan.FromMinutes(json.RequiredInt("minutes", 1, MaxMinutes)) : null;
            if (string.IsNullOrWhiteSpace(justification) && justification.Length > 0)
                json["justification"].Problem("must not be blanks alone");
            if (body.Error is { } error)
                return Problems.Of(error);
            var act = new BypassAct.Begin(operation!, incident, severity, justification, duration);
            return await SubmitAsync(context, Change.On(act), body, submissions, reader, answers);
        }
    }

    private static async Task<IResult> ActAsync(
        HttpContext context,
        string id,
        string[] members,
        Func<ResourceName, JsonCursor, BypassAct.OnOne> read,
        Submissions submissions,
        BypassReader reader,
        BypassAnswers answers
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(members))
                return Problems.Of(body.Error!);
            var found = await reader.FindAsync(context.Caller().Actor.Tenant, id, context.RequestAborted);
            // Of one that does not exist the pipeline says so, to whom it may.
            var act = read(EmergencyBypass.NameOf(id), body.Json);
            var reason = members.Contains("reason") ? body.Json.OptionalString("reason", Change.MaxReason) : "";
            return body.Error is { } invalid
                ? Problems.Of(invalid)
                : await SubmitAsync(context, Change.On(act, found, reason), body, submissions, reader, answers);
        }
    }

    private static async Task<IResult> SubmitAsync(
        HttpContext context,
        Change change,
        Body body,
        Submissions submissions,
        BypassReader reader,
        BypassAnswers answers
    )
    {
        var result = await submissions.RunAsync(context, change, body.Canonical);
        if (!result.TryGet(out var outcome, out var error))
            return Problems.Of(error);
        if (outcome is not Outcome.Applied applied)
            return Submissions.Answer(outcome);
        var name = applied.Revisions.First(item => item.Name.Kind == ResourceKind.Bypass).Name;
        var now = (await reader.FindAsync(context.Caller().Actor.Tenant, name.Key, context.RequestAborted))!;
        return Submissions.Answer(applied, answers.Of(now), now.State == BypassState.Waiting);
    }

    private static ActionItem ReadItem(JsonCursor json)
    {
        json.IsObject("text", "ticket");
        return new ActionItem(
            json.RequiredString("text", Limits.Text),
            json.NullableString("ticket", Change.MaxReference, minLength: 1)
        );
    }
}
