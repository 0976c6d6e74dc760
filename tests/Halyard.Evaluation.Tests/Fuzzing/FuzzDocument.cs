using System.Text.Json;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Fuzzing;

/// <summary>A whole environment as one JSON document, for mutations to reach every part of it.</summary>
internal static class FuzzDocument
{
    public static byte[] Write(EnvironmentDefinition environment)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("flags");
            foreach (var (flag, configuration, _) in environment.Flags)
                WriteFlag(writer, flag, configuration);
            writer.WriteEndArray();
            writer.WriteStartArray("segments");
            foreach (var segment in environment.Segments)
                DefinitionJson.WriteSegment(writer, segment);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return stream.ToArray();
    }

    /// <summary>Reads whatever is there; what is wrong is in <paramref name="problems"/>.</summary>
    public static EnvironmentDefinition Read(JsonElement document, List<DefinitionProblem> problems)
    {
        var root = JsonCursor.Root(document, problems);
        if (!root.IsObject("flags", "segments"))
            return new EnvironmentDefinition("project", "production", 1, [], []);
        return new EnvironmentDefinition(
            "project",
            "production",
            1,
            [.. root.List("flags", 10).Select(ReadFlag)],
            [.. root.List("segments", 10).Select(DefinitionJson.ReadSegment)]
        );
    }

    private static void WriteFlag(Utf8JsonWriter writer, FlagDefinition flag, FlagEnvironment configuration)
    {
        writer.WriteStartObject();
        writer.WriteString("key", flag.Key);
        writer.WriteString("type", flag.Type.WireName());
        writer.WriteString("status", flag.Status.WireName());
        if (flag.Salt is not null)
            writer.WriteString("salt", flag.Salt);
        writer.WriteStartArray("variants");
        foreach (var variant in flag.Variants)
            DefinitionJson.WriteVariant(writer, variant);
        writer.WriteEndArray();
        writer.WritePropertyName("configuration");
        DefinitionJson.WriteEnvironment(writer, configuration);
        writer.WriteEndObject();
    }

    private static FlagInEnvironment ReadFlag(JsonCursor json) =>
        json.IsObject("key", "type", "status", "salt", "variants", "configuration")
            ? new FlagInEnvironment(
                new FlagDefinition(
                    json.RequiredKey("key"),
                    json.RequiredEnum<FlagType>("type"),
                    json.RequiredEnum<FlagStatus>("status"),
                    json.List("variants", Limits.Variants).Select(DefinitionJson.ReadVariant).ToSequence(),
                    json.NullableString("salt", Limits.Text)
                ),
                DefinitionJson.ReadEnvironment(json["configuration"]),
                1
            )
            : new FlagInEnvironment(
                new FlagDefinition("", FlagType.Boolean, FlagStatus.Draft, []),
                new FlagEnvironment(false, "", [], [], [], Serve.One("")),
                1
            );
}
