using System.Text.Json;
using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Changes.Importing;
using Halyard.Server.Authentication;
using Halyard.Server.Requests;
using Microsoft.AspNetCore.Http.Features;

namespace Halyard.Server.Management;

/// <summary>Loads past changes into a project and tells how it goes, line by line, while it goes on.</summary>
internal static class ImportEndpoints
{
    private const int NewLine = '\n';

    public static void MapImports(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/projects/{project}/imports", ImportAsync)
            .WithName("importHistory")
            .WithSummary(
                "Loads past changes into a project without flags; ?reason= says why. The answer is written while it goes on."
            )
            .SubmitsChange()
            .Produces<ImportAnswer>(200, ImportAnswer.MediaType)
            .Produces<Problem>(401, "application/problem+json")
            .Produces<Problem>(403, "application/problem+json")
            .Produces<Problem>(404, "application/problem+json")
            .Produces<Problem>(409, "application/problem+json")
            .Produces<Problem>(413, "application/problem+json")
            .Produces<Problem>(422, "application/problem+json");

    private static async Task<IResult> ImportAsync(
        HttpContext context,
        string project,
        HistoryImporter importer,
        Reauthentication reauthentication
    )
    {
        if (reauthentication.Demand(context.Caller().Actor, HistoryImporter.Action) is { } demand)
            return Problems.Of(demand);
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "reason");
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        // The reader below bounds the body, and answers what is too large in this endpoint's own words.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        var (file, tooLarge) = await BoundedBody.ReadAsync(context, HistoryFile.MaxBytes);
        if (tooLarge)
            return Problems.TooLarge(HistoryFile.MaxBytes);

        var caller = context.Caller();
        var reason = Paging.Text(context, "reason") ?? "";
        var request = new ImportRequest(caller.Actor, caller.Request, project, file, reason);
        var events = importer.ImportAsync(request, context.RequestAborted).GetAsyncEnumerator(context.RequestAborted);
        if (!await events.MoveNextAsync() || events.Current is ImportEvent.Refused)
        {
            var refused = (ImportEvent.Refused)events.Current;
            await events.DisposeAsync();
            return Problems.Of(refused.Error);
        }
        return new Answer(events);
    }

    private static ImportAnswer ToAnswer(ImportEvent told) =>
        told switch
        {
            ImportEvent.Validated step => new ImportAnswer("validated", step.Lines, ResumedFrom: step.ResumedFrom),
            ImportEvent.Progress step => new ImportAnswer("progress", step.Lines, step.Done),
            ImportEvent.Finished step => new ImportAnswer(
                "finished",
                step.Lines,
                step.Lines,
                step.ResumedFrom,
                Submissions.Receipt(step.Receipt)
            ),
            ImportEvent.AlreadyImported step => new ImportAnswer("already-imported", step.Lines, step.Lines),
            ImportEvent.Refused step => new ImportAnswer("failed", Problem: Problems.BodyOf(step.Error)),
        };

    /// <summary>The events as NDJSON, each sent at once; begins with the event that the enumerator stands at.</summary>
    private sealed class Answer(IAsyncEnumerator<ImportEvent> events) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await using var all = events;
            httpContext.Response.ContentType = ImportAnswer.MediaType;
            do
            {
                var line = JsonSerializer.SerializeToUtf8Bytes(ToAnswer(all.Current), ContractJson.Default.ImportAnswer);
                await httpContext.Response.Body.WriteAsync((byte[])[.. line, NewLine], httpContext.RequestAborted);
                await httpContext.Response.Body.FlushAsync(httpContext.RequestAborted);
            } while (await all.MoveNextAsync());
        }
    }
}
