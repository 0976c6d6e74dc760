using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;

namespace Halyard.Server.Management;

/// <summary>Creates, lists and revokes bearer tokens and SDK keys. A secret is answered once and never stored.</summary>
internal static class CredentialEndpoints
{
    private static readonly string[] TokenMembers = ["name", "role", "reason"];
    private static readonly string[] SdkKeyMembers = ["name", "project", "environment", "reason"];

    public static void MapCredentials(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/tokens", (HttpContext context, ProjectReader reader) => ListAsync(context, reader, ResourceKind.Token))
            .WithName("listTokens")
            .Reads("token.read")
            .Produces<Page<CredentialAnswer>>();
        routes
            .MapGet("/sdk-keys", (HttpContext context, ProjectReader reader) => ListAsync(context, reader, ResourceKind.SdkKey))
            .WithName("listSdkKeys")
            .ReadsVisible("sdk-key.read")
            .Produces<Page<CredentialAnswer>>();
        routes
            .MapPost("/tokens", CreateTokenAsync)
            .WithName("createToken")
            .WithSummary("Creates a bearer token with role ADMIN or CLIENT; its secret is in this answer alone.")
            .Writes<TokenBody>()
            .Produces<CreatedCredentialAnswer>();
        routes
            .MapPost("/sdk-keys", CreateSdkKeyAsync)
            .WithName("createSdkKey")
            .WithSummary("Creates a key with which programs evaluate one environment; its secret is in this answer alone.")
            .Writes<SdkKeyBody>()
            .Produces<CreatedCredentialAnswer>();
        routes
            .MapDelete(
                "/tokens/{id}",
                (HttpContext context, string id, Submissions submissions) =>
                    RevokeAsync(context, new RevokeToken(id), submissions)
            )
            .WithName("revokeToken")
            .Writes<ReasonBody>();
        routes
            .MapDelete(
                "/sdk-keys/{id}",
                (HttpContext context, string id, Submissions submissions) =>
                    RevokeAsync(context, new RevokeSdkKey(id), submissions)
            )
            .WithName("revokeSdkKey")
            .Writes<ReasonBody>();
    }

    private static async Task<IResult> ListAsync(HttpContext context, ProjectReader reader, ResourceKind kind)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "limit", "cursor");
        var limit = Paging.Limit(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var tenant = context.Caller().Actor.Tenant;
        var cursor = Paging.Text(context, "cursor");
        var (items, next) = await reader.ListAsync(tenant, kind, "", context.Sees, cursor, limit, context.RequestAborted);
        return Documents.Page(items, next);
    }

    private static async Task<IResult> CreateTokenAsync(HttpContext context, Submissions submissions, Entropy entropy)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(TokenMembers))
                return Problems.Of(body.Error!);
            var id = entropy.NewId("t");
            var (secret, digest) = Credential.Create(context.Caller().Actor.Tenant, id, entropy);
            var operation = new CreateToken(
                id,
                body.Json.RequiredString("name", Limits.Identifier),
                body.Json.RequiredString("role", Limits.Identifier),
                entropy.NewId("s"),
                digest
            );
            return await CreateAsync(context, submissions, body, operation, "token.create", id, secret);
        }
    }

    private static async Task<IResult> CreateSdkKeyAsync(HttpContext context, Submissions submissions, Entropy entropy)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(SdkKeyMembers))
                return Problems.Of(body.Error!);
            var id = entropy.NewId("k");
            var (secret, digest) = Credential.Create(context.Caller().Actor.Tenant, id, entropy);
            var operation = new CreateSdkKey(
                id,
                body.Json.RequiredString("name", Limits.Identifier),
                body.Json.RequiredKey("project"),
                body.Json.RequiredKey("environment"),
                digest
            );
            return await CreateAsync(context, submissions, body, operation, "sdk-key.create", id, secret);
        }
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context,
        Submissions submissions,
        Body body,
        Operation operation,
        string action,
        string id,
        string secret
    )
    {
        var reason = body.Json.OptionalString("reason", Change.MaxReason);
        if (body.Error is { } invalid)
            return Problems.Of(invalid);
        var change = Change.Edit("", [operation], reason, action: action);
        var result = await submissions.RunAsync(context, change, body.Canonical);
        if (!result.TryGet(out var outcome, out var error))
            return Problems.Of(error);
        if (outcome is not Outcome.Applied applied)
            return Submissions.Answer(outcome);
        // A repeated request gets the first answer's id, but not its secret: that was shown once and is stored nowhere.
        var answer = applied.Replayed
            ? new CreatedCredentialAnswer(applied.Revisions[0].Name.Key, null, Submissions.Receipt(applied.Receipt))
            : new CreatedCredentialAnswer(id, secret, Submissions.Receipt(applied.Receipt));
        return TypedResults.Json(answer, ContractJson.Wire.CreatedCredentialAnswer);
    }

    private static async Task<IResult> RevokeAsync(HttpContext context, Operation operation, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject("reason"))
                return Problems.Of(body.Error!);
            var action = operation is RevokeToken ? "token.revoke" : "sdk-key.revoke";
            var reason = body.Json.OptionalString("reason", Change.MaxReason, context.Request.Query["reason"].ToString());
            return body.Error is { } error
                ? Problems.Of(error)
                : await submissions.SubmitAsync(context, Change.Edit("", [operation], reason, action: action), body.Canonical);
        }
    }
}
