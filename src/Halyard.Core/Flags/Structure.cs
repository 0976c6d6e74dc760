using System.Text.Json;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags;

/// <summary>The owner of projects and of one audit log; nothing spans two tenants.</summary>
public sealed record Tenant(string Id, string Key, string Title) : Resource(Id, NameOf(Key))
{
    /// <summary>Where the tenant with this key is found.</summary>
    public static ResourceName NameOf(string key) => new(ResourceKind.Tenant, "", key);

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("id", Id);
        writer.WriteString("key", Name.Key);
        writer.WriteString("name", Title);
    }
}

/// <summary>A set of flags, segments and environments that belong together.</summary>
public sealed record Project(string Id, string Key, string Title, string Description) : Resource(Id, NameOf(Key))
{
    /// <summary>Where the project with this key is found.</summary>
    public static ResourceName NameOf(string key) => new(ResourceKind.Project, "", key);

    /// <summary>The fence that orders new references inside a project against removals of what is referenced.</summary>
    public static string ReferencesFence(string key) => $"references/{key}";

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("description", Description);
        writer.WriteString("id", Id);
        writer.WriteString("key", Name.Key);
        writer.WriteString("name", Title);
    }
}

/// <summary>What an environment is for, the strictest last. None is ever treated as production.</summary>
public enum EnvironmentType
{
    Development,
    Staging,
    Production,
}

/// <summary>A place where flags are served, with its own configuration of every flag.</summary>
/// <param name="Id">Random; a recreated environment does not inherit the configurations of its predecessor.</param>
/// <param name="Project">The project's key.</param>
/// <param name="Key">Unique in the project.</param>
/// <param name="Title">Words for people.</param>
/// <param name="Type">What it is for.</param>
/// <param name="Order">Position in lists and promotions, smallest first.</param>
/// <param name="Enabled">When false every flag is served as disabled.</param>
public sealed record ProjectEnvironment(
    string Id,
    string Project,
    string Key,
    string Title,
    EnvironmentType Type,
    int Order,
    bool Enabled
) : Resource(Id, NameOf(Project, Key))
{
    /// <summary>The most users that an environment can be said to have: beyond it neighbouring whole numbers are not told apart.</summary>
    public const long MaxUsers = 9_007_199_254_740_991;

    /// <summary>How much harm a wrong change can do there; <see langword="null"/> counts as critical.</summary>
    public RiskLevel? RiskLevel { get; init; }

    /// <summary>About how many people use it, 0…<see cref="MaxUsers"/>; <see langword="null"/> counts as more than any number.</summary>
    public long? EstimatedUsers { get; init; }

    /// <summary>Where the environment with this key is found.</summary>
    public static ResourceName NameOf(string project, string key) => new(ResourceKind.Environment, project, key);

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("enabled", Enabled);
        if (EstimatedUsers is { } users)
            writer.WriteNumber("estimatedUsers", users);
        writer.WriteString("id", Id);
        writer.WriteString("key", Name.Key);
        writer.WriteString("name", Title);
        writer.WriteNumber("order", Order);
        if (RiskLevel is { } risk)
            writer.WriteString("riskLevel", WireNames.Of(risk));
        writer.WriteString("type", WireNames.Of(Type));
    }
}

/// <summary>A load of past changes: what was announced and whether all of it is in.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Project">The project loaded into.</param>
/// <param name="Key">The SHA-256 of the file in hexadecimal, so that the same file resumes the same import.</param>
/// <param name="Lines">How many lines the file has.</param>
/// <param name="Finished">True once every line is an entry.</param>
public sealed record HistoryImport(string Id, string Project, string Key, long Lines, bool Finished)
    : Resource(Id, NameOf(Project, Key))
{
    /// <summary>Where the import of this file is found.</summary>
    public static ResourceName NameOf(string project, string key) => new(ResourceKind.Import, project, key);

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("finished", Finished);
        writer.WriteString("id", Id);
        writer.WriteString("key", Name.Key);
        writer.WriteNumber("lines", Lines);
    }
}
