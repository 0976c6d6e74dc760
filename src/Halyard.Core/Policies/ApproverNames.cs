namespace Halyard.Core.Policies;

/// <summary>The names of people who may approve: a role's, a group's with <see cref="GroupPrefix"/>, or <see cref="Owners"/>.</summary>
public static class ApproverNames
{
    /// <summary>The owners of the flags that a change touches.</summary>
    public const string Owners = "owners";

    /// <summary>Stands before a group's name, as the identity provider writes it.</summary>
    public const string GroupPrefix = "group:";

    private const int MaxGroup = 256;

    /// <summary>Whether the name is a group's.</summary>
    public static bool IsGroup(string name) =>
        name.Length > GroupPrefix.Length
        && name.Length <= GroupPrefix.Length + MaxGroup
        && name.StartsWith(GroupPrefix, StringComparison.Ordinal);
}
