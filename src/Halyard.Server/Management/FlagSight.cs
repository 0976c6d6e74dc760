using System.Collections.Frozen;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Server.Authentication;

namespace Halyard.Server.Management;

/// <summary>Which flags somebody may see in one environment; a flag that is not known is seen by nobody who sees but some.</summary>
internal sealed class FlagSight(ProjectEnvironment environment, IReadOnlyDictionary<string, Flag> flags)
{
    /// <summary>That of an environment now. Where a plan lets everything through, nothing is read for it.</summary>
    public static async ValueTask<FlagSight> OfAsync(
        HttpContext context,
        ProjectReader reader,
        ProjectEnvironment environment,
        string? flag,
        params IEnumerable<AccessPlan> plans
    )
    {
        var tenant = context.Caller().Actor.Tenant;
        return new FlagSight(
            environment,
            plans.Any(plan => plan.Kind == PlanKind.When)
                ? await reader.FlagsAsync(tenant, environment.Project, flag, context.RequestAborted)
                : FrozenDictionary<string, Flag>.Empty
        );
    }

    /// <summary>Whether there is such a flag, as far as flags were read.</summary>
    public bool Exists(string flag) => flags.ContainsKey(flag);

    /// <summary>Whether a plan lets a flag through, with its tags, in the environment.</summary>
    public bool Shows(AccessPlan plan, string flag) =>
        plan.Kind == PlanKind.Always
        || (
            flags.TryGetValue(flag, out var found)
            && plan.Allows(ResourceAttributes.Of(found).In(environment.Key, environment.Type))
        );
}
