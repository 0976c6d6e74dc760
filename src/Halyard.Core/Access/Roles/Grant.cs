using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Roles;

/// <summary>What a grant does. A deny wins over every allow.</summary>
public enum GrantEffect
{
    /// <summary>Allows what nothing denies.</summary>
    Allow,

    /// <summary>Denies, whatever else allows.</summary>
    Deny,
}

/// <summary>One sentence of a role: these actions, there, if.</summary>
/// <param name="Effect">Whether it allows or denies.</param>
/// <param name="Actions">Names or patterns of <see cref="Roles.Actions"/>; at least one.</param>
/// <param name="Resource">Where.</param>
/// <param name="When">If.</param>
public sealed record Grant(GrantEffect Effect, Sequence<string> Actions, ResourcePattern Resource, GrantConditions When);

/// <summary>
/// Which resources are meant. Every list that is not empty narrows and is "any of"; so a grant that names environments does not
/// reach what concerns none, unless it says <see cref="EnvironmentScope.None"/>.
/// </summary>
/// <param name="Projects">Keys of projects; what belongs to the tenant itself is then left out.</param>
/// <param name="Environments">Keys of environments.</param>
/// <param name="EnvironmentTypes">Types of environments.</param>
/// <param name="Tags">Tags of flags, of which a flag must have one.</param>
/// <param name="Kinds">Kinds of resources.</param>
public sealed record ResourcePattern(
    Sequence<string> Projects,
    Sequence<string> Environments,
    Sequence<EnvironmentScope> EnvironmentTypes,
    Sequence<string> Tags,
    Sequence<string> Kinds
)
{
    /// <summary>Everything in the tenant.</summary>
    public static ResourcePattern Everything { get; } = new([], [], [], [], []);

    /// <summary>
    /// What of it lies within limits, or <see langword="null"/> where nothing does. Of tags less than that: a flag that has one of
    /// each is left out.
    /// </summary>
    public ResourcePattern? Within(ResourcePattern limits) =>
        Both(Projects, limits.Projects) is { } projects
        && Both(Environments, limits.Environments) is { } environments
        && Both(EnvironmentTypes, limits.EnvironmentTypes) is { } types
        && Both(Tags, limits.Tags) is { } tags
        && Both(Kinds, limits.Kinds) is { } kinds
            ? new ResourcePattern(projects, environments, types, tags, kinds)
            : null;

    private static Sequence<T>? Both<T>(Sequence<T> one, Sequence<T> other) =>
        one.Count == 0 ? other
        : other.Count == 0 ? one
        : one.Intersect(other).ToSequence() is { Count: > 0 } both ? both
        : null;

    /// <summary>Whether it leaves nothing out.</summary>
    public bool IsEverything => this == Everything;
}

/// <summary>What a question concerns: a type of environment, or none.</summary>
public enum EnvironmentScope
{
    None,
    Development,
    Staging,
    Production,
}

/// <summary>Conditions on the request and on who asks. All that are set must hold; what is not known does not hold.</summary>
/// <param name="Ticket">True: the change names a ticket.</param>
/// <param name="Incident">True: the change names an incident.</param>
/// <param name="ActorKinds">What kinds of beings; empty means any.</param>
/// <param name="Acr">How strongly it proved who it is, in the identity provider's words; empty means any.</param>
/// <param name="MaxAgeSeconds">How long ago at most it proved who it is, or <see langword="null"/>.</param>
public sealed record GrantConditions(
    bool Ticket,
    bool Incident,
    Sequence<ActorKind> ActorKinds,
    Sequence<string> Acr,
    int? MaxAgeSeconds
)
{
    /// <summary>No condition.</summary>
    public static GrantConditions None { get; } = new(false, false, [], [], null);
}
