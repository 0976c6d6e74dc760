using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Access.Users;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;
using Halyard.Server.Authentication.Local;

namespace Halyard.Server.Management;

/// <summary>Creates, lists and changes the users that this server itself knows. A password that is drawn is answered once.</summary>
internal static class UserEndpoints
{
    private static readonly string[] CreateMembers = ["email", "name", "roles", "password", "reason"];
    private static readonly string[] UpdateMembers = ["email", "name", "roles", "reason"];
    private static readonly string[] ResetMembers = ["password", "reason"];

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users", ListAsync).WithName("listUsers").Reads("user.read").Produces<Page<UserAnswer>>();
        routes
            .MapGet("/users/{user}", OneAsync)
            .WithName("getUser")
            .Reads("user.read")
            .Produces<UserAnswer>()
            .Produces<Problem>(404, "application/problem+json");
        routes
            .MapPost("/users", CreateAsync)
            .WithName("createUser")
            .WithSummary("Creates a user; a password that is drawn is in this answer alone.")
            .Writes<UserBody>()
            .Produces<NewPasswordAnswer>();
        routes
            .MapPatch("/users/{user}", UpdateAsync)
            .WithName("updateUser")
            .WithSummary("Changes what describes a user; takes If-Match. The id stays, whatever the address.")
            .Writes<UserUpdateBody>();
        routes
            .MapPost("/users/{user}/reset-password", ResetAsync)
            .WithName("resetPassword")
            .WithSummary(
                "Gives a user another password; every session of theirs ends, and they choose one of their own at the next log-in."
            )
            .Writes<PasswordResetBody>()
            .Produces<NewPasswordAnswer>();
        routes
            .MapPost(
                "/users/{user}/disable",
                (HttpContext context, string user, Submissions submissions) =>
                    SubmitAsync(context, submissions, new SetUserEnabled(user, false), "user.disable")
            )
            .WithName("disableUser")
            .WithSummary("Ends every session of a user and lets them log in no more.")
            .Writes<ReasonBody>();
        routes
            .MapPost(
                "/users/{user}/enable",
                (HttpContext context, string user, Submissions submissions) =>
                    SubmitAsync(context, submissions, new SetUserEnabled(user, true), "user.enable")
            )
            .WithName("enableUser")
            .Writes<ReasonBody>();
        routes
            .MapDelete("/users/{user}", DeleteAsync)
            .WithName("deleteUser")
            .WithSummary("Deletes a user; their id is never used again.")
            .Writes<ReasonBody>();
    }

    private static Task<IResult> ListAsync(HttpContext context, ProjectReader reader) =>
        ResourceLists.PageAsync(context, reader, ResourceKind.User);

    private static async Task<IResult> OneAsync(HttpContext context, string user, ProjectReader reader) =>
        await reader.FindAsync(context.Caller().Actor.Tenant, User.NameOf(user), context.RequestAborted) is { } found
            ? Documents.One(context, found)
            : Problems.NotFound("user", user);

    private static async Task<IResult> CreateAsync(
        HttpContext context,
        Submissions submissions,
        ChangeService changes,
        NewPasswords passwords,
        PasswordVault vault,
        ProjectReader reader,
        Entropy entropy
    )
    {
        var caller = context.Caller();
        // Before a password is hashed and kept: that is work, and not for everybody.
        if (await changes.AuthorizeAsync(caller.Actor, caller.Request, "user.create", "", context.RequestAborted) is { } denied)
            return Problems.Of(denied);
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(CreateMembers))
                return Problems.Of(body.Error!);
            var email = EmailOf(body.Json["email"], body.Json.RequiredString("email", User.MaxEmail));
            var title = body.Json.OptionalString("name", Limits.Identifier);
            var roles = body.Json.Strings("roles", User.MaxRoles, Limits.Identifier);
            var given = GivenPassword(body, email);
            var reason = body.Json.OptionalString("reason", Change.MaxReason);
            if (body.Error is { } invalid)
                return Problems.Of(invalid);
            var id = entropy.NewId("u");
            var kept = await passwords.KeepAsync(caller.Actor.Tenant, id, given, null, context.RequestAborted);
            if (!kept.TryGet(out var password, out var error))
                return Problems.Of(error);
            var operation = new CreateUser(id, email, title, roles, password.Id);
            var change = Change.Edit("", [operation], reason, action: "user.create");
            var answer = await AnswerAsync(context, submissions, change, body, password);
            // Nobody was made: the address was taken, or the request was answered before.
            if (await reader.FindAsync(caller.Actor.Tenant, User.NameOf(id), CancellationToken.None) is null)
                await vault.ForgetAsync(caller.Actor.Tenant, id, CancellationToken.None);
            return answer;
        }
    }

    private static async Task<IResult> ResetAsync(
        HttpContext context,
        string user,
        Submissions submissions,
        ChangeService changes,
        NewPasswords passwords,
        ProjectReader reader
    )
    {
        var caller = context.Caller();
        var (tenant, cancellationToken) = (caller.Actor.Tenant, context.RequestAborted);
        if (
            await changes.AuthorizeAsync(caller.Actor, caller.Request, "user.reset-password", "", cancellationToken) is { } denied
        )
            return Problems.Of(denied);
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(ResetMembers))
                return Problems.Of(body.Error!);
            if ((await reader.FindAsync(tenant, User.NameOf(user), cancellationToken))?.Resource is not User found)
                return Problems.NotFound("user", user);
            var given = GivenPassword(body, found.Email);
            var reason = body.Json.OptionalString("reason", Change.MaxReason);
            if (body.Error is { } invalid)
                return Problems.Of(invalid);
            var kept = await passwords.KeepAsync(tenant, user, given, found, cancellationToken);
            if (!kept.TryGet(out var password, out var error))
                return Problems.Of(error);
            var change = Change.Edit(
                "",
                [new SetPassword(user, password.Id, MustChange: true)],
                reason,
                action: "user.reset-password"
            );
            return await AnswerAsync(context, submissions, change, body, password);
        }
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext context,
        Submissions submissions,
        Change change,
        Body body,
        NewPassword password
    )
    {
        var result = await submissions.RunAsync(context, change, body.CanonicalWithout("password"));
        if (!result.TryGet(out var outcome, out var error))
            return Problems.Of(error);
        if (outcome is not Outcome.Applied applied)
            return Submissions.Answer(outcome);
        context.Response.Headers.CacheControl = "no-store";
        var answer = new NewPasswordAnswer(
            applied.Revisions[0].Name.Key,
            applied.Replayed ? null : password.Drawn,
            Submissions.Receipt(applied.Receipt)
        );
        return TypedResults.Json(answer, ContractJson.Wire.NewPasswordAnswer);
    }

    private static async Task<IResult> UpdateAsync(HttpContext context, string user, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(UpdateMembers))
                return Problems.Of(body.Error!);
            var email = body.Json.NullableString("email", User.MaxEmail, minLength: 1);
            var update = new UpdateUser(
                user,
                email is null ? null : EmailOf(body.Json["email"], email),
                body.Json.NullableString("name", Limits.Identifier),
                body.Json["roles"].Exists ? body.Json.Strings("roles", User.MaxRoles, Limits.Identifier) : null
            );
            var reason = body.Json.OptionalString("reason", Change.MaxReason);
            return body.Error is { } error
                ? Problems.Of(error)
                : await submissions.SubmitAsync(
                    context,
                    Change.Edit("", [update], reason, action: "user.update"),
                    body.Canonical
                );
        }
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext context,
        string user,
        Submissions submissions,
        PasswordVault passwords,
        ProjectReader reader
    )
    {
        var answer = await SubmitAsync(context, submissions, new DeleteUser(user), "user.delete");
        var tenant = context.Caller().Actor.Tenant;
        // Whoever is gone has no password; should this not be reached, it counts for nothing all the same.
        if (await reader.FindAsync(tenant, User.NameOf(user), CancellationToken.None) is null)
            await passwords.ForgetAsync(tenant, user, CancellationToken.None);
        return answer;
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
            if (!body.Json.IsObject("reason"))
                return Problems.Of(body.Error!);
            var reason = body.Json.OptionalString("reason", Change.MaxReason, context.Request.Query["reason"].ToString());
            return body.Error is { } error
                ? Problems.Of(error)
                : await submissions.SubmitAsync(context, Change.Edit("", [operation], reason, action: action), body.Canonical);
        }
    }

    private static string EmailOf(JsonCursor place, string text)
    {
        var email = User.Normal(text);
        if (text.Length > 0 && !User.IsEmail(email))
            place.Problem("must be an e-mail address");
        return email;
    }

    private static string? GivenPassword(Body body, string email)
    {
        var given = body.Json.NullableString("password", Limits.Text, minLength: 1);
        if (given is not null && PasswordRules.Problem(given, email) is { } problem)
            body.Json["password"].Problem(problem);
        return given;
    }
}
