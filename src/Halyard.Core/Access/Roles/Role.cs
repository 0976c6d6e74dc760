using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Roles;

/// <summary>A role: what those may do to whom it is assigned.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">Unique in the tenant, and not the name of a role that exists without being defined.</param>
/// <param name="Title">Words for people.</param>
/// <param name="Description">Words for people.</param>
/// <param name="Grants">What it allows and denies.</param>
public sealed record Role(string Id, string Key, string Title, string Description, Sequence<Grant> Grants)
    : Resource(Id, NameOf(Key))
{
    /// <summary>
    /// The fence that every change of roles, assignments and the policy raises. Whatever was decided stands only as long as it does:
    /// no commit takes effect on roles that have passed.
    /// </summary>
    public const string Fence = "access";

    /// <summary>Where the role with this key is found.</summary>
    public static ResourceName NameOf(string key) => new(ResourceKind.Role, "", key);

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("description", Description);
        RoleJson.WriteGrants(writer, Grants);
        writer.WriteString("id", Id);
        writer.WriteString("key", Key);
        writer.WriteString("name", Title);
    }
}

/// <summary>Gives a role to a subject, or to all who belong to a group.</summary>
/// <param name="Id">Its id; also its key.</param>
/// <param name="Subject">The pseudonymous id of who gets it, or <see langword="null"/> where a group does.</param>
/// <param name="Group">The identity provider's name of the group, or <see langword="null"/> where a subject does.</param>
/// <param name="Role">The role's key.</param>
/// <param name="Scope">Where the role then counts; narrows each of its grants.</param>
/// <param name="NotBefore">From when on, or <see langword="null"/>: at once.</param>
/// <param name="NotAfter">Until when (exclusive), or <see langword="null"/>: until it is deleted.</param>
public sealed record Assignment(
    string Id,
    string? Subject,
    string? Group,
    string Role,
    ResourcePattern Scope,
    DateTimeOffset? NotBefore,
    DateTimeOffset? NotAfter
) : Resource(Id, NameOf(Id))
{
    /// <summary>Where the assignment with this id is found.</summary>
    public static ResourceName NameOf(string id) => new(ResourceKind.Assignment, "", id);

    /// <summary>Whether it is in force at a time.</summary>
    public bool IsInForce(DateTimeOffset at) => !(at < NotBefore) && !(at >= NotAfter);

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        RoleJson.WriteUnlessNull(writer, "group", Group);
        writer.WriteString("id", Id);
        writer.WriteString("key", Id);
        RoleJson.WriteUnlessNull(writer, "notAfter", NotAfter is { } end ? Rfc3339.Format(end) : null);
        RoleJson.WriteUnlessNull(writer, "notBefore", NotBefore is { } start ? Rfc3339.Format(start) : null);
        writer.WriteString("role", Role);
        RoleJson.WritePattern(writer, "scope", Scope);
        RoleJson.WriteUnlessNull(writer, "subject", Subject);
    }
}
