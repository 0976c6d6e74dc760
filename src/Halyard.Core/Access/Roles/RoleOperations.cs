using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Roles;

/// <summary>Defines a role.</summary>
public sealed record CreateRole(string Key, string Title, string Description, Sequence<Grant> Grants) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Role.NameOf(Key);
}

/// <summary>Changes a role, for everybody who has it; members that are <see langword="null"/> stay.</summary>
public sealed record UpdateRole(string Key, string? Title, string? Description, Sequence<Grant>? Grants) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Role.NameOf(Key);
}

/// <summary>Deletes a role that nobody has.</summary>
public sealed record DeleteRole(string Key) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Role.NameOf(Key);
}

/// <summary>Gives a role to a subject or a group.</summary>
public sealed record CreateAssignment(
    string Id,
    string? Subject,
    string? Group,
    string Role,
    ResourcePattern Scope,
    DateTimeOffset? NotBefore,
    DateTimeOffset? NotAfter
) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Assignment.NameOf(Id);
}

/// <summary>Takes a role away again.</summary>
public sealed record DeleteAssignment(string Id) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Assignment.NameOf(Id);
}
