using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Halyard.Core.Audit.Sinks;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Delivery.Webhooks;

/// <summary>Entries as CloudEvents 1.0 in structured JSON. The leaf goes as it is: commitments in place of personal values.</summary>
internal static class CloudEvent
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/cloudevents+json";

    private const string Prefix = "dev.halyard";

    private static readonly JsonWriterOptions Options = new() { Encoder = DefinitionJson.Encoder };

    /// <summary>One entry.</summary>
    public static byte[] Entry(SinkEntry entry) =>
        Write(writer =>
        {
            WriteContext(writer, entry.Id, entry.Log, $"{Prefix}.audit.{entry.Type}", entry.At);
            if (entry.Resource is { } resource)
                writer.WriteString(
                    "subject",
                    entry.Project is { } project ? $"{project}/{resource.Kind}/{resource.Key}" : $"{resource.Kind}/{resource.Key}"
                );
            // CloudEvents' integers have 32 bits; an index may outgrow them.
            writer.WriteString("halyardindex", entry.Index.ToString(CultureInfo.InvariantCulture));
            writer.WritePropertyName("data");
            writer.WriteRawValue(entry.Leaf.Span);
        });

    /// <summary>An alert, with its first entries one by one.</summary>
    public static byte[] Alert(SinkMessage message, Func<SinkEntry, string?> link) =>
        Write(writer =>
        {
            WriteContext(writer, message.AlertId, message.Entries[0].Log, $"{Prefix}.alert", message.Entries[0].At);
            writer.WriteString("halyardindex", message.First.ToString(CultureInfo.InvariantCulture));
            writer.WriteStartObject("data");
            writer.WriteString("title", AlertText.Title(message));
            writer.WriteNumber("count", message.Count);
            writer.WriteNumber("first", message.First);
            writer.WriteNumber("last", message.Last);
            writer.WriteStartArray("entries");
            foreach (var entry in message.Entries)
                WriteTold(writer, entry, link(entry));
            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    /// <summary>A test, which is no entry.</summary>
    public static byte[] Test(string id, string source, string time) =>
        Write(writer =>
        {
            WriteContext(writer, id, source, $"{Prefix}.test", time);
            writer.WriteStartObject("data");
            writer.WriteString("message", "This is a test from Halyard.");
            writer.WriteEndObject();
        });

    private static void WriteTold(Utf8JsonWriter writer, SinkEntry entry, string? link)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index", entry.Index);
        writer.WriteString("id", entry.Id);
        writer.WriteString("type", entry.Type);
        writer.WriteStartArray("classes");
        foreach (var alert in entry.Classes())
            writer.WriteStringValue(WireNames.Of(alert));
        writer.WriteEndArray();
        if (entry.Event is { } told)
            writer.WriteString("event", WireNames.Of(told));
        writer.WriteString("text", AlertText.Line(entry));
        writer.WriteString("place", AlertText.Place(entry));
        if (link is not null)
            writer.WriteString("link", link);
        writer.WriteEndObject();
    }

    private static void WriteContext(Utf8JsonWriter writer, string id, string source, string type, string time)
    {
        writer.WriteString("specversion", "1.0");
        writer.WriteString("id", id);
        writer.WriteString("source", source);
        writer.WriteString("type", type);
        writer.WriteString("time", time);
        writer.WriteString("datacontenttype", "application/json");
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(2_048);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
