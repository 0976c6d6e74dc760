using Halyard.Core;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Server.Authentication;

namespace Halyard.Server.Management;

/// <summary>Lists of what belongs to the tenant itself, in key order, page by page.</summary>
internal static class ResourceLists
{
    /// <summary>A page of all resources of a kind; the route's access rule has asked whether the caller may see them.</summary>
    public static async Task<IResult> PageAsync(HttpContext context, ProjectReader reader, ResourceKind kind)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "limit", "cursor");
        var limit = Paging.Limit(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var (items, next) = await reader.ListAsync(
            context.Caller().Actor.Tenant,
            kind,
            "",
            _ => true,
            Paging.Text(context, "cursor"),
            limit,
            context.RequestAborted
        );
        return Documents.Page(items, next);
    }
}
