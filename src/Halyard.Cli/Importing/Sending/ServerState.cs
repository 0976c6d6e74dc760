using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Halyard.Contracts;

namespace Halyard.Cli.Importing.Sending;

/// <summary>What a project holds already.</summary>
internal sealed class ServerState(
    IReadOnlyList<EnvironmentAnswer> environments,
    IReadOnlyList<SegmentAnswer> segments,
    IReadOnlyList<FlagAnswer> flags
)
{
    private static readonly string[] SegmentMembers = ["name", "description", "includes", "excludes", "rules"];
    private static readonly string[] VariantMembers = ["key", "value"];
    private static readonly string[] FlagMembers =
    [
        "name",
        "description",
        "type",
        "kind",
        "status",
        "owner",
        "tags",
        "salt",
        "hash",
        "defaults",
    ];
    private static readonly string[] ConfigurationMembers =
    [
        "enabled",
        "offVariant",
        "fallbackVariant",
        "prerequisites",
        "overrides",
        "rules",
        "fallthrough",
    ];

    /// <summary>The project's environments.</summary>
    public IReadOnlyList<EnvironmentAnswer> Environments => environments;

    /// <summary>The project's segments.</summary>
    public IReadOnlyList<SegmentAnswer> Segments => segments;

    /// <summary>The project's flags.</summary>
    public IReadOnlyList<FlagAnswer> Flags => flags;

    /// <summary>What there is of the resource that an operation creates.</summary>
    public Presence PresenceOf(Creation creation)
    {
        if (creation.IsSegment)
        {
            return segments.FirstOrDefault(segment => segment.Key == creation.Key) is { } segment
                ? Of(SegmentMembers.All(Same(Json(segment, ContractJson.Wire.SegmentAnswer), creation.Operation)))
                : Presence.Absent;
        }
        if (flags.FirstOrDefault(flag => flag.Key == creation.Key) is not { } flag)
            return Presence.Absent;
        var (there, wanted) = (Json(flag, ContractJson.Wire.FlagAnswer), creation.Operation);
        return Of(FlagMembers.All(Same(there, wanted)) && SameVariants(there, wanted) && SameConfigurations(there, wanted));
    }

    private static Presence Of(bool same) => same ? Presence.Same : Presence.Different;

    private static bool SameVariants(JsonElement existing, JsonElement wanted)
    {
        var (left, right) = (existing.GetProperty("variants"), wanted.GetProperty("variants"));
        return left.GetArrayLength() == right.GetArrayLength()
            && left.EnumerateArray().Zip(right.EnumerateArray()).All(pair => VariantMembers.All(Same(pair.First, pair.Second)));
    }

    private static bool SameConfigurations(JsonElement existing, JsonElement wanted) =>
        wanted
            .GetProperty("environments")
            .EnumerateObject()
            .All(environment =>
                existing.GetProperty("environments").TryGetProperty(environment.Name, out var there)
                && ConfigurationMembers.All(Same(there, environment.Value))
            );

    /// <summary>Whether both have the same value of a member, or neither has one.</summary>
    private static Func<string, bool> Same(JsonElement left, JsonElement right) =>
        member =>
            (SourceDocument.Member(left, member), SourceDocument.Member(right, member)) switch
            {
                ({ } one, { } other) => JsonElement.DeepEquals(one, other),
                var (one, other) => one is null && other is null,
            };

    private static JsonElement Json<T>(T answer, JsonTypeInfo<T> type) => JsonSerializer.SerializeToElement(answer, type);
}

/// <summary>Whether a resource is there already.</summary>
internal enum Presence
{
    /// <summary>It is not.</summary>
    Absent,

    /// <summary>It is, with everything that would be imported.</summary>
    Same,

    /// <summary>It is, with other content.</summary>
    Different,
}
