using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;
using Halyard.Server.Authentication;
using Halyard.Server.Gates;
using Halyard.Server.Management;

namespace Halyard.Server.Approvals;

/// <summary>Changes that wait for people, and what people do to them.</summary>
internal static class ChangeRequestEndpoints
{
    private const string Kind = "change-request";
    private const string Me = "me";
    private const string Address = "/change-requests/{id}";

    public static void MapChangeRequests(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/change-requests", ListAsync)
            .WithName("listChangeRequests")
            .WithSummary(
                "Changes that wait for people, or did; the newest first. Filters: project, state, open=true, requester (a subject, or me), waitingFor=me."
            )
            .ReadsVisible("change-request.read")
            .Produces<Page<ChangeRequestAnswer>>();
        routes
            .MapGet(Address, OneAsync)
            .WithName("getChangeRequest")
            .WithSummary("A change request, and who could approve it now. Its ETag is the content's hash.")
            .ReadsVisible("change-request.read")
            .Produces<ChangeRequestAnswer>();
        routes
            .MapGet($"{Address}/approvers", ApproversAsync)
            .WithName("listApproversOfChangeRequest")
            .WithSummary("Whom a change request asks now, who could approve it, and who may approve for them.")
            .ReadsVisible("change-request.read")
            .Produces<ApproversAnswer>();
        routes.MapVote("approve", VoteKind.Approve, "Approves a change request; the last approval applies it.");
        routes.MapVote("reject", VoteKind.Reject, "Rejects a change request; says why.");
        routes.MapVote("request-changes", VoteKind.RequestChanges, "Asks for another content first; says what.");
        routes.MapAct<ReasonBody>(
            "withdraw-vote",
            "Takes the own vote back.",
            ["reason"],
            (name, _) => new RequestAct.Withdraw(name)
        );
        routes.MapAct<ReasonBody>("cancel", "Withdraws a change request.", ["reason"], (name, _) => new RequestAct.Cancel(name));
        routes.MapAct<ReasonBody>(
            "apply",
            "Looks again whether anything still speaks against applying an approved change request.",
            ["reason"],
            (name, _) => new RequestAct.Apply(name)
        );
        routes.MapAct<ReasonBody>(
            "rebase",
            "Prepares a change request anew on the state of now.",
            ["reason"],
            (name, _) => new RequestAct.Rebase(name)
        );
        routes.MapAct<RequestCommentBody>(
            "comment",
            "Says something about a change request.",
            ["text"],
            (name, json) => new RequestAct.Remark(name, json.RequiredString("text", ChangeRequest.MaxComment))
        );
        routes.MapAct<RequestEditBody>(
            "edit",
            "Puts other operations in the place of those of a change request; its votes no longer count.",
            ["operations", ScheduleJson.Member, "reason"],
            (name, json) => new RequestAct.Edit(name, ReadOperations(json), ScheduleJson.Read(json))
        );
    }

    private static void MapVote(this IEndpointRouteBuilder routes, string verb, VoteKind kind, string summary) =>
        routes
            .MapPost(
                $"{Address}/{verb}",
                (HttpContext context, string id, Submissions submissions, RequestReader reader) =>
                    VoteAsync(context, id, kind, submissions, reader)
            )
            .WithName($"{NameOf(verb)}ChangeRequest")
            .WithSummary($"{summary} If-Match must be the content's hash.")
            .Writes<VoteBody>();

    private static void MapAct<TBody>(
        this IEndpointRouteBuilder routes,
        string verb,
        string summary,
        string[] members,
        Func<ResourceName, JsonCursor, RequestAct> read
    )
        where TBody : notnull =>
        routes
            .MapPost(
                $"{Address}/{verb}",
                (HttpContext context, string id, Submissions submissions, RequestReader reader) =>
                    ActAsync(context, id, members, read, submissions, reader)
            )
            .WithName($"{NameOf(verb)}ChangeRequest")
            .WithSummary(summary)
            .Writes<TBody>();

