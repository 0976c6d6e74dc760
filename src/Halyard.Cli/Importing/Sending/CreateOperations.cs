using System.Buffers;
using System.Text.Json;
using Halyard.Cli.Importing.Planning;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Sending;

/// <summary>Writes what is imported as operations (docs/operations.md).</summary>
internal static class CreateOperations
{
    private static readonly JsonWriterOptions Options = new() { Encoder = DefinitionJson.Encoder };

    /// <summary>The operation that creates a flag with its configurations.</summary>
    public static JsonElement Flag(PlannedFlag flag) =>
        Write(json =>
        {
            var (source, definition) = (flag.Source, flag.Source.Definition);
            json.WriteString("op", "createFlag");
            json.WriteString("flag", definition.Key);
            json.WriteString("name", source.Name.Length > 0 ? source.Name : definition.Key);
            json.WriteString("description", source.Description);
            json.WriteString("type", definition.Type.WireName());
            json.WriteString("kind", source.Kind);
            json.WriteString("status", definition.Status.WireName());
            json.WriteString("owner", source.Owner);
            json.WriteStartArray("tags");
            foreach (var tag in source.Tags)
                json.WriteStringValue(tag);
            json.WriteEndArray();
            json.WriteStartArray("variants");
            foreach (var variant in definition.Variants)
                DefinitionJson.WriteVariant(json, variant);
            json.WriteEndArray();
            if (definition.Salt is not null)
                json.WriteString("salt", definition.Salt);
            if (definition.Hash != BucketingHash.Flagd)
                json.WriteString("hash", WireNames.Of(definition.Hash));
            json.WriteStartObject("defaults");
            json.WriteString("on", source.On);
            json.WriteString("off", source.Off);
            json.WriteEndObject();
            json.WriteStartObject("environments");
            foreach (var configuration in flag.Configurations)
            {
                json.WritePropertyName(configuration.Environment);
                DefinitionJson.WriteEnvironment(json, configuration.Configuration);
            }
            json.WriteEndObject();
        });

    /// <summary>The operation that creates a segment.</summary>
    public static JsonElement Segment(ImportedSegment segment) =>
        Write(json =>
        {
            json.WriteString("op", "createSegment");
            json.WriteString("segment", segment.Definition.Key);
            json.WriteString("name", segment.Name.Length > 0 ? segment.Name : segment.Definition.Key);
            json.WriteString("description", segment.Description);
            DefinitionJson.WriteSegmentMembers(json, segment.Definition);
        });

    private static JsonElement Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}
