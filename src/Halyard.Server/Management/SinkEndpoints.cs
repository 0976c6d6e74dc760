using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Audit.Sinks;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Server.Authentication;
using Halyard.Server.Delivery;

namespace Halyard.Server.Management;

/// <summary>Sinks: create, read, replace, delete; how one fares, a test, and what was set aside.</summary>
internal static class SinkEndpoints
{
    private const int MaxDeadLetters = 100;
    private static readonly string[] UpdateMembers = [.. SinkJson.Members, "reason"];
    private static readonly string[] CreateMembers = [.. UpdateMembers, "key", "from"];

    public static void MapSinks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sinks", ListAsync).WithName("listSinks").Reads("sink.read").Produces<Page<SinkAnswer>>();
        routes.MapGet("/sinks/{sink}", OneAsync).WithName("getSink").Reads("sink.read").Produces<SinkAnswer>();
        routes
            .MapGet("/sinks/{sink}/status", StatusAsync)
            .WithName("getSinkStatus")
            .WithSummary("Where the sink's cursor stands, how far that is behind, what went wrong, and what was set aside.")
            .Reads("sink.read")
            .Produces<SinkStatusAnswer>();
        routes
            .MapPost("/sinks", CreateAsync)
            .WithName("createSink")
            .WithSummary("Creates a sink: a place outside that follows the log.")
            .Writes<SinkBody>();
        routes
            .MapPut("/sinks/{sink}", UpdateAsync)
            .WithName("updateSink")
            .WithSummary("Replaces a sink's settings; what is left out has its default. The cursor stays.")
            .Writes<SinkBody>();
        routes.MapDelete("/sinks/{sink}", DeleteAsync).WithName("deleteSink").Writes<ReasonBody>();
        routes
            .MapPost("/sinks/{sink}/test", TestAsync)
            .WithName("testSink")
            .WithSummary("Sends a test to the sink's target and says what came back.")
            .Writes<ReasonBody>()
            .Produces<SinkTestAnswer>();
        routes
            .MapPost("/sinks/{sink}/dead-letters/retry", RetryAsync)
            .WithName("retryDeadLetters")
            .WithSummary($"Sends what was set aside again, at most {SinkDesk.MaxRetried} messages, oldest first.")
            .Writes<ReasonBody>()
            .Produces<SinkRetryAnswer>();
    }

    private static Task<IResult> ListAsync(HttpContext context, ProjectReader reader) =>
        ResourceLists.PageAsync(context, reader, ResourceKind.Sink);

    private static async Task<IResult> OneAsync(HttpContext context, string sink, ProjectReader reader)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var view = await reader.FindAsync(context.Caller().Actor.Tenant, Sink.NameOf(sink), context.RequestAborted);
        return view is null ? Problems.NotFound("sink", sink) : Documents.One(context, view);
    }

    private static async Task<IResult> StatusAsync(HttpContext context, string sink, ProjectReader reader, SinkDesk desk)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        if (await FindAsync(context, sink, reader) is not { } found)
            return Problems.NotFound("sink", sink);
        var report = await desk.ReportAsync(context.Caller().Actor.Tenant, found, context.RequestAborted);
        var answer = new SinkStatusAnswer
        {
            Cursor = report.State.Next,
            LagEntries = report.Lag.Entries,
            LagSeconds = report.Lag.Age.TotalSeconds,
            LastSuccessAt = report.State.LastSuccessAt,
            LastError = report.State.LastError,
            LastErrorAt = report.State.LastErrorAt,
            Failures = report.State.Failures,
            RetryAt = report.State.RetryAt,
            DeadLetterCount = report.DeadLetters.Count,
            DeadLetters =
            [
                .. report
                    .DeadLetters.Take(MaxDeadLetters)
                    .Select(letter => new DeadLetterAnswer(letter.First, letter.Last, letter.Reason, letter.At)),
            ],
        };
        return TypedResults.Json(answer, ContractJson.Wire.SinkStatusAnswer);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(CreateMembers))
                return Problems.Of(body.Error!);
            var create = new CreateSink(
                body.Json.RequiredKey("key"),
                SinkJson.ReadSettings(body.Json),
                SinkJson.ReadFrom(body.Json)
            );
            return await SubmitAsync(context, body, create, "sink.create", submissions);
        }
    }

    private static async Task<IResult> UpdateAsync(HttpContext context, string sink, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(UpdateMembers))
                return Problems.Of(body.Error!);
            var update = new UpdateSink(sink, SinkJson.ReadSettings(body.Json));
            return await SubmitAsync(context, body, update, "sink.update", submissions);
        }
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string sink, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject("reason"))
                return Problems.Of(body.Error!);
            return await SubmitAsync(context, body, new DeleteSink(sink), "sink.delete", submissions);
        }
    }

    private static async Task<IResult> SubmitAsync(
        HttpContext context,
        Body body,
        Operation operation,
        string action,
        Submissions submissions
    )
    {
        var reason = body.Json.OptionalString("reason", Change.MaxReason, context.Request.Query["reason"].ToString());
        return body.Error is { } error
            ? Problems.Of(error)
            : await submissions.SubmitAsync(context, Change.Edit("", [operation], reason, action: action), body.Canonical);
    }

    private static async Task<IResult> TestAsync(
        HttpContext context,
        string sink,
        Submissions submissions,
        ChangeService changes,
        ProjectReader reader,
        SinkDesk desk
    )
    {
        var asked = new ChangeEvent("sink.tested", $"a test of sink '{sink}' was asked for") { About = [Sink.NameOf(sink)] };
        var (found, receipt, answer) = await AskAsync(context, sink, "sink.test", asked, submissions, changes, reader);
        if (found is null)
            return answer!;
        var result = await desk.TestAsync(context.Caller().Actor.Tenant, found, context.RequestAborted);
        return TypedResults.Json(
            new SinkTestAnswer(result.Verdict == DeliveryVerdict.Accepted, result.Words, receipt!),
            ContractJson.Wire.SinkTestAnswer
        );
    }

    private static async Task<IResult> RetryAsync(
        HttpContext context,
        string sink,
        Submissions submissions,
        ChangeService changes,
        ProjectReader reader,
        SinkDesk desk
    )
    {
        var asked = new ChangeEvent("sink.retried", $"what was set aside for sink '{sink}' was asked to be sent again")
        {
            About = [Sink.NameOf(sink)],
        };
        var (found, receipt, answer) = await AskAsync(context, sink, "sink.retry", asked, submissions, changes, reader);
        if (found is null)
            return answer!;
        var retry = await desk.RetryAsync(context.Caller().Actor.Tenant, found, context.RequestAborted);
        return TypedResults.Json(
            new SinkRetryAnswer(retry.Delivered, retry.Remaining, retry.Error, receipt!),
            ContractJson.Wire.SinkRetryAnswer
        );
    }

    /// <summary>
    /// Records what is asked before it is done: who may not is told that alone, and a sink that is not there leaves no entry. A request
    /// repeated under its idempotency key sends nothing a second time.
    /// </summary>
    private static async ValueTask<(Sink? Sink, ReceiptAnswer? Receipt, IResult? Answer)> AskAsync(
        HttpContext context,
        string key,
        string action,
        ChangeEvent asked,
        Submissions submissions,
        ChangeService changes,
        ProjectReader reader
    )
    {
        var caller = context.Caller();
        if (await changes.AuthorizeAsync(caller.Actor, caller.Request, action, "", context.RequestAborted) is { } denied)
            return (null, null, Problems.Of(denied));
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return (null, null, refusal);
        using (body)
        {
            if (!body.Json.IsObject("reason"))
                return (null, null, Problems.Of(body.Error!));
            var reason = body.Json.OptionalString("reason", Change.MaxReason);
            if (body.Error is { } invalid)
                return (null, null, Problems.Of(invalid));
            if (await FindAsync(context, key, reader) is not { } sink)
                return (null, null, Problems.NotFound("sink", key));
            var result = await submissions.RunAsync(context, Change.Record(action, "", asked, reason), body.Canonical);
            if (!result.TryGet(out var outcome, out var error))
                return (null, null, Problems.Of(error));
            return outcome is Outcome.Applied { Replayed: false } applied
                ? (sink, Submissions.Receipt(applied.Receipt), null)
                : (null, null, Submissions.Answer(outcome));
        }
    }

    private static async ValueTask<Sink?> FindAsync(HttpContext context, string key, ProjectReader reader) =>
        (await reader.FindAsync(context.Caller().Actor.Tenant, Sink.NameOf(key), context.RequestAborted))?.Resource as Sink;
}
