using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;
using Halyard.Server.Management;

namespace Halyard.Server.Approvals;

/// <summary>Who approves for whom: given and withdrawn by the person whose approvals they are.</summary>
internal static class DelegationEndpoints
{
    private static readonly string[] Members = ["to", "scope", "validFrom", "validTo", "reason"];

    public static void MapDelegations(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/delegations", ListAsync)
            .WithName("listDelegations")
            .WithSummary("Who may approve for whom, in the order of ids; also those that are over or have not begun.")
            .Reads("delegation.read")
            .Produces<Page<DelegationAnswer>>();
        routes
            .MapPost("/delegations", GiveAsync)
            .WithName("giveDelegation")
            .WithSummary(
                "Lets another person approve for whoever sends this, for a while. Passes on nothing that was itself delegated."
            )
            .Writes<DelegationBody>();
        routes
            .MapDelete("/delegations/{id}", WithdrawAsync)
            .WithName("withdrawDelegation")
            .WithSummary("Withdraws a delegation; votes that were cast by it stand.")
            .Writes<ReasonBody>();
    }

    private static Task<IResult> ListAsync(HttpContext context, ProjectReader reader) =>
        ResourceLists.PageAsync(context, reader, ResourceKind.Delegation);

    private static async Task<IResult> GiveAsync(HttpContext context, Submissions submissions, TimeProvider time, Entropy entropy)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(Members))
                return Problems.Of(body.Error!);
            var wanted = new Delegation(
                entropy.NewId("dl"),
                Party.Of(context.Caller().Actor),
                Party.Human(Person(body.Json)),
                Scope(body.Json["scope"]),
                body.Json.OptionalTime("validFrom") ?? time.GetUtcNow(),
                End(body.Json)
            );
            return await SubmitAsync(context, submissions, body, new GiveDelegation(wanted), "delegation.create");
        }
    }

    private static async Task<IResult> WithdrawAsync(HttpContext context, string id, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            return body.Json.IsObject("reason")
                ? await SubmitAsync(context, submissions, body, new WithdrawDelegation(id), "delegation.revoke")
                : Problems.Of(body.Error!);
        }
    }

    private static string Person(JsonCursor json)
    {
        var person = json.RequiredString("to", Limits.Identifier);
        if (person.Length > 0 && !SubjectIds.IsId(person))
            json["to"].Problem("must be the id of a person, such as u_…");
        return person;
    }

    private static DateTimeOffset End(JsonCursor json)
    {
        if (!json["validTo"].Exists)
            json["validTo"].Problem("is required");
        return json.OptionalTime("validTo") ?? default;
    }

    private static DelegationScope Scope(JsonCursor json)
    {
        if (!json.Exists || !json.IsObject("project", "environments"))
            return new DelegationScope(null, []);
        return new DelegationScope(
            json["project"].Exists ? json.RequiredKey("project") : null,
            json.Strings("environments", RequestContent.MaxEnvironments)
        );
    }

    private static async Task<IResult> SubmitAsync(
        HttpContext context,
        Submissions submissions,
        Body body,
        Operation operation,
        string action
    )
    {
        var reason = body.Json.OptionalString("reason", Change.MaxReason, context.Request.Query["reason"].ToString());
        return body.Error is { } problem
            ? Problems.Of(problem)
            : await submissions.SubmitAsync(context, Change.Edit("", [operation], reason, action: action), body.Canonical);
    }
}
