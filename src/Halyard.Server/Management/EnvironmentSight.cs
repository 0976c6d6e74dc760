using System.Collections.Frozen;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Server.Authentication;

namespace Halyard.Server.Management;

/// <summary>
/// In which environments somebody may see how flags are configured. What a plan keeps back in one is left out of a flag's document;
/// an environment that is not known is seen by nobody who sees but some.
/// </summary>
internal sealed class EnvironmentSight(AccessPlan plan, IReadOnlyDictionary<string, ProjectEnvironment> environments)
{
    /// <summary>That of a project, now or at a time. Where the plan lets everything through, nothing is read for it.</summary>
    public static async ValueTask<EnvironmentSight> OfAsync(
        HttpContext context,
        ProjectReader reader,
        string project,
        DateTimeOffset? at
    )
    {
        var plan = context.Plan();
        if (plan.Kind == PlanKind.Always)
            return new EnvironmentSight(plan, FrozenDictionary<string, ProjectEnvironment>.Empty);
        var (tenant, cancelled) = (context.Caller().Actor.Tenant, context.RequestAborted);
        var views = at is { } time
            ? await reader.AtAsync(tenant, ResourceKind.Environment, project, time, reveal: false, cancelled)
            : (await reader.ListAsync(tenant, ResourceKind.Environment, project, _ => true, null, int.MaxValue, cancelled)).Items;
        return new EnvironmentSight(
            plan,
            views.Select(view => (ProjectEnvironment)view.Resource).ToDictionary(item => item.Key, StringComparer.Ordinal)
        );
    }

    /// <summary>Whether a flag's configuration in an environment is shown.</summary>
    public bool Shows(Flag flag, string environment) =>
        plan.Kind == PlanKind.Always
        || (
            environments.TryGetValue(environment, out var found)
            && plan.Allows(ResourceAttributes.Of(flag).In(found.Key, found.Type))
        );
}
