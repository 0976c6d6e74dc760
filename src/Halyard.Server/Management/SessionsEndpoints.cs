using System.Text.Json;
using Halyard.Contracts;
using Halyard.Core.Access.Roles;
using Halyard.Core.Access.Users;
using Halyard.Core.Changes;
using Halyard.Core.Storage;
using Halyard.Server.Authentication;
using Halyard.Server.Authentication.Sessions;

namespace Halyard.Server.Management;

/// <summary>Lists and ends the browser sessions of anybody, whoever vouches for them.</summary>
internal static class SessionsEndpoints
{
    private const string Ending = "user.end-sessions";

    public static void MapSessionsOfPeople(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/sessions/{subject}", ListAsync)
            .WithName("listSessions")
            .WithSummary("The open browser sessions of a subject, the oldest first.")
            .Reads("user.read-sessions")
            .Produces<Page<OpenSessionAnswer>>();
        routes
            .MapDelete("/sessions/{subject}", EndAsync)
            .WithName("endSessions")
            .WithSummary(
                "Ends every browser session of a subject, and the tokens of their log-ins; who may log in may log in again."
            )
            .Writes<ReasonBody>();
    }

    private static async Task<IResult> ListAsync(HttpContext context, string subject, SessionTable table)
    {
        var open = await table.OpenAsync(context.Caller().Actor.Tenant, subject, context.RequestAborted);
        var answer = new Page<OpenSessionAnswer>(
            [
                .. open.Select(session => new OpenSessionAnswer(
                    session.Id,
                    session.Started,
                    session.Used,
                    session.Authentication,
                    session.Issuer
                )),
            ],
            null
        );
        return TypedResults.Json(answer, ContractJson.Wire.PageOpenSessionAnswer);
    }

    private static async Task<IResult> EndAsync(
        HttpContext context,
        string subject,
        Submissions submissions,
        SessionTable table,
        IStore store
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject("reason"))
                return Problems.Of(body.Error!);
            var reason = body.Json.OptionalString("reason", Change.MaxReason, context.Request.Query["reason"].ToString());
            if (!SubjectIds.IsId(subject))
                body.Json["subject"].Problem("must be an id such as u_…: the log keeps it for ever, and no name");
            if (body.Error is { } invalid)
                return Problems.Of(invalid);
            var tenant = context.Caller().Actor.Tenant;
            var open = await table.OpenAsync(tenant, subject, context.RequestAborted);
            List<string> ids = [.. open.Select(session => session.Id)];
            var result = await submissions.RunAsync(
                context,
                Change.Record(Ending, "", Told(subject, ids), reason),
                body.Canonical
            );
            if (!result.TryGet(out var outcome, out var error))
                return Problems.Of(error);
            // The log knows: from here on it happens, whoever hangs up.
            if (outcome is Outcome.Applied applied && await WhenAsync(store, tenant, applied) is { } at)
            {
                // Sent again it does what the first did not come to, and does not touch what began since.
                var ended = applied.Replayed ? open.Where(session => session.Started <= at).Select(session => session.Id) : ids;
                await table.EndAllAsync(tenant, subject, [.. ended], at, CancellationToken.None);
            }
            return Submissions.Answer(outcome);
        }
    }

    /// <summary>When the entry was written; <see langword="null"/> where it is in the log no more.</summary>
    private static async ValueTask<DateTimeOffset?> WhenAsync(IStore store, string tenant, Outcome.Applied applied)
    {
        if (await store.EntryAsync(tenant, applied.Receipt.Index, CancellationToken.None) is not { } entry)
            return null;
        using var leaf = JsonDocument.Parse(entry.Leaf);
        return leaf.RootElement.GetProperty("at").GetDateTimeOffset();
    }

    private static ChangeEvent Told(string subject, List<string> ids) =>
        new("access.sessions_ended", $"{ids.Count} session(s) of a subject ended")
        {
            About = subject.StartsWith(User.IdPrefix, StringComparison.Ordinal) ? [User.NameOf(subject)] : [],
            Details = EndedSessions.Details(subject, ids),
        };
}
