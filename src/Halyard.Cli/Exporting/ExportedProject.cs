using System.Text.Json;
using Halyard.Cli.Importing.Sending;
using Halyard.Contracts;
using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Exporting;

/// <summary>What a server holds of one environment, as definitions again.</summary>
internal static class ExportedProject
{
    /// <summary>The environment; flags come in key order.</summary>
    /// <exception cref="JsonException">What the server sent is no definition.</exception>
    public static EnvironmentDefinition Read(ServerState state, string project, EnvironmentAnswer environment) =>
        new(
            project,
            environment.Key,
            0,
            [.. state.Flags.Select(flag => new FlagInEnvironment(Flag(flag), Configuration(flag, environment), flag.Revision))],
            [.. state.Segments.Select(Segment)]
        );

    private static FlagDefinition Flag(FlagAnswer flag) =>
        new(
            flag.Key,
            Known<FlagType>(flag.Type),
            Known<FlagStatus>(flag.Status),
            flag.Variants.Select(variant => new Variant(variant.Key, FlagValue.From(variant.Value))).ToSequence(),
            flag.Salt,
            flag.Hash is null ? BucketingHash.Flagd : Known<BucketingHash>(flag.Hash)
        );

    private static FlagEnvironment Configuration(FlagAnswer flag, EnvironmentAnswer environment)
    {
        var configuration =
            flag.Environments.TryGetValue(environment.Key, out var own) && own.EnvironmentId == environment.Id
                ? Read(
                    JsonSerializer.SerializeToElement(own, ContractJson.Wire.ConfigurationAnswer),
                    json => DefinitionJson.ReadEnvironment(json, ["environmentId", "changedIn"])
                )
                : new FlagEnvironment(false, flag.Defaults.Off, [], [], [], Serve.One(flag.Defaults.On));
        return configuration with { Enabled = configuration.Enabled && environment.Enabled };
    }

    private static SegmentDefinition Segment(SegmentAnswer segment) =>
        Read(
            JsonSerializer.SerializeToElement(segment, ContractJson.Wire.SegmentAnswer),
            json => DefinitionJson.ReadSegment(json, ["id", "name", "description", "revision"])
        );

    private static T Read<T>(JsonElement element, Func<JsonCursor, T> read)
    {
        var problems = new List<DefinitionProblem>();
        var found = read(JsonCursor.Root(element, problems));
        return problems.Count == 0 ? found : throw new JsonException($"{problems[0].Pointer} {problems[0].Message}");
    }

    private static T Known<T>(string name)
        where T : struct, Enum =>
        WireNames.TryParse<T>(name, out var value) ? value : throw new JsonException($"'{name}' is not known");
}
