using Halyard.Cli.Importing.Logic;

namespace Halyard.Cli.Importing.LaunchDarkly;

/// <summary>
/// What LaunchDarkly's contexts are here: the kind <c>user</c> is the context itself, its key the targeting key; every other kind
/// is an attribute of its name, an object with <c>key</c> and the kind's attributes.
/// </summary>
internal static class AttributeNames
{
    /// <summary>The kind that is meant where none is named.</summary>
    public const string User = "user";

    /// <summary>The attribute with a kind's key, which every context of the kind has.</summary>
    public static string KeyOf(string? kind) => IsUser(kind) ? AttributeKinds.TargetingKey : $"{kind}.key";

    /// <summary>The attribute that a reference of a kind means; null where there is none that means the same.</summary>
    /// <param name="kind">The kind; null means the user and no reference but a plain name, as before there were kinds.</param>
    /// <param name="reference">The name, or with a kind a path <c>/a/b</c>.</param>
    public static string? Of(string? kind, string reference)
    {
        var isPath = kind is not null && reference.StartsWith('/');
        var parts = isPath ? reference[1..].Split('/').Select(Unescape).ToList() : [reference];
        if (parts.Exists(string.IsNullOrEmpty))
            return null;
        if (parts is ["key"])
            return KeyOf(kind);
        // Inside an object dots always go deeper, and so they do in a path.
        if ((isPath || !IsUser(kind)) && parts.Exists(part => part.Contains('.', StringComparison.Ordinal)))
            return null;
        var path = string.Join('.', parts);
        return IsUser(kind) ? path : $"{kind}.{path}";
    }

    /// <summary>Whether a kind is the user's.</summary>
    public static bool IsUser(string? kind) => kind is null or "" or User;

    private static string Unescape(string part) =>
        part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
