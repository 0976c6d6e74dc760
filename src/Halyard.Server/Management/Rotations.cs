using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Server.Authentication;

namespace Halyard.Server.Management;

/// <summary>Gives credentials another secret, while the one of now works on for as long as it takes to bring the new one everywhere.</summary>
internal static class Rotations
{
    private const int DefaultOverlap = 86_400;
    private const int MaxOverlap = 30 * 86_400;

    private static readonly string[] Members = ["overlapSeconds", "expiresAt", "reason"];

    public static Task<IResult> TokenAsync(
        HttpContext context,
        string id,
        Submissions submissions,
        TimeProvider time,
        Entropy entropy
    ) =>
        RotateAsync(
            context,
            id,
            "token.rotate",
            (secret, until, expires) => new RotateToken(id, secret, until, expires),
            submissions,
            time,
            entropy
        );

    public static Task<IResult> SdkKeyAsync(
        HttpContext context,
        string id,
        Submissions submissions,
        TimeProvider time,
        Entropy entropy
    ) =>
        RotateAsync(
            context,
            id,
            "sdk-key.rotate",
            (secret, until, expires) => new RotateSdkKey(id, secret, until, expires),
            submissions,
            time,
            entropy
        );

    private static async Task<IResult> RotateAsync(
        HttpContext context,
        string id,
        string action,
        Func<Ledger.Digest, DateTimeOffset, DateTimeOffset?, Operation> operation,
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
            if (!body.Json.IsObject(Members))
                return Problems.Of(body.Error!);
            var overlap = body.Json.OptionalInt("overlapSeconds", DefaultOverlap, 0, MaxOverlap);
            var expires = CredentialEndpoints.ExpiryOf(body.Json, time);
            var (secret, digest) = Credential.Create(context.Caller().Actor.Tenant, id, entropy);
            var rotate = operation(digest, Seal.Microseconds(time.GetUtcNow().AddSeconds(overlap)), expires);
            return await CredentialEndpoints.CreateAsync(context, submissions, body, rotate, action, id, secret);
        }
    }
}
