using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Access.Users;
using Halyard.Core.Changes;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication.Sessions;
using Halyard.Server.Hosting;
using Halyard.Server.Management;

namespace Halyard.Server.Authentication.Local;

/// <summary>Logs in with e-mail address and password, and changes one's own password.</summary>
internal static class PasswordEndpoints
{
    private static readonly string[] LogInMembers = ["email", "password", "tenant", "token", "newPassword"];
    private static readonly string[] ChangeMembers = ["currentPassword", "newPassword"];

    public static void MapPasswords(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/auth/password", LogInAsync)
            .WithName("logInByPassword")
            .WithTags("Identity")
            .WithSummary(
                "Begins a browser's session by e-mail address and password; with \"token\": true gives a short-lived bearer token instead."
            )
            .AllowEverybody()
            .WithMetadata(SubmitsChangeMarker.Instance)
            .TakesBody<LogInBody>()
            .Produces<SessionAnswer>()
            .Produces<TokenAnswer>()
            .Produces<Problem>(401, "application/problem+json")
            .Produces<Problem>(403, "application/problem+json")
            .Produces<Problem>(422, "application/problem+json")
            .Produces<Problem>(429, "application/problem+json");
        routes
            .MapGet("/.well-known/jwks.json", (TokenKeys keys) => TypedResults.Bytes(keys.Published, "application/jwk-set+json"))
            .WithName("tokenKeys")
            .WithTags("Identity")
            .WithSummary("The public keys of the tokens that this server gives (RFC 7517).")
            .AllowEverybody()
            .Produces(200, contentType: "application/jwk-set+json");
        routes
            .MapPost("/auth/password/change", ChangeAsync)
            .WithName("changePassword")
            .WithTags("Identity")
            .WithSummary("Puts another password in place of one's own; every session ends, and this browser gets a new one.")
            .WithOwnSession()
            .WithMetadata(SubmitsChangeMarker.Instance)
            .TakesBody<PasswordChangeBody>()
            .Produces<SessionAnswer>()
            .Produces<Problem>(401, "application/problem+json")
            .Produces<Problem>(403, "application/problem+json")
            .Produces<Problem>(422, "application/problem+json")
            .Produces<Problem>(429, "application/problem+json");
    }

    private static async Task<IResult> LogInAsync(
        HttpContext context,
        PasswordLogIn logIn,
        PasswordChange change,
        OwnTokens tokens,
        BrowserSessions sessions,
        HalyardOptions options
    )
    {
        if (CrossSite.IsForeign(context.Request, options.PublicUrl))
            return Problems.CrossSite();
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(LogInMembers))
                return Problems.Of(body.Error!);
            var email = body.Json.RequiredString("email", User.MaxEmail);
            var password = body.Json.RequiredString("password", PasswordRules.MaxLength);
            var tenant = body.Json.OptionalString("tenant", Limits.Identifier, FirstStart.DefaultTenant);
            var wantsToken = body.Json.OptionalBool("token");
            var next = body.Json.NullableString("newPassword", Limits.Text, minLength: 1);
            if (next is not null && PasswordRules.Problem(next, User.Normal(email), password) is { } problem)
                body.Json["newPassword"].Problem(problem);
            if (body.Error is { } invalid)
                return Problems.Of(invalid);
            var proof = await logIn.ProveAsync(context, tenant, email, password);
            if (proof is LogInResult.MustWait wait)
                return Problems.TooMany(context, wait.Wait);
            if (proof is not LogInResult.Proven { User: var user })
                return Problems.WrongCredentials();
            if (next is null && user.MustChangePassword)
                return Problems.PasswordChangeRequired();
            if (next is not null)
            {
                if (!(await change.ToAsync(context, tenant, user, next)).TryGet(out var changed, out var error))
                    return Problems.Of(error);
                user = changed;
            }
            return wantsToken
                ? Answer(context, await tokens.IssueAsync(context, tenant, user))
                : await StartAsync(context, sessions, tenant, user, options);
        }
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext context,
        PasswordLogIn logIn,
        LocalUsers users,
        NewPasswords passwords,
        Submissions submissions,
        BrowserSessions sessions,
        HalyardOptions options
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            var open = context.OpenSession();
            if (!body.Json.IsObject(ChangeMembers))
                return Problems.Of(body.Error!);
            if (await users.FindAsync(open.Tenant, open.Subject, context.RequestAborted) is not { } user)
                return Problems.NotFound("user", open.Subject);
            var current = body.Json.RequiredString("currentPassword", PasswordRules.MaxLength);
            var next = body.Json.RequiredString("newPassword", Limits.Text);
            if (next.Length > 0 && PasswordRules.Problem(next, user.Email, current) is { } problem)
                body.Json["newPassword"].Problem(problem);
            if (body.Error is { } invalid)
                return Problems.Of(invalid);
            var proof = await logIn.ProveAsync(context, open.Tenant, user.Email, current);
            if (proof is LogInResult.MustWait wait)
                return Problems.TooMany(context, wait.Wait);
            if (proof is not LogInResult.Proven)
                return Problems.WrongCredentials();
            var kept = await passwords.KeepAsync(open.Tenant, user.Id, next, user, context.RequestAborted);
            if (!kept.TryGet(out var password, out var error))
                return Problems.Of(error);
            var operation = new SetPassword(user.Id, password.Id, MustChange: false) { Proved = user.Epoch };
            var change = Change.Edit("", [operation], "", action: PasswordChange.Action);
            var result = await submissions.RunAsync(context, change, []);
            if (!result.TryGet(out var outcome, out error))
                return Problems.Of(error);
            if (outcome is not Outcome.Applied)
                return Submissions.Answer(outcome);
            var changed = await users.FindAsync(open.Tenant, user.Id, context.RequestAborted);
            return changed is null
                ? Problems.NotFound("user", user.Id)
                : await StartAsync(context, sessions, open.Tenant, changed, options);
        }
    }

    private static IResult Answer(HttpContext context, Result<(string Token, TimeSpan Lifetime)> issued)
    {
        context.Response.Headers.CacheControl = "no-store";
        return issued.TryGet(out var token, out var error)
            ? TypedResults.Json(
                new TokenAnswer(token.Token, "Bearer", (int)token.Lifetime.TotalSeconds),
                ContractJson.Wire.TokenAnswer
            )
            : Problems.Of(error);
    }

    private static async Task<IResult> StartAsync(
        HttpContext context,
        BrowserSessions sessions,
        string tenant,
        User user,
        HalyardOptions options
    )
    {
        var started = await sessions.StartAsync(context, tenant, user, context.RequestAborted);
        return started.TryGet(out var open, out var error)
            ? SessionEndpoints.Answer(context, open, options.Identity.Session)
            : Problems.Of(error);
    }
}
