using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags;

/// <summary>What a flag is for. Wire names: release, experiment, operational, kill-switch, permission.</summary>
public enum FlagKind
{
    Release,
    Experiment,
    Operational,

    [JsonStringEnumMemberName("kill-switch")]
    KillSwitch,
    Permission,
}

/// <summary>A flag with all its environments: one document, one chain of revisions (ADR 0002).</summary>
/// <param name="Id">Random, never used again.</param>
/// <param name="Project">The project's key.</param>
/// <param name="Definition">Key, type, status, variants, salt, hash.</param>
/// <param name="Title">Words for people.</param>
/// <param name="Description">More words for people.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Owner">Who answers for it; empty where unknown.</param>
/// <param name="Tags">Labels, ordinal order, no duplicates.</param>
/// <param name="Sensitive">When true the ledger holds commitments instead of the variants' values.</param>
/// <param name="Defaults">What an environment without a configuration of its own starts from.</param>
/// <param name="Revision">The flag's revision when its own members (not an environment's) last changed.</param>
/// <param name="Environments">Configurations by environment key.</param>
public sealed record Flag(
    string Id,
    string Project,
    FlagDefinition Definition,
    string Title,
    string Description,
    FlagKind Kind,
    string Owner,
    Sequence<string> Tags,
    bool Sensitive,
    FlagDefaults Defaults,
    long Revision,
    ImmutableSortedDictionary<string, FlagConfiguration> Environments
) : Resource(Id, NameOf(Project, Definition.Key))
{
    /// <summary>No configuration in any environment; keys in ordinal order.</summary>
    public static ImmutableSortedDictionary<string, FlagConfiguration> NoEnvironments { get; } =
        ImmutableSortedDictionary.Create<string, FlagConfiguration>(StringComparer.Ordinal);

    /// <summary>Where the flag with this key is found.</summary>
    public static ResourceName NameOf(string project, string key) => new(ResourceKind.Flag, project, key);

    /// <summary>
    /// How the flag is configured in an environment: its own configuration if that was made for this very environment (not for
    /// a deleted one of the same key), else disabled with the defaults.
    /// </summary>
    public FlagConfiguration In(ProjectEnvironment environment) =>
        Environments.TryGetValue(environment.Key, out var own) && own.EnvironmentId == environment.Id
            ? own
            : new FlagConfiguration(environment.Id, 0, Defaults.Configuration());

    /// <summary>The revision in which the flag's own members, or its configuration in an environment, last changed: at least 1.</summary>
    public long ChangedIn(ProjectEnvironment environment) => Math.Max(1, Math.Max(Revision, In(environment).Revision));

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteNumber("changedIn", Revision);
        writer.WriteStartObject("defaults");
        writer.WriteString("off", Defaults.Off);
        writer.WriteString("on", Defaults.On);
        writer.WriteEndObject();
        writer.WriteString("description", Description);
        WriteEnvironments(writer);
        if (Definition.Hash != BucketingHash.Flagd)
            writer.WriteString("hash", Definition.Hash.WireName());
        writer.WriteString("id", Id);
        writer.WriteString("key", Name.Key);
        writer.WriteString("kind", WireNames.Of(Kind));
        writer.WriteString("name", Title);
        writer.WriteString("owner", Owner);
        if (Definition.Salt is not null)
            writer.WriteString("salt", Definition.Salt);
        if (Sensitive)
            writer.WriteBoolean("sensitive", true);
        writer.WriteString("status", Definition.Status.WireName());
        writer.WriteStartArray("tags");
        foreach (var tag in Tags)
            writer.WriteStringValue(tag);
        writer.WriteEndArray();
        writer.WriteString("type", Definition.Type.WireName());
        writer.WriteStartArray("variants");
        foreach (var variant in Definition.Variants)
            DefinitionJson.WriteVariant(writer, variant);
        writer.WriteEndArray();
    }

    private void WriteEnvironments(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("environments");
        foreach (var (key, configuration) in Environments)
        {
            writer.WriteStartObject(key);
            writer.WriteNumber("changedIn", configuration.Revision);
            DefinitionJson.WriteEnvironmentMembers(writer, configuration.Settings, configuration.EnvironmentId);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }
}

/// <summary>A flag's configuration in one environment.</summary>
/// <param name="EnvironmentId">The environment it was made for.</param>
/// <param name="Revision">The flag's revision when this configuration last changed; 0 where it never did.</param>
/// <param name="Settings">What evaluation reads.</param>
public sealed record FlagConfiguration(string EnvironmentId, long Revision, FlagEnvironment Settings);

/// <summary>The variants that a new configuration serves.</summary>
/// <param name="On">Served by the fallthrough once the flag is enabled.</param>
/// <param name="Off">Served while it is disabled.</param>
public sealed record FlagDefaults(string On, string Off)
{
    /// <summary>A disabled configuration without targeting.</summary>
    public FlagEnvironment Configuration() => new(false, Off, [], [], [], Serve.One(On));
}

/// <summary>A named set of users, shared by the flags of its project.</summary>
/// <param name="Id">Random, never used again.</param>
/// <param name="Project">The project's key.</param>
/// <param name="Definition">Key, members and rules.</param>
/// <param name="Title">Words for people.</param>
/// <param name="Description">More words for people.</param>
public sealed record Segment(string Id, string Project, SegmentDefinition Definition, string Title, string Description)
    : Resource(Id, NameOf(Project, Definition.Key))
{
    /// <summary>Where the segment with this key is found.</summary>
    public static ResourceName NameOf(string project, string key) => new(ResourceKind.Segment, project, key);

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("description", Description);
        writer.WriteString("id", Id);
        writer.WriteString("key", Name.Key);
        writer.WriteString("name", Title);
        DefinitionJson.WriteSegmentMembers(writer, Definition);
    }
}
