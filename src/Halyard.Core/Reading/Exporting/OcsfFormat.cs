using System.Buffers;
using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Ledger;

namespace Halyard.Core.Reading.Exporting;

/// <summary>
/// Events of the Open Cybersecurity Schema Framework, class Entity Management: somebody created, read, changed or deleted a managed
/// entity. Class API Activity is not used: it demands the address that the caller came from, which is personal.
/// </summary>
internal sealed class OcsfFormat : IEntryFormat
{
    private const string SchemaVersion = "1.3.0";
    private const int CategoryUid = 3;
    private const int ClassUid = 3004;

    private const int Create = 1;
    private const int Read = 2;
    private const int Update = 3;
    private const int Delete = 4;
    private const int Other = 99;

    private static readonly string[] Reading = [".viewed", ".exported", ".revealed"];

    public string MediaType => "application/x-ndjson";

    public string Extension => ".ocsf.jsonl";

    public bool NeedsProofs => false;

    public void Begin(IBufferWriter<byte> output) { }

    public void Write(IBufferWriter<byte> output, ExportedEntry entry)
    {
        using (var writer = new Utf8JsonWriter(output, DocumentWalk.WriterOptions))
        {
            writer.WriteStartObject();
            WriteClassification(writer, Activity(entry));
            WriteActor(writer, entry);
            WriteEntity(writer, entry);
            writer.WriteString("message", string.Join("; ", entry.Summary));
            WriteMetadata(writer, entry);
            WriteOutcome(writer, entry);
            writer.WriteNumber("time", entry.Entry.EffectiveAt.ToUnixTimeMilliseconds());
            // Whatever the schema has no place for is in the leaf, byte for byte.
            writer.WriteStartObject("unmapped");
            writer.WritePropertyName("leaf");
            writer.WriteRawValue(entry.Entry.Leaf, skipInputValidation: true);
            writer.WriteString("leaf_hash", MerkleTree.HashLeaf(entry.Entry.Leaf).ToString());
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    private static int Activity(ExportedEntry entry)
    {
        var type = entry.Leaf.GetProperty("type").GetString()!;
        if (Reading.Any(end => type.EndsWith(end, StringComparison.Ordinal)))
            return Read;
        if (entry.Resource is not { } resource)
            return Other;
        var (from, to) = (resource.GetProperty("rev_from").GetInt64(), resource.GetProperty("rev_to").GetInt64());
        if (from == to)
            return Other;
        if (from == 0)
            return Create;
        return entry.Leaf.GetProperty("change").GetProperty("after").ValueKind == JsonValueKind.Null ? Delete : Update;
    }

    private static void WriteClassification(Utf8JsonWriter writer, int activity)
    {
        var name = activity switch
        {
            Create => "Create",
            Read => "Read",
            Update => "Update",
            Delete => "Delete",
            _ => "Other",
        };
        writer.WriteNumber("activity_id", activity);
        writer.WriteString("activity_name", name);
        writer.WriteNumber("category_uid", CategoryUid);
        writer.WriteString("category_name", "Identity & Access Management");
        writer.WriteNumber("class_uid", ClassUid);
        writer.WriteString("class_name", "Entity Management");
        writer.WriteNumber("type_uid", (ClassUid * 100) + activity);
        writer.WriteString("type_name", $"Entity Management: {name}");
    }

    private static void WriteActor(Utf8JsonWriter writer, ExportedEntry entry)
    {
        var (typeId, type) = entry.ActorKind switch
        {
            "user" => (1, "User"),
            "system" => (3, "System"),
            "service" => (Other, "Service"),
            _ => (Other, "Client"),
        };
        writer.WriteStartObject("actor");
        writer.WriteStartObject("user");
        writer.WriteString("uid", entry.Subject);
        writer.WriteNumber("type_id", typeId);
        writer.WriteString("type", type);
        if (entry.Origin is null && entry.Leaf.GetProperty("actor").GetProperty("cred").GetString() is { } credential)
            writer.WriteString("credential_uid", credential);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteEntity(Utf8JsonWriter writer, ExportedEntry entry)
    {
        writer.WriteStartObject("entity");
        if (entry.Resource is { } resource)
        {
            writer.WriteString("name", resource.GetProperty("key").GetString());
            writer.WriteString("type", resource.GetProperty("kind").GetString());
            if (resource.GetProperty("id").GetString() is { Length: > 0 } id)
                writer.WriteString("uid", id);
            writer.WriteString("version", resource.GetProperty("rev_to").GetRawText());
        }
        else
        {
            // What concerns no resource concerns the tenant, whose log this is.
            writer.WriteString("name", entry.Leaf.GetProperty("tenant").GetString());
            writer.WriteString("type", "tenant");
        }
        writer.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, ExportedEntry entry)
    {
        var leaf = entry.Leaf;
        writer.WriteStartObject("metadata");
        writer.WriteString("version", SchemaVersion);
        writer.WriteStartObject("product");
        writer.WriteString("name", "Halyard");
        writer.WriteString("vendor_name", "Halyard");
        writer.WriteEndObject();
        writer.WriteString("uid", leaf.GetProperty("id").GetString());
        writer.WriteString("event_code", leaf.GetProperty("type").GetString());
        writer.WriteString("log_name", leaf.GetProperty("log").GetString());
        writer.WriteNumber("sequence", entry.Entry.Index);
        writer.WriteNumber("logged_time", entry.Entry.At.ToUnixTimeMilliseconds());
        writer.WriteString("original_time", (entry.Origin ?? leaf).GetProperty("at").GetString());
        writer.WriteString("tenant_uid", leaf.GetProperty("tenant").GetString());
        writer.WriteString("correlation_uid", leaf.GetProperty("req").GetProperty("id").GetString());
        writer.WriteEndObject();
    }

    private static void WriteOutcome(Utf8JsonWriter writer, ExportedEntry entry)
    {
        var (severityId, severity) = entry.Succeeded ? (1, "Informational") : (3, "Medium");
        writer.WriteNumber("severity_id", severityId);
        writer.WriteString("severity", severity);
        writer.WriteNumber("status_id", entry.Succeeded ? 1 : 2);
        writer.WriteString("status", entry.Succeeded ? "Success" : "Failure");
        if (entry.Succeeded)
            return;
        var outcome = entry.Leaf.GetProperty("outcome");
        writer.WriteString("status_code", outcome.GetProperty("code").GetString());
        writer.WriteString("status_detail", outcome.GetProperty("message").GetString());
    }
}
