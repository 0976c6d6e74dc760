using System.Text.Json.Nodes;
using Halyard.Contracts;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;

namespace Halyard.Server.Management;

/// <summary>The one door for writes to a project, and the shortcuts that build the same changes.</summary>
internal static class ChangeEndpoints
{
    private static readonly string[] Wrapping = ["reason", "ticket", "incident"];

    public static void MapChanges(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/projects/{project}/changes", SubmitAsync)
            .WithName("submitChange")
            .WithSummary("Submits a change; with ?dryRun=true says what it would do and writes nothing.")
            .Writes<ChangeBody>()
            .Produces<PreviewAnswer>();
        routes.Shortcut<ProjectAnswer>("POST", "/projects", "createProject", "createProject", "project", wholeProject: false);
        routes.Shortcut<EnvironmentAnswer>(
            "POST",
            "/projects/{project}/environments",
            "createEnvironment",
            "createEnvironment",
            "environment"
        );
        routes.Shortcut<SegmentAnswer>("POST", "/projects/{project}/segments", "createSegment", "createSegment", "segment");
        routes.Shortcut<FlagAnswer>("POST", "/projects/{project}/flags", "createFlag", "createFlag", "flag");
        routes
            .MapPatch("/projects/{project}/flags/{flag}", UpdateFlagAsync)
            .WithName("updateFlag")
            .WithSummary("Changes what describes a flag; takes If-Match.")
            .Writes<OperationBody>();
        routes
            .MapDelete("/projects/{project}/flags/{flag}", DeleteFlagAsync)
            .WithName("deleteFlag")
            .WithSummary("Deletes a flag that no other flag needs; takes If-Match and ?reason=.")
            .Writes<ReasonBody>();
        routes
            .MapPost("/projects/{project}/flags/{flag}/environments/{environment}/enable", EnableAsync)
            .WithName("enableFlag")
            .WithSummary("Switches a flag on in an environment.")
            .Writes<ReasonBody>();
        routes
            .MapPost("/projects/{project}/flags/{flag}/environments/{environment}/disable", DisableAsync)
            .WithName("disableFlag")
            .WithSummary("Switches a flag off in an environment.")
            .Writes<ReasonBody>();
    }

    /// <summary>What every writing endpoint declares.</summary>
    public static RouteHandlerBuilder Writes<TBody>(this RouteHandlerBuilder builder)
        where TBody : notnull =>
        builder
            .SubmitsChange()
            .TakesBody<TBody>()
            .Produces<ChangeAnswer>()
            .Produces<Problem>(400, "application/problem+json")
            .Produces<Problem>(401, "application/problem+json")
            .Produces<Problem>(403, "application/problem+json")
            .Produces<Problem>(404, "application/problem+json")
            .Produces<Problem>(409, "application/problem+json")
            .Produces<Problem>(412, "application/problem+json")
            .Produces<Problem>(422, "application/problem+json");

    /// <summary>A shortcut whose body is one operation, with the key under its usual name <c>key</c>.</summary>
    private static void Shortcut<TAnswer>(
        this IEndpointRouteBuilder routes,
        string method,
        string pattern,
        string name,
        string operation,
        string keyMember,
        bool wholeProject = true
    ) =>
        routes
            .MapMethods(
                pattern,
                [method],
                (HttpContext context, Submissions submissions) =>
                    CreateAsync(context, submissions, operation, keyMember, wholeProject)
            )
            .WithName(name)
            .WithSummary($"Submits a change with one {operation}; the body is the operation's members and a reason.")
            .Writes<OperationBody>();

