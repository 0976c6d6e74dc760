using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Halyard.Server.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Halyard.Server.Publishing.Signing;

/// <summary>The API of a signer in a process of its own: two endpoints, closed to whoever does not know its secret.</summary>
internal static class SigningEndpoints
{
    private const string Text = "text/plain; charset=utf-8";
    private const string Bearer = "Bearer ";

    public static void MapSigner(this WebApplication app, string token)
    {
        var secret = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        app.Use(
            (context, next) =>
            {
                if (Knows(context, secret))
                    return next(context);
                context.Response.Headers.WWWAuthenticate = "Bearer";
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Task.CompletedTask;
            }
        );
        app.MapGet("/keys", KeysAsync);
        app.MapPost("/sign", SignAsync);
    }

    private static async Task<ContentHttpResult> KeysAsync(HttpContext context, ISigner signer)
    {
        var keys = await signer.KeysAsync(context.RequestAborted);
        return TypedResults.Content(string.Concat(keys.Select(key => $"{key}\n")), Text);
    }

    private static async Task<IResult> SignAsync(HttpContext context, ISigner signer)
    {
        var (bytes, tooLarge) = await BoundedBody.ReadAsync(context, SignBody.MaxBytes);
        if (tooLarge)
            return TypedResults.StatusCode(StatusCodes.Status413PayloadTooLarge);
        if (Read(bytes) is not { } body || !body.TryRead(out var request))
            return TypedResults.StatusCode(StatusCodes.Status400BadRequest);
        return await signer.SignAsync(request, context.RequestAborted) switch
        {
            SigningAnswer.Signed signed => TypedResults.Content(signed.Note.ToString(), Text),
            SigningAnswer.Stale stale => TypedResults.Json(
                new StaleBody(stale.Size, stale.Root.ToString()),
                SigningJson.Default.StaleBody,
                statusCode: StatusCodes.Status409Conflict
            ),
            SigningAnswer.Refused refused => TypedResults.Json(
                new RefusedBody(refused.Reason),
                SigningJson.Default.RefusedBody,
                statusCode: StatusCodes.Status422UnprocessableEntity
            ),
        };
    }

    private static SignBody? Read(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, SigningJson.Default.SignBody);
        }
        catch (JsonException)
        {
            // Whatever it is, it is answered as not understood.
            return null;
        }
    }

    /// <summary>Compares digests, which takes the same time whatever was sent.</summary>
    private static bool Knows(HttpContext context, byte[] secret)
    {
        var sent = context.Request.Headers.Authorization.ToString();
        return sent.StartsWith(Bearer, StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(sent[Bearer.Length..])), secret);
    }
}
