using Halyard.Contracts;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Effects;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Management;

/// <summary>Erases people's personal values.</summary>
internal static class PrivacyEndpoints
{
    private static readonly string[] Members = ["subject", "name", "reason", "ticket", "incident"];

    public static void MapPrivacy(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/privacy/erasures", EraseAsync)
            .WithName("eraseSubject")
            .WithSummary(
                "Erases the personal values of a subject, or of everybody whom a name, e-mail address or targeting key stands for; every proof stays valid."
            )
            .Writes<ErasureBody>()
            .Produces<ChangeAnswer>();

    private static async Task<IResult> EraseAsync(HttpContext context, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            var json = body.Json;
            if (!json.IsObject(Members))
                return Problems.Of(body.Error!);
            var subject = json.NullableString("subject", Limits.Identifier, minLength: 1);
            var name = json.NullableString("name", Change.MaxReason, minLength: 1);
            if (subject is null && name is null && body.Problems.Count == 0)
                json.Problem("needs a subject or a name");
            var change = Change.Erase(
                new EffectRequest.Erase(subject is null ? [] : [subject], name),
                json.OptionalString("reason", Change.MaxReason),
                json.NullableString("ticket", Change.MaxReference, minLength: 1),
                json.NullableString("incident", Change.MaxReference, minLength: 1)
            );
            return body.Error is { } error ? Problems.Of(error) : await submissions.SubmitAsync(context, change, body.Canonical);
        }
    }
}
