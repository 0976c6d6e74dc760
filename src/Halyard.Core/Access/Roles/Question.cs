using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Roles;

/// <summary>What is asked about one resource: may all of these actions be taken on it?</summary>
/// <param name="Actions">At least one name of <see cref="Roles.Actions"/>.</param>
/// <param name="Resource">On what.</param>
/// <param name="IsPartial">
/// When true nothing but the project is known, for the request was refused before its effects were: then it is enough that something
/// in that project could be allowed.
/// </param>
public sealed record Check(Sequence<string> Actions, ResourceAttributes Resource, bool IsPartial = false);

/// <summary>What policies know of a resource.</summary>
/// <param name="Kind">Its kind's wire name.</param>
/// <param name="Project">The project's key, or empty for what belongs to the tenant itself.</param>
/// <param name="Key">Its key, or empty.</param>
/// <param name="Environment">The key of the environment concerned, or empty.</param>
/// <param name="EnvironmentType">That environment's type.</param>
/// <param name="Tags">A flag's tags.</param>
public sealed record ResourceAttributes(
    string Kind,
    string Project,
    string Key,
    string Environment,
    EnvironmentScope EnvironmentType,
    Sequence<string> Tags
)
{
    /// <summary>Something of a project, or of the tenant, that lies in no environment.</summary>
    public static ResourceAttributes Of(string kind, string project, string key = "") =>
        new(kind, project, key, "", EnvironmentScope.None, []);

    /// <summary>The same, in an environment.</summary>
    public ResourceAttributes In(string environment, EnvironmentType type) =>
        this with
        {
            Environment = environment,
            EnvironmentType = type switch
            {
                Flags.EnvironmentType.Development => EnvironmentScope.Development,
                Flags.EnvironmentType.Staging => EnvironmentScope.Staging,
                Flags.EnvironmentType.Production => EnvironmentScope.Production,
            },
        };

    /// <summary>A resource as policies know it when it is looked at.</summary>
    public static ResourceAttributes Of(Resource resource) =>
        resource switch
        {
            Project project => Of("project", project.Key, project.Key),
            ProjectEnvironment environment => Of("environment", environment.Project, environment.Key)
                .In(environment.Key, environment.Type),
            Flag flag => Of("flag", flag.Name.Project, flag.Name.Key) with { Tags = flag.Tags },
            // Which type the environment has now is not written on the key.
            SdkKey key => Of("sdk-key", key.Project, key.Name.Key),
            _ => Of(resource.Name.Kind.Name(), resource.Name.Project, resource.Name.Key),
        };
}

/// <summary>Questions that concern no resource in particular.</summary>
public static class Question
{
    /// <summary>The kind of thing that an action is about: what stands before its dot.</summary>
    public static string KindOf(string action) =>
        action.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? action[..dot] : action;
}
