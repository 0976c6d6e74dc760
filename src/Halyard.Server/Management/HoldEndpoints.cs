using Halyard.Contracts;
using Halyard.Core.Audit.Holds;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;

namespace Halyard.Server.Management;

/// <summary>Places, lists and releases legal holds.</summary>
internal static class HoldEndpoints
{
    private static readonly string[] Wrapping = ["reason", "ticket", "incident"];
    private static readonly string[] Members = ["key", "name", "subject", "person", "from", "to", .. Wrapping];

    public static void MapHolds(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/holds", ListAsync)
            .WithName("listHolds")
            .WithSummary("The holds that stand, in key order.")
            .Reads("hold.read")
            .Produces<Page<HoldAnswer>>();
        routes
            .MapPost("/holds", PlaceAsync)
            .WithName("placeHold")
            .WithSummary(
                "Keeps the personal values of a subject from erasure, or the entries from one index to before another from purge."
            )
            .Writes<HoldBody>()
            .Produces<ChangeAnswer>();
        routes.MapDelete("/holds/{key}", ReleaseAsync).WithName("releaseHold").Writes<ReasonBody>().Produces<ChangeAnswer>();
    }

    private static Task<IResult> ListAsync(HttpContext context, ProjectReader reader) =>
        ResourceLists.PageAsync(context, reader, ResourceKind.Hold);

    private static async Task<IResult> PlaceAsync(
        HttpContext context,
        Submissions submissions,
        ChangeService changes,
        PersonalVault vault,
        IStore store
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            var json = body.Json;
            if (!json.IsObject(Members))
                return Problems.Of(body.Error!);
            IndexRange? range =
                json["from"].Exists || json["to"].Exists ? new(json.RequiredLong("from", 0), json.RequiredLong("to", 1)) : null;
            var subject = json.NullableString("subject", Limits.Identifier, minLength: 1);
            var person = json.NullableString("person", Limits.Identifier, minLength: 1);
            if (subject is not null && person is not null)
                json["person"].Problem("and subject are two ways to say the same: give one");
            if (person is not null)
            {
                var caller = context.Caller();
                // Whoever may not place a hold does not learn whom the log knows.
                if (
                    await changes.AuthorizeAsync(caller.Actor, caller.Request, "hold.place", "", context.RequestAborted) is
                    { } denied
                )
                    return Problems.Of(denied);
                subject = await SubjectAsync(caller.Actor.Tenant, person, json["person"], vault, store, context.RequestAborted);
            }
            var operation = new PlaceHold(
                json.RequiredKey("key"),
                json.OptionalString("name", Limits.Identifier),
                subject,
                range
            );
            if (body.Error is { } problem)
                return Problems.Of(problem);
            return await SubmitAsync(context, submissions, body, operation, "hold.place");
        }
    }

    /// <summary>The one subject that a person's name stands for.</summary>
    private static async Task<string?> SubjectAsync(
        string tenant,
        string person,
        JsonCursor place,
        PersonalVault vault,
        IStore store,
        CancellationToken cancellationToken
    )
    {
        var known = new SortedSet<string>(await vault.NamedAsync(tenant, person, cancellationToken), StringComparer.Ordinal);
        known.UnionWith((await store.KnownSubjectsAsync(tenant, [person], cancellationToken)).Values);
        if (known.Count == 1)
            return known.Min;
        place.Problem(
            known.Count == 0
                ? "is nobody whom the log has values of"
                : $"stands for several subjects; place a hold on each: {string.Join(", ", known)}"
        );
        return null;
    }

    private static async Task<IResult> ReleaseAsync(HttpContext context, string key, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            return body.Json.IsObject(Wrapping)
                ? await SubmitAsync(context, submissions, body, new ReleaseHold(key), "hold.release")
                : Problems.Of(body.Error!);
        }
    }

    private static async Task<IResult> SubmitAsync(
        HttpContext context,
        Submissions submissions,
        Body body,
        Operation operation,
        string action
    )
    {
        var change = Change.Edit(
            "",
            [operation],
            body.Json.OptionalString("reason", Change.MaxReason, context.Request.Query["reason"].ToString()),
            body.Json.NullableString("ticket", Change.MaxReference, minLength: 1),
            body.Json.NullableString("incident", Change.MaxReference, minLength: 1),
            action
        );
        return body.Error is { } error ? Problems.Of(error) : await submissions.SubmitAsync(context, change, body.Canonical);
    }
}
