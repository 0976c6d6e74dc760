using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Access.Services;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;

namespace Halyard.Server.Management;

/// <summary>Creates, lists and changes service accounts. Their tokens are made, rotated and revoked as all tokens are.</summary>
internal static class ServiceAccountEndpoints
{
    private static readonly string[] CreateMembers = ["name", "description", "reason"];
    private static readonly string[] UpdateMembers = ["name", "description", "enabled", "reason"];

    public static void MapServiceAccounts(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/service-accounts", ListAsync)
            .WithName("listServiceAccounts")
            .Reads("service-account.read")
            .Produces<Page<ServiceAccountAnswer>>();
        routes
            .MapGet("/service-accounts/{account}", OneAsync)
            .WithName("getServiceAccount")
            .Reads("service-account.read")
            .Produces<ServiceAccountAnswer>()
            .Produces<Problem>(404, "application/problem+json");
        routes
            .MapPost("/service-accounts", CreateAsync)
            .WithName("createServiceAccount")
            .WithSummary("Creates a service account, for which you answer; roles are assigned to its id, tokens made of it.")
            .Writes<ServiceAccountBody>()
            .Produces<CreatedServiceAccountAnswer>();
        routes
            .MapPatch("/service-accounts/{account}", UpdateAsync)
            .WithName("updateServiceAccount")
            .WithSummary("Changes what describes a service account, disables or enables it; takes If-Match.")
            .Writes<ServiceAccountUpdateBody>();
        routes
            .MapPost(
                "/service-accounts/{account}/take-over",
                (HttpContext context, string account, Submissions submissions) =>
                    SubmitAsync(
                        context,
                        submissions,
                        new TakeOverServiceAccount(account, CredentialEndpoints.OwnerOf(context.Caller().Actor)),
                        "service-account.update"
                    )
            )
            .WithName("takeOverServiceAccount")
            .WithSummary("Makes you the person who answers for a service account; its tokens of before are worth nothing.")
            .Writes<ReasonBody>();
        routes
            .MapDelete(
                "/service-accounts/{account}",
                (HttpContext context, string account, Submissions submissions) =>
                    SubmitAsync(context, submissions, new DeleteServiceAccount(account), "service-account.delete")
            )
            .WithName("deleteServiceAccount")
            .WithSummary("Deletes a service account; its tokens are worth nothing, and its id is never used again.")
            .Writes<ReasonBody>();
    }

    private static Task<IResult> ListAsync(HttpContext context, ProjectReader reader) =>
        ResourceLists.PageAsync(context, reader, ResourceKind.ServiceAccount);

    private static async Task<IResult> OneAsync(HttpContext context, string account, ProjectReader reader) =>
        await reader.FindAsync(context.Caller().Actor.Tenant, ServiceAccount.NameOf(account), context.RequestAborted) is { } found
            ? Documents.One(context, found)
            : Problems.NotFound("service account", account);

    private static async Task<IResult> CreateAsync(HttpContext context, Submissions submissions, Entropy entropy)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(CreateMembers))
                return Problems.Of(body.Error!);
            var operation = new CreateServiceAccount(
                entropy.NewId(ServiceAccount.IdPrefix[..^1]),
                body.Json.RequiredString("name", Limits.Identifier),
                body.Json.OptionalString("description", Limits.Text),
                CredentialEndpoints.OwnerOf(context.Caller().Actor)
            );
            var reason = body.Json.OptionalString("reason", Change.MaxReason);
            if (body.Error is { } invalid)
                return Problems.Of(invalid);
            var change = Change.Edit("", [operation], reason, action: "service-account.create");
            var result = await submissions.RunAsync(context, change, body.Canonical);
            if (!result.TryGet(out var outcome, out var error))
                return Problems.Of(error);
            return outcome is Outcome.Applied applied
                ? TypedResults.Json(
                    new CreatedServiceAccountAnswer(applied.Revisions[0].Name.Key, Submissions.Receipt(applied.Receipt)),
                    ContractJson.Wire.CreatedServiceAccountAnswer
                )
                : Submissions.Answer(outcome);
        }
    }

    private static async Task<IResult> UpdateAsync(HttpContext context, string account, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(UpdateMembers))
                return Problems.Of(body.Error!);
            var update = new UpdateServiceAccount(
                account,
                body.Json.NullableString("name", Limits.Identifier, minLength: 1),
                body.Json.NullableString("description", Limits.Text),
                body.Json["enabled"].Exists ? body.Json.RequiredBool("enabled") : null
            );
            return await SubmitAsync(context, submissions, body, update, "service-account.update");
        }
    }

    private static async Task<IResult> SubmitAsync(
        HttpContext context,
        Submissions submissions,
        Operation operation,
        string action
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            return body.Json.IsObject("reason")
                ? await SubmitAsync(context, submissions, body, operation, action)
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
        var reason = body.Json.OptionalString("reason", Change.MaxReason, context.Request.Query["reason"].ToString());
        return body.Error is { } error
            ? Problems.Of(error)
            : await submissions.SubmitAsync(context, Change.Edit("", [operation], reason, action: action), body.Canonical);
    }
}
