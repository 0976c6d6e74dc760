using Halyard.Core.Flags.Differences;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Roles;

/// <summary>Grants and assignments in words.</summary>
internal static class AccessWords
{
    public static string Granted(Assignment assignment) =>
        $"role {Quote(assignment.Role)} granted to {Holder(assignment)}{Where(assignment.Scope)}{Times(assignment)}";

    public static string Revoked(Assignment assignment) =>
        $"role {Quote(assignment.Role)} taken from {Holder(assignment)}{Where(assignment.Scope)}";

    /// <summary>Who has it: "group 'web-team'", "subject s_1".</summary>
    public static string Holder(Assignment assignment) =>
        assignment.Group is { } group ? $"group {Quote(group)}" : $"subject {assignment.Subject}";

    /// <summary>A grant: "allows flag.* in development environments".</summary>
    public static string Of(Grant grant)
    {
        var verb = grant.Effect == GrantEffect.Allow ? "allows" : "denies";
        return $"{verb} {string.Join(", ", grant.Actions)}{Where(grant.Resource)}{If(grant.When)}";
    }

    /// <summary>Where: " for project 'web'"; empty for everywhere.</summary>
    public static string Where(ResourcePattern pattern)
    {
        var words = "";
        if (pattern.Projects.Count > 0)
            words += $" for project {Any(pattern.Projects.Select(Quote))}";
        if (pattern.Environments.Count > 0)
            words += $" in environment {Any(pattern.Environments.Select(Quote))}";
        if (pattern.EnvironmentTypes.Count > 0)
            words += $" in environments of type {Any(pattern.EnvironmentTypes.Select(WireNames.Of))}";
        if (pattern.Tags.Count > 0)
            words += $" with tag {Any(pattern.Tags.Select(Quote))}";
        if (pattern.Kinds.Count > 0)
            words += $" on {Any(pattern.Kinds)}";
        return words;
    }

    private static string If(GrantConditions when)
    {
        var words = new List<string>();
        if (when.Ticket)
            words.Add("with a ticket");
        if (when.Incident)
            words.Add("with an incident");
        if (when.ActorKinds.Count > 0)
            words.Add($"by a {Any(when.ActorKinds.Select(WireNames.Of))}");
        if (when.Acr.Count > 0)
            words.Add($"logged in with {Any(when.Acr.Select(Quote))}");
        if (when.MaxAgeSeconds is { } age)
            words.Add($"logged in within {age} s");
        return words.Count == 0 ? "" : $" if {string.Join(" and ", words)}";
    }

    private static string Times(Assignment assignment) =>
        (assignment.NotBefore is { } start ? $" from {Rfc3339.Format(start)}" : "")
        + (assignment.NotAfter is { } end ? $" until {Rfc3339.Format(end)}" : "");

    private static string Any(IEnumerable<string> names) => string.Join(" or ", names);

    private static string Quote(string name) => ChangeList.Quote(name);
}
