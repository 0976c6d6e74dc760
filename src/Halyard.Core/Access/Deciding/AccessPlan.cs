using Halyard.Core.Access.Roles;
using Halyard.Core.Flags;

namespace Halyard.Core.Access.Deciding;

/// <summary>Whether a policy says yes.</summary>
public enum PlanKind
{
    /// <summary>No; also where it said nothing, or nothing that can be understood.</summary>
    Never,

    /// <summary>Yes, whatever the resource.</summary>
    Always,

    /// <summary>Yes for those resources that the filter lets through.</summary>
    When,
}

/// <summary>A policy's answer.</summary>
/// <param name="Kind">Whether it says yes.</param>
/// <param name="Filter">For which resources, where it depends on them; else <see langword="null"/>.</param>
/// <param name="Reasons">Why, in words.</param>
/// <param name="Policy">The policy that decided, and on which state of roles.</param>
public sealed record AccessPlan(PlanKind Kind, ResourceFilter? Filter, IReadOnlyList<string> Reasons, string Policy)
{
    private static readonly string[] Holding = ["audit", "flag"];

    /// <summary>The reasons in one sentence.</summary>
    public string Reason => Reasons.Count == 0 ? $"the policy says {WordOf(Kind)}" : string.Join("; ", Reasons);

    /// <summary>Nothing, and why.</summary>
    public static AccessPlan Never(string reason, string policy) => new(PlanKind.Never, null, [reason], policy);

    /// <summary>Whether a resource may be seen.</summary>
    public bool Allows(ResourceAttributes resource) =>
        Kind == PlanKind.Always || (Kind == PlanKind.When && Filter!.Lets(resource));

    /// <summary>Whether anything of a project could be seen; what belongs to the tenant itself has an empty project.</summary>
    public bool MayAllowIn(string project) => Kind == PlanKind.Always || (Kind == PlanKind.When && Filter!.MayLet(project));

    /// <summary>Whether any flag could be seen in an environment.</summary>
    public bool MayAllowIn(ProjectEnvironment environment) =>
        Kind == PlanKind.Always
        || (
            Kind == PlanKind.When
            && Filter!.MayLetLike(ResourceAttributes.Of("flag", environment.Project).In(environment.Key, environment.Type))
        );

    /// <summary>
    /// Whether all of a kind in a project, or in the tenant, may be seen by whoever leaves nothing out. What holds things of
    /// environments and flags, as the log does, is shown to nobody from whom any of them is kept back.
    /// </summary>
    public bool AllowsWhole(string kind, string project)
    {
        var whole = ResourceAttributes.Of(kind, project);
        return Allows(whole) && (Kind == PlanKind.Always || !Holding.Contains(kind) || Filter!.LetsWhole(whole));
    }

    private static string WordOf(PlanKind kind) => kind == PlanKind.Never ? "no" : "yes";
}