    private static async Task<IResult> SubmitAsync(HttpContext context, string project, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(["operations", ScheduleJson.Member, "despiteFreezes", .. Wrapping]))
                return Problems.Of(body.Error!);
            var operations = body
                .Json.List("operations", OperationJson.MaxOperations, required: true, minCount: 1)
                .Select(json => (Json: json, Operation: OperationJson.Read(json)))
                .ToList();
            foreach (var (json, operation) in operations)
                CheckOperation(json, operation, project);
            var change = Wrap(body.Json, project, [.. operations.Select(item => item.Operation).OfType<Operation>()]) with
            {
                Schedule = ScheduleJson.Read(body.Json),
                DespiteFreezes = body.Json.OptionalBool("despiteFreezes"),
            };
            return body.Error is { } error ? Problems.Of(error) : await submissions.SubmitAsync(context, change, body.Canonical);
        }
    }

    /// <summary>Here an author must say what he saw; and a project's changes stay in that project.</summary>
    private static void CheckOperation(JsonCursor json, Operation? operation, string project)
    {
        if (operation is CreateProject or UpdateProject && operation.Target(project) != Project.NameOf(project))
            json["project"].Problem($"must be '{project}', the project changed here");
        if (operation is CreateProject)
            json["op"].Problem("projects are created by POST /api/v1/projects");
        if (operation is { BaseRevision: null } and not (CreateFlag or CreateSegment or CreateEnvironment or CreateProject))
            json["baseRevision"].Problem("is required: the revision you saw, so that nobody's change is lost");
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context,
        Submissions submissions,
        string operation,
        string keyMember,
        bool wholeProject
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            var key = body.Json["key"].Element;
            var built = body.Operation(operation, Wrapping, "key", (keyMember, key));
            var project = wholeProject ? (string)context.GetRouteValue("project")! : "";
            var change = Wrap(body.Json, project, built is null ? [] : [built]);
            return body.Error is { } error ? Problems.Of(error) : await submissions.SubmitAsync(context, change, body.Canonical);
        }
    }

    private static async Task<IResult> UpdateFlagAsync(HttpContext context, string project, string flag, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            var built = body.Operation("updateFlag", Wrapping, null, ("flag", flag.ToElement()));
            var change = Wrap(body.Json, project, built is null ? [] : [built]);
            return body.Error is { } error ? Problems.Of(error) : await submissions.SubmitAsync(context, change, body.Canonical);
        }
    }

    private static Task<IResult> DeleteFlagAsync(HttpContext context, string project, string flag, Submissions submissions) =>
        ReasonedAsync(
            context,
            project,
            new DeleteFlag(flag) { Source = new JsonObject { ["op"] = "deleteFlag", ["flag"] = flag }.ToJsonString() },
            submissions
        );

    private static Task<IResult> EnableAsync(
        HttpContext context,
        string project,
        string flag,
        string environment,
        Submissions submissions
    ) => ReasonedAsync(context, project, Switching(flag, environment, true), submissions);

    private static Task<IResult> DisableAsync(
        HttpContext context,
        string project,
        string flag,
        string environment,
        Submissions submissions
    ) => ReasonedAsync(context, project, Switching(flag, environment, false), submissions);

    /// <summary>The operation with the JSON that it would have had in the body of a change: the form in which it can wait for approval.</summary>
    private static SetEnabled Switching(string flag, string environment, bool enabled) =>
        new(flag, environment, enabled)
        {
            Source = new JsonObject
            {
                ["op"] = "setEnabled",
                ["flag"] = flag,
                ["environment"] = environment,
                ["enabled"] = enabled,
            }.ToJsonString(),
        };

    private static async Task<IResult> ReasonedAsync(
        HttpContext context,
        string project,
        Operation operation,
        Submissions submissions
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(Wrapping))
                return Problems.Of(body.Error!);
            var change = Wrap(body.Json, project, [operation], context.Request.Query["reason"]);
            return body.Error is { } error ? Problems.Of(error) : await submissions.SubmitAsync(context, change, body.Canonical);
        }
    }

    private static Change Wrap(JsonCursor json, string project, IReadOnlyList<Operation> operations, string? reason = null) =>
        Change.Edit(
            project,
            operations,
            json.OptionalString("reason", Change.MaxReason, reason ?? ""),
            json.NullableString("ticket", Change.MaxReference, minLength: 1),
            json.NullableString("incident", Change.MaxReference, minLength: 1)
        );
}
