using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Access.Roles;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;
using Halyard.Server.Management;

namespace Halyard.Server.Authorization;

/// <summary>Who has which role, where and until when.</summary>
internal static class AssignmentEndpoints
{
    private static readonly string[] Members = ["subject", "group", "role", "scope", "notBefore", "notAfter", "reason"];

    public static void MapAssignments(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/assignments", ListAsync)
            .WithName("listAssignments")
            .WithSummary("Which roles are given to whom; also those that are not in force yet, or not any more.")
            .Reads("assignment.read")
            .Produces<Page<AssignmentAnswer>>();
        routes
            .MapPost("/assignments", CreateAsync)
            .WithName("createAssignment")
            .WithSummary("Gives a role to a subject, or to all who belong to a group.")
            .Writes<AssignmentBody>();
        routes
            .MapDelete("/assignments/{assignment}", DeleteAsync)
            .WithName("deleteAssignment")
            .WithSummary("Takes a role away.")
            .Writes<ReasonBody>();
    }

    private static Task<IResult> ListAsync(HttpContext context, ProjectReader reader) =>
        ResourceLists.PageAsync(context, reader, ResourceKind.Assignment);

    private static async Task<IResult> CreateAsync(HttpContext context, Submissions submissions, Entropy entropy)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            var json = body.Json;
            if (!json.IsObject(Members))
                return Problems.Of(body.Error!);
            var create = new CreateAssignment(
                entropy.NewId("a"),
                json.NullableString("subject", Limits.Identifier, minLength: 1),
                json.NullableString("group", RoleJson.MaxGroup, minLength: 1),
                json.RequiredKey("role"),
                RoleJson.ReadPattern(json["scope"]),
                json.OptionalTime("notBefore"),
                json.OptionalTime("notAfter")
            );
            return await RoleEndpoints.SubmitAsync(context, body, create, Actions.Assign, submissions);
        }
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string assignment, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            return body.Json.IsObject("reason")
                ? await RoleEndpoints.SubmitAsync(
                    context,
                    body,
                    new DeleteAssignment(assignment),
                    "assignment.delete",
                    submissions
                )
                : Problems.Of(body.Error!);
        }
    }
}
