using System.Text.Json.Nodes;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Management;

namespace Halyard.Server.Gates;

/// <summary>Submits one operation on what governs changes, in the form in which it can wait for approval.</summary>
internal static class GoverningWrites
{
    private static readonly string[] Wrapping = ["reason", "ticket", "incident"];

    /// <summary>Reads the body and submits.</summary>
    /// <param name="context">The request.</param>
    /// <param name="members">The members that its body may have.</param>
    /// <param name="name">The operation's name where it waits.</param>
    /// <param name="read">Reads the operation.</param>
    /// <param name="submissions">Where to.</param>
    public static async Task<IResult> SubmitAsync(
        HttpContext context,
        string[] members,
        string name,
        Func<JsonCursor, Operation> read,
        Submissions submissions
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(members))
                return Problems.Of(body.Error!);
            var operation = read(body.Json);
            var reason = body.Json.OptionalString(
                "reason",
                Change.MaxReason,
                HttpMethods.IsDelete(context.Request.Method) ? context.Request.Query["reason"].ToString() : ""
            );
            var ticket = body.Json.NullableString("ticket", Change.MaxReference, minLength: 1);
            var incident = body.Json.NullableString("incident", Change.MaxReference, minLength: 1);
            if (body.Error is { } error)
                return Problems.Of(error);
            var waiting = operation with { Source = SourceOf(body, name, operation) };
            var action = GoverningOperations.ActionOf(operation)!;
            var change = Change.Edit("", [waiting], reason, ticket, incident, action);
            return await submissions.SubmitAsync(context, change, body.Canonical);
        }
    }

    private static string SourceOf(Body body, string name, Operation operation)
    {
        var source = (JsonObject)JsonNode.Parse(body.Canonical)!;
        foreach (var member in Wrapping)
            source.Remove(member);
        source["op"] = name;
        // In its place in the address.
        if (operation.Target("") is { Kind: ResourceKind.Check } target)
            source["key"] = target.Key;
        return source.ToJsonString();
    }
}