    private static async Task<IResult> ListAsync(HttpContext context, RequestReader reader)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "limit", "cursor", "project", "state", "open", "requester", "waitingFor");
        var limit = Paging.Limit(context, problems);
        var state = Paging.Name<ChangeRequestState>(context, "state", problems);
        var open = Paging.Truth(context, "open", problems);
        var waitingFor = Paging.Text(context, "waitingFor");
        if (waitingFor is not (null or Me))
            problems.Add(new FieldProblem("/waitingFor", $"must be {Me}"));
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var project = Paging.Text(context, "project");
        var (plan, actor, cursor) = (context.Plan(), context.Caller().Actor, Paging.Text(context, "cursor"));
        var requester = Paging.Text(context, "requester") is var asked && asked == Me ? actor.Subject : asked;
        var (items, next) = waitingFor is null
            ? await reader.ListAsync(actor.Tenant, state, IsWanted, cursor, limit, context.RequestAborted)
            : await reader.ListWaitingAsync(
                actor,
                request => (state is null || request.State == state) && IsWanted(request),
                cursor,
                limit,
                context.RequestAborted
            );
        return TypedResults.Json(
            new Page<ChangeRequestAnswer>([.. items.Select(item => ApprovalAnswers.Of(item))], next),
            ContractJson.Wire.PageChangeRequestAnswer
        );

        bool IsWanted(IndexedRequest request) =>
            (project is null || request.Name.Project == project)
            && (requester is null || request.Requester == requester)
            && (open is null || request.State.IsClosed() != open)
            && Sees(plan, request.Name, request.Environments);
    }

    /// <summary>Whether a request may be read: in each environment that it affects, for it tells how flags are to be configured there.</summary>
    private static bool Sees(AccessPlan plan, ResourceName name, Sequence<TargetEnvironment> environments)
    {
        var resource = ResourceAttributes.Of(Kind, name.Project, name.Key);
        return plan.Allows(resource)
            && environments.All(environment => plan.Allows(resource.In(environment.Key, environment.Type)));
    }

    private static async Task<IResult> OneAsync(HttpContext context, string id, RequestReader reader, ChangeService changes)
    {
        var (request, refusal) = await FindAsync(context, id, reader);
        if (request is null)
            return refusal!;
        var tenant = context.Caller().Actor.Tenant;
        context.Response.Headers.ETag = $"\"{request.Hash}\"";
        var answer = ApprovalAnswers.Of(request, await reader.WhoCanApproveAsync(tenant, request, context.RequestAborted));
        if (!request.State.IsClosed())
        {
            var findings = await changes.FindingsAsync(tenant, request, context.RequestAborted);
            answer = answer with { Checks = [.. findings.Checks.Select(CheckAnswers.Of)], Blockers = [.. findings.Blockers] };
        }
        return TypedResults.Json(answer, ContractJson.Wire.ChangeRequestAnswer);
    }

    private static async Task<IResult> ApproversAsync(HttpContext context, string id, RequestReader reader)
    {
        var (request, refusal) = await FindAsync(context, id, reader);
        if (request is null)
            return refusal!;
        var found = await reader.ApproversAsync(context.Caller().Actor.Tenant, request, context.RequestAborted);
        return TypedResults.Json(ApprovalAnswers.Approvers(found), ContractJson.Wire.ApproversAnswer);
    }

    /// <summary>The request, where there is one that the caller may see.</summary>
    private static async ValueTask<(ChangeRequest? Request, IResult? Refusal)> FindAsync(
        HttpContext context,
        string id,
        RequestReader reader
    )
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems);
        if (problems.Count > 0)
            return (null, Problems.Of(new Error.Invalid(problems)));
        var request = await reader.FindAsync(context.Caller().Actor.Tenant, id, context.RequestAborted);
        return request is not null && Sees(context.Plan(), request.Name, request.Content.Environments)
            ? (request, null)
            : (null, Problems.NotFound(Kind, id));
    }

    private static Task<IResult> VoteAsync(
        HttpContext context,
        string id,
        VoteKind kind,
        Submissions submissions,
        RequestReader reader
    ) =>
        ActAsync(
            context,
            id,
            ["comment", "delegation"],
            (name, json) =>
            {
                var isGiven = Digest.TryParse(context.Request.Headers.IfMatch.ToString().Trim('"'), out var hash);
                var comment = json.OptionalString("comment", ChangeRequest.MaxComment);
                var delegation = json["delegation"].Exists ? json.RequiredKey("delegation") : null;
                return new RequestAct.Vote(name, kind, isGiven ? hash : null, comment, delegation);
            },
            submissions,
            reader
        );

    private static async Task<IResult> ActAsync(
        HttpContext context,
        string id,
        string[] members,
        Func<ResourceName, JsonCursor, RequestAct> read,
        Submissions submissions,
        RequestReader reader
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(members))
                return Problems.Of(body.Error!);
            var tenant = context.Caller().Actor.Tenant;
            var found = await reader.FindAsync(tenant, id, context.RequestAborted);
            // Of one that does not exist the pipeline says so, to whom it may.
            var act = read(found?.Name ?? ChangeRequest.NameOf("", id), body.Json);
            var reason = members.Contains("reason") ? body.Json.OptionalString("reason", Change.MaxReason) : "";
            if (body.Error is { } invalid)
                return Problems.Of(invalid);
            var result = await submissions.RunAsync(context, Change.On(act, reason), body.Canonical, matchesContent: true);
            if (!result.TryGet(out var outcome, out var error))
                return Problems.Of(error);
            if (outcome is not Outcome.Applied applied)
                return Submissions.Answer(outcome);
            var now = (await reader.FindAsync(tenant, id, context.RequestAborted))!;
            context.Response.Headers.ETag = $"\"{now.Hash}\"";
            return Submissions.Answer(applied, ApprovalAnswers.Reference(now));
        }
    }

    private static List<Operation> ReadOperations(JsonCursor json) =>
        [
            .. json.List("operations", OperationJson.MaxOperations, required: true, minCount: 1)
                .Select(OperationJson.Read)
                .OfType<Operation>(),
        ];

    private static string NameOf(string verb) =>
        verb switch
        {
            "request-changes" => "requestChangesOf",
            "withdraw-vote" => "withdrawVoteOn",
            "comment" => "commentOn",
            _ => verb,
        };
}
