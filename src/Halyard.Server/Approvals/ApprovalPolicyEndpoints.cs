using System.Text.Json.Nodes;
using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Access.Roles;
using Halyard.Core.Changes;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Installing;
using Halyard.Core.Reading;
using Halyard.Server.Authentication;
using Halyard.Server.Management;

namespace Halyard.Server.Approvals;

/// <summary>The approval policies: read, and put in force.</summary>
internal static class ApprovalPolicyEndpoints
{
    public static void MapApprovalPolicies(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/policies", OneAsync)
            .WithName("getApprovalPolicies")
            .WithSummary("The approval policies in force, and what their authors should know of them.")
            .Reads("approval-policy.read")
            .Produces<ApprovalPoliciesAnswer>();
        routes
            .MapPut("/policies", ReplaceAsync)
            .WithName("putApprovalPolicies")
            .WithSummary(
                "Puts approval policies in force in the place of all that are. The first ones at once; from then on a second person must approve."
            )
            .Writes<ApprovalPoliciesBody>();
    }

    private static async Task<IResult> OneAsync(HttpContext context, ProjectReader reader)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var found = await reader.FindAsync(context.Caller().Actor.Tenant, InstalledPolicies.Place, context.RequestAborted);
        var installed = found?.Resource as InstalledPolicies;
        var notes = installed is null
            ? []
            : InstalledPolicies.Load(installed.Roles, installed.Checks, installed.Documents).Value.Notes;
        return TypedResults.Json(
            new ApprovalPoliciesAnswer(
                installed is not null,
                found?.Revision ?? 0,
                [.. (installed?.Documents ?? []).Select(document => new ApprovalPolicyBody(document.Project, document.Yaml))],
                [.. ShippedPolicies.Defaults.Concat(ShippedPolicies.OfPolicies).Select(policy => policy.Name)],
                [.. notes.Select(item => new PolicyNoteAnswer(item.Policy, item.Note.Rule, item.Note.Message))]
            ),
            ContractJson.Wire.ApprovalPoliciesAnswer
        );
    }

    private static async Task<IResult> ReplaceAsync(HttpContext context, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject("policies", "reason"))
                return Problems.Of(body.Error!);
            var documents = InstalledPolicies.ReadDocuments(body.Json);
            var reason = body.Json.OptionalString("reason", Change.MaxReason);
            if (body.Error is { } error)
                return Problems.Of(error);
            var source = new JsonObject
            {
                ["op"] = SetApprovalPolicies.WireName,
                ["policies"] = JsonNode.Parse(body.Json["policies"].Element.GetRawText()),
            };
            var operation = new SetApprovalPolicies(documents) { Source = source.ToJsonString() };
            var change = Change.Edit("", [operation], reason, action: Actions.ChangeApprovals);
            return await submissions.SubmitAsync(context, change, body.Canonical);
        }
    }
}
