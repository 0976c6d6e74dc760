using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;
using Halyard.Server.Management;

namespace Halyard.Server.Authorization;

/// <summary>Roles: those that exist without being defined, and those of the tenant.</summary>
internal static class RoleEndpoints
{
    private static readonly string[] UpdateMembers = ["name", "description", "grants", "reason"];
    private static readonly string[] CreateMembers = ["key", .. UpdateMembers];

    public static void MapRoles(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/roles", ListAsync)
            .WithName("listRoles")
            .WithSummary("The roles, in key order; those that exist without being defined have revision 0.")
            .Reads("role.read")
            .Produces<Page<RoleAnswer>>();
        routes.MapGet("/roles/{role}", OneAsync).WithName("getRole").Reads("role.read").Produces<RoleAnswer>();
        routes.MapPost("/roles", CreateAsync).WithName("createRole").WithSummary("Defines a role.").Writes<RoleBody>();
        routes
            .MapPatch("/roles/{role}", UpdateAsync)
            .WithName("updateRole")
            .WithSummary("Changes a role, for everybody who has it; what is left out stays. Takes If-Match.")
            .Writes<RoleBody>();
        routes
            .MapDelete("/roles/{role}", DeleteAsync)
            .WithName("deleteRole")
            .WithSummary("Deletes a role that nobody has.")
            .Writes<ReasonBody>();
    }

    private static async Task<IResult> ListAsync(HttpContext context, ProjectReader reader)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "limit", "cursor");
        var limit = Paging.Limit(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var cursor = Paging.Text(context, "cursor");
        var (defined, _) = await reader.ListAsync(
            context.Caller().Actor.Tenant,
            ResourceKind.Role,
            "",
            _ => true,
            cursor,
            limit + 1,
            context.RequestAborted
        );
        var page = BuiltInRoles
            .All.Where(role => cursor is null || string.CompareOrdinal(role.Key, cursor) > 0)
            .Select(Shipped)
            .Concat(defined)
            .OrderBy(view => view.Resource.Name.Key, StringComparer.Ordinal)
            .Take(limit + 1)
            .ToList();
        return Documents.Page(page.Take(limit), page.Count > limit ? page[limit - 1].Resource.Name.Key : null);
    }

    private static async Task<IResult> OneAsync(HttpContext context, string role, ProjectReader reader)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var view = BuiltInRoles.All.FirstOrDefault(shipped => shipped.Key == role) is { } known
            ? Shipped(known)
            : await reader.FindAsync(context.Caller().Actor.Tenant, Role.NameOf(role), context.RequestAborted);
        return view is null ? Problems.NotFound("role", role) : Documents.One(context, view);
    }

    private static ResourceView Shipped(Role role) => new(role, 0, role.ToDocument(), null, DateTimeOffset.UnixEpoch);

    private static async Task<IResult> CreateAsync(HttpContext context, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(CreateMembers))
                return Problems.Of(body.Error!);
            var create = new CreateRole(
                body.Json.RequiredKey("key"),
                body.Json.OptionalString("name", Limits.Text),
                body.Json.OptionalString("description", Limits.Text),
                RoleJson.ReadGrants(body.Json)
            );
            return await SubmitAsync(context, body, create, "role.create", submissions);
        }
    }

    private static async Task<IResult> UpdateAsync(HttpContext context, string role, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject(UpdateMembers))
                return Problems.Of(body.Error!);
            var update = new UpdateRole(
                role,
                body.Json["name"].Exists ? body.Json.OptionalString("name", Limits.Text) : null,
                body.Json["description"].Exists ? body.Json.OptionalString("description", Limits.Text) : null,
                body.Json["grants"].Exists ? RoleJson.ReadGrants(body.Json) : null
            );
            return await SubmitAsync(context, body, update, "role.update", submissions);
        }
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string role, Submissions submissions)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            return body.Json.IsObject("reason")
                ? await SubmitAsync(context, body, new DeleteRole(role), "role.delete", submissions)
                : Problems.Of(body.Error!);
        }
    }

    /// <summary>Submits one operation on roles, assignments or the policy under a name of its own.</summary>
    internal static async Task<IResult> SubmitAsync(
        HttpContext context,
        Body body,
        Operation operation,
        string action,
        Submissions submissions
    )
    {
        var reason = body.Json.OptionalString("reason", Change.MaxReason, context.Request.Query["reason"].ToString());
        return body.Error is { } error
            ? Problems.Of(error)
            : await submissions.SubmitAsync(context, Change.Edit("", [operation], reason, action: action), body.Canonical);
    }
}
