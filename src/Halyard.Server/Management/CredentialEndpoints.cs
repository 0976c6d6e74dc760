using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Access.Services;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;

namespace Halyard.Server.Management;

/// <summary>Creates, lists and revokes bearer tokens and SDK keys. A secret is answered once and never stored.</summary>
internal static class CredentialEndpoints
{
    private static readonly string[] TokenMembers = ["name", "role", "roles", "serviceAccount", "scope", "expiresAt", "reason"];

    private static readonly string[] SdkKeyMembers = ["name", "project", "environment", "clientSide", "expiresAt", "reason"];

    public static void MapCredentials(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet(
                "/tokens",
                (HttpContext context, ProjectReader reader, CredentialUse use) =>
                    ListAsync(context, reader, use, ResourceKind.Token)
            )
            .WithName("listTokens")
            .Reads("token.read")
            .Produces<Page<CredentialAnswer>>();
        routes
            .MapGet(
                "/sdk-keys",
                (HttpContext context, ProjectReader reader, CredentialUse use) =>
                    ListAsync(context, reader, use, ResourceKind.SdkKey)
            )
            .WithName("listSdkKeys")
            .ReadsVisible("sdk-key.read")
            .Produces<Page<CredentialAnswer>>();
        routes
            .MapPost("/tokens", CreateTokenAsync)
            .WithName("createToken")
            .WithSummary(
                "Creates a bearer token with roles, built-in ones or the tenant's, or of a service account; its secret is in this answer alone."
            )
            .Writes<TokenBody>()
            .Produces<CreatedCredentialAnswer>();
        routes
            .MapPost("/sdk-keys", CreateSdkKeyAsync)
            .WithName("createSdkKey")
            .WithSummary("Creates a key with which programs evaluate one environment; its secret is in this answer alone.")
            .Writes<SdkKeyBody>()
            .Produces<CreatedCredentialAnswer>();
        routes
            .MapPost("/tokens/{id}/rotate", Rotations.TokenAsync)
            .WithName("rotateToken")
            .WithSummary("Gives a token another secret, in this answer alone; the one of now works on for overlapSeconds.")
            .Writes<RotationBody>()
            .Produces<CreatedCredentialAnswer>();
        routes
            .MapPost("/sdk-keys/{id}/rotate", Rotations.SdkKeyAsync)
            .WithName("rotateSdkKey")
            .WithSummary("Gives an SDK key another secret, in this answer alone; the one of now works on for overlapSeconds.")
            .Writes<RotationBody>()
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

    private static async Task<IResult> ListAsync(HttpContext context, ProjectReader reader, CredentialUse use, ResourceKind kind)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "limit", "cursor");
        var limit = Paging.Limit(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var tenant = context.Caller().Actor.Tenant;
        var cursor = Paging.Text(context, "cursor");
        var (items, next) = await reader.ListAsync(tenant, kind, "", context.Sees, cursor, limit, context.RequestAborted);
        return Documents.Page(items, next, await use.LastAsync(tenant, context.RequestAborted));
    }

    private static async Task<IResult> CreateTokenAsync(
        HttpContext context,
        Submissions submissions,
        TimeProvider time,
        Entropy entropy
    )
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
                RolesOf(body.Json),
                body.Json.NullableString("serviceAccount", Limits.Identifier, minLength: 1) ?? entropy.NewId("s"),
                digest
            )
            {
                ExpiresAt = ExpiryOf(body.Json, time),
                Scope = ScopeOf(body.Json["scope"], context.Caller().Actor),
                Owner = OwnerOf(context.Caller().Actor),
            };
            return await CreateAsync(context, submissions, body, operation, "token.create", id, secret);
        }
    }

    private static async Task<IResult> CreateSdkKeyAsync(
        HttpContext context,
        Submissions submissions,
        TimeProvider time,
        Entropy entropy
    )
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
            )
            {
                ExpiresAt = ExpiryOf(body.Json, time),
                ClientSide = body.Json.OptionalBool("clientSide"),
            };
            return await CreateAsync(context, submissions, body, operation, "sdk-key.create", id, secret);
        }
    }

    /// <summary>What a token shall carry: one role, several, or those of a service account.</summary>
    private static Sequence<string> RolesOf(JsonCursor json)
    {
        var account = json["serviceAccount"];
        if (account.Exists && !ServiceAccount.IsOne(json.NullableString("serviceAccount", Limits.Identifier) ?? ""))
            account.Problem("must be the id of a service account");
        if (new[] { json["role"], account, json["roles"] }.Count(member => member.Exists) > 1)
            json["roles"].Problem("stands in place of role and of serviceAccount");
        if (account.Exists)
            return [];
        return json["roles"].Exists
            ? json.Strings("roles", Token.MaxRoles, Limits.Identifier)
            : [json.RequiredString("role", Limits.Identifier)];
    }

    /// <summary>When a credential shall end.</summary>
    public static DateTimeOffset? ExpiryOf(JsonCursor json, TimeProvider time)
    {
        var expires = json.OptionalTime("expiresAt");
        if (expires <= time.GetUtcNow())
            json["expiresAt"].Problem("must lie in the future");
        return expires is { } at ? Seal.Microseconds(at) : null;
    }

    /// <summary>Where a token shall count: nowhere that its maker's own credential does not.</summary>
    private static ResourcePattern ScopeOf(JsonCursor json, Actor maker)
    {
        var wanted = RoleJson.ReadPattern(json);
        if (wanted.Within(maker.Limits) is { } scope)
            return scope;
        json.Problem("lies outside of where your own credential counts");
        return wanted;
    }

    /// <summary>Who answers for a token: the person who makes it, or whoever answers for the token that does. Nobody names another.</summary>
    public static string? OwnerOf(Actor maker) => maker.Kind == ActorKind.User ? maker.Subject : maker.Owner;

    /// <summary>Submits a change that gives somebody a secret, and answers with it.</summary>
    public static async Task<IResult> CreateAsync(
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
