using System.Globalization;
using Halyard.Contracts;
using Halyard.Core;
using Halyard.Server.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Halyard.Server.Management;

/// <summary>The one mapping from errors to problem+json (RFC 9457). docs/problems.md lists the types.</summary>
internal static class Problems
{
    private const string Base = "https://halyard.dev/problems/";

    /// <summary>The answer to an expected error.</summary>
    public static IResult Of(Error error) =>
        error switch
        {
            Error.Invalid invalid => Answer(
                422,
                "invalid",
                "The request is not valid",
                invalid.Problems.Count == 1 ? invalid.Problems[0].Message : $"{invalid.Problems.Count} things are wrong.",
                [.. invalid.Problems.Select(problem => new FieldError(problem.Pointer, problem.Message))]
            ),
            Error.NotFound missing => Answer(
                404,
                "not-found",
                "There is no such thing",
                $"There is no {missing.Kind} '{missing.Key}'."
            ),
            Error.StaleRevision stale => Answer(
                409,
                "stale-revision",
                "Somebody changed it in the meantime",
                string.Join(
                    " ",
                    stale.Resources.Select(item =>
                        $"The {item.Kind} '{item.Key}' is at revision {item.Actual}; the change is based on {item.Expected}."
                    )
                )
            ),
            Error.PreconditionFailed failed => Answer(
                412,
                "precondition-failed",
                "If-Match does not match",
                $"The revision is {failed.Actual}, not {failed.Expected}."
            ),
            Error.ContentChanged changed => Answer(
                412,
                "content-changed",
                "It says something else now",
                $"The content's hash is {changed.Actual}, not {changed.Expected}; look at it again."
            ),
            Error.WrongState wrong => Answer(409, "wrong-state", "It cannot be done where it stands", wrong.Reason),
            Error.IdempotencyKeyReused reused => Answer(
                409,
                "idempotency-key-reused",
                "The idempotency key was used for another request",
                $"'{reused.Key}' was used for another request within the last 24 hours."
            ),
            Error.Denied denied => Answer(403, "denied", "Policy denies it", denied.Reason),
            Error.Frozen frozen => Answer(423, "frozen", "A freeze holds it up", frozen.Reason),
            Error.ReauthenticationRequired demand => new ReauthenticationResult(
                demand,
                Answer(
                    401,
                    "reauthentication-required",
                    "This asks for a fresh log-in",
                    $"Log in again, no longer ago than {demand.MaxAgeSeconds} s"
                        + (demand.Acr.Count == 0 ? "." : $" and with acr {string.Join(" or ", demand.Acr)}.")
                )
            ),
            Error.NotReady early => Answer(409, "not-ready", "It is not ready yet", early.Reason),
            Error.Gone gone => Answer(410, "gone", "It was removed", gone.Reason),
            Error.StillInUse used => Answer(
                409,
                "still-in-use",
                "It still stands in live resources",
                "Edit or remove these first, then erase: " + string.Join(", ", used.Resources.Select(Name)) + ".",
                [.. used.Resources.Select(resource => new FieldError("", Name(resource)))]
            ),
            Error.Held held => Answer(
                409,
                "held",
                "A legal hold forbids it",
                $"It is covered by {string.Join(", ", held.Holds.Select(key => $"hold '{key}'"))}.",
                [.. held.Holds.Select(key => new FieldError("", $"hold '{key}'"))]
            ),
            Error.Contended => Answer(
                409,
                "contended",
                "Other changes kept winning",
                "Nothing was written; the same request may be sent again."
            ),
        };

    /// <summary>The body of the answer to an expected error, for where it is part of another answer.</summary>
    public static Problem BodyOf(Error error) =>
        (
            (JsonHttpResult<Problem>)(Of(error) is var result && result is ReauthenticationResult demand ? demand.Body : result)
        ).Value!;

    /// <summary>A log-in at an identity provider did not succeed; why is in the server's log.</summary>
    public static IResult LogInFailed() =>
        Answer(400, "log-in-failed", "The log-in did not succeed", "Begin again. The server's log says why.");

    /// <summary>A provider's word that somebody logged out is not believed; why is in the server's log.</summary>
    public static IResult LogOutRefused() =>
        Answer(400, "log-out-refused", "The logout token is not believed", "The server's log says why.");

    /// <summary>No usable credential.</summary>
    public static IResult Unauthenticated() =>
        Answer(
            401,
            "unauthenticated",
            "A credential is needed",
            "Send 'Authorization: Bearer …' with a credential of the right kind."
        );

    /// <summary>A log-in that failed, whatever was wrong with it: who tries learns nothing about who has an account.</summary>
    public static IResult WrongCredentials() =>
        Answer(401, "wrong-credentials", "The log-in failed", "The e-mail address or the password is wrong.");

    /// <summary>The password is right, and somebody else knows it: another must take its place.</summary>
    public static IResult PasswordChangeRequired() =>
        Answer(
            403,
            "password-change-required",
            "Choose a password of your own",
            "Somebody else set this password. Log in with it once more, with 'newPassword'."
        );

    /// <summary>Too many requests, or too many failures; <paramref name="wait"/> says how long to wait.</summary>
    public static IResult TooMany(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Answer(429, "too-many-requests", "Too many requests", "Wait as long as 'Retry-After' says.");
    }

    /// <summary>A cookie came with a request that another site may have made.</summary>
    public static IResult CrossSite() =>
        Answer(
            403,
            "cross-site",
            "The request does not prove that it comes from this site",
            "With a session's cookie, send its token in 'X-CSRF-Token' from a page of this server."
        );

    /// <summary>The body is not JSON.</summary>
    public static IResult Malformed(string detail) => Answer(400, "malformed", "The request cannot be read", detail);

    /// <summary>The body is larger than the endpoint takes.</summary>
    public static IResult TooLarge(long limit) =>
        Answer(413, "too-large", "The request is too large", $"At most {limit} bytes are taken here.");

    /// <summary>There is no such resource.</summary>
    public static IResult NotFound(string kind, string key) => Of(new Error.NotFound(kind, key));

    /// <summary>An answer for a status that the framework chose: no route, wrong method, a bug.</summary>
    public static IResult ForStatus(int status) =>
        status switch
        {
            404 => Answer(404, "not-found", "There is no such thing", "There is no such address."),
            405 => Answer(405, "method-not-allowed", "The method is not allowed here", null),
            413 => Answer(413, "too-large", "The request is too large", null),
            415 => Answer(415, "unsupported-media-type", "The content type is not supported", null),
            503 => Answer(
                503,
                "unavailable",
                "The store cannot be reached",
                "Flags are evaluated as they were; nothing can be changed. Try again as 'Retry-After' says, with the same idempotency key."
            ),
            >= 500 => Answer(status, "internal", "Something broke", "It was logged; the request's id helps to find it."),
            _ => Answer(status, "malformed", "The request cannot be read", null),
        };

    private static string Name(ResourceReference resource) =>
        resource.Project.Length == 0
            ? $"{resource.Kind} '{resource.Key}'"
            : $"{resource.Kind} '{resource.Key}' of project '{resource.Project}'";

    private static JsonHttpResult<Problem> Answer(
        int status,
        string type,
        string title,
        string? detail,
        IReadOnlyList<FieldError>? errors = null
    ) =>
        TypedResults.Json(
            new Problem(Base + type, title, status, detail, errors),
            ContractJson.Wire.Problem,
            "application/problem+json",
            status
        );
}
