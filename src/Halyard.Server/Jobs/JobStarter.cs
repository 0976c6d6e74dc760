using Halyard.Core;
using Halyard.Core.Changes;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Server.Authentication;
using Halyard.Server.Management;

namespace Halyard.Server.Jobs;

/// <summary>Starts jobs: through the pipeline, so that the log knows of each before it begins.</summary>
internal sealed class JobStarter(
    IStore store,
    JobTable table,
    JobRunner runner,
    Submissions submissions,
    TimeProvider time,
    Entropy entropy
)
{
    /// <summary>How many jobs of a tenant may wait or run at once.</summary>
    public const int MaxOpen = 20;

    private const int MaxParameters = 10_000;

    /// <summary>What the log is told when a job starts; the job follows from it.</summary>
    /// <param name="id">Its ULID.</param>
    /// <param name="kind">What kind of work.</param>
    /// <param name="parameters">What exactly, as canonical JSON without personal values.</param>
    /// <param name="words">The same in words.</param>
    public static ChangeEvent Started(string id, string kind, ReadOnlySpan<byte> parameters, string words)
    {
        var details = new CanonicalWriter().StartObject();
        details.Name("id").String(id);
        details.Name("kind").String(kind);
        details.Name("parameters").UnverifiedCanonical(parameters);
        return new ChangeEvent("job.started", words) { Details = details.EndObject().ToArray() };
    }

    /// <summary>Starts a job and answers with it, once the log has it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">Its body, which may give a reason, a ticket and an incident.</param>
    /// <param name="action">What the authorizer is asked about.</param>
    /// <param name="kind">What kind of work.</param>
    /// <param name="parameters">What exactly, as canonical JSON without personal values.</param>
    /// <param name="words">The same in words.</param>
    public async Task<IResult> StartAsync(
        HttpContext context,
        Body body,
        string action,
        string kind,
        byte[] parameters,
        string words
    )
    {
        if (parameters.Length > MaxParameters)
            return Problems.Of(Error.Invalid.At("", $"says more than a job can keep: at most {MaxParameters} bytes"));
        var tenant = context.Caller().Actor.Tenant;
        if ((await table.OpenAsync(tenant, context.RequestAborted)).Count >= MaxOpen)
            return Problems.Of(new Error.NotReady($"{MaxOpen} jobs wait or run; another may be started once one has ended."));
        var started = Started(entropy.NewUlid(time.GetUtcNow()), kind, parameters, words);
        var change = body.Record(action, started);
        if (body.Error is { } invalid)
            return Problems.Of(invalid);
        var result = await submissions.RunAsync(context, change, body.Canonical);
        if (!result.TryGet(out var outcome, out var error))
            return Problems.Of(error);
        if (outcome is not Outcome.Applied applied)
            return Submissions.Answer(outcome);

        // The entry tells which job it is, for a repeated request is answered with the first one's.
        var entry = await store.EntryAsync(tenant, applied.Receipt.Index, context.RequestAborted);
        var id = JobTable.Read(entry!)!.Id;
        await table.OpenAsync(tenant, context.RequestAborted);
        var job = await table.FindAsync(tenant, id, context.RequestAborted);
        runner.Wake();
        context.Response.Headers.Location = $"/api/v1/jobs/{id}";
        return JobEndpoints.Answer(job!.State, applied.Receipt, StatusCodes.Status202Accepted);
    }
}

/// <summary>What the bodies of requests that edit nothing have in common.</summary>
internal static class RecordBodies
{
    /// <summary>The event as a change, with the reason, ticket and incident that the body gives.</summary>
    public static Change Record(this Body body, string action, ChangeEvent happened) =>
        Change.Record(
            action,
            "",
            happened,
            body.Json.OptionalString("reason", Change.MaxReason),
            body.Json.NullableString("ticket", Change.MaxReference),
            body.Json.NullableString("incident", Change.MaxReference)
        );
}
