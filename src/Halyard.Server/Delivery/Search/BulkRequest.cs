using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Halyard.Core.Audit.Sinks;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Delivery.Search;

/// <summary>
/// Entries as the <c>_bulk</c> call of OpenSearch and Elasticsearch takes them. A document has the same id whenever its entry is
/// sent, so that sending again replaces it by itself. Its members have one type each, whatever an entry is about; the leaf stands
/// in it as text, for search and not as evidence.
/// </summary>
internal static class BulkRequest
{
    private static readonly JsonWriterOptions Options = new() { Encoder = DefinitionJson.Encoder };

    /// <summary>The lines: for each entry what to do, then the document.</summary>
    public static byte[] Write(IEnumerable<SinkEntry> entries)
    {
        var buffer = new ArrayBufferWriter<byte>(16_384);
        foreach (var entry in entries)
        {
            WriteLine(buffer, writer => WriteAction(writer, entry));
            WriteLine(buffer, writer => WriteDocument(writer, entry));
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The id of an entry's document.</summary>
    public static string IdOf(SinkEntry entry) => string.Create(CultureInfo.InvariantCulture, $"{entry.Log}/{entry.Index}");

    private static void WriteLine(ArrayBufferWriter<byte> buffer, Action<Utf8JsonWriter> write)
    {
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer);
        buffer.Write("\n"u8);
    }

    private static void WriteAction(Utf8JsonWriter writer, SinkEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("index");
        writer.WriteString("_id", IdOf(entry));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteDocument(Utf8JsonWriter writer, SinkEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("@timestamp", entry.At);
        writer.WriteString("id", entry.Id);
        writer.WriteString("log", entry.Log);
        writer.WriteNumber("index", entry.Index);
        writer.WriteString("tenant", entry.Tenant);
        WriteUnlessNull(writer, "project", entry.Project);
        WriteStrings(writer, "environments", entry.Environments);
        writer.WriteString("type", entry.Type);
        WriteStrings(writer, "actions", entry.Actions);
        writer.WriteBoolean("succeeded", entry.Succeeded);
        WriteStrings(writer, "summary", entry.Summary);
        writer.WriteString("actor", entry.Actor);
        writer.WriteString("actorKind", entry.ActorKind);
        if (entry.Resource is { } resource)
        {
            writer.WriteString("resourceKind", resource.Kind);
            writer.WriteString("resourceKey", resource.Key);
            writer.WriteString("resourceId", resource.Id);
            writer.WriteNumber("revision", resource.Revision);
        }
        WriteUnlessNull(writer, "ticket", entry.Ticket);
        WriteUnlessNull(writer, "incident", entry.Incident);
        writer.WriteString("leaf", Encoding.UTF8.GetString(entry.Leaf.Span));
        writer.WriteEndObject();
    }

    private static void WriteUnlessNull(Utf8JsonWriter writer, string member, string? value)
    {
        if (value is not null)
            writer.WriteString(member, value);
    }

    private static void WriteStrings(Utf8JsonWriter writer, string member, IEnumerable<string> values)
    {
        writer.WriteStartArray(member);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
