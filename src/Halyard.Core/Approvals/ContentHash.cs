using System.Buffers;
using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Approvals;

/// <summary>What a vote is bound to: any difference in what is done, on what, where, when, or under which policies, is another hash.</summary>
public static class ContentHash
{
    /// <summary>
    /// SHA-256 of the RFC 8785 form of the tenant, project, operations in order, base revisions, environments, window and policies'
    /// digest.
    /// </summary>
    public static Digest Of(string tenant, string project, RequestContent content, Digest policies)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteBases(writer, content.Bases);
            WriteEnvironments(writer, content.Environments);
            WriteOperations(writer, content.Operations);
            writer.WriteString("policies", policies.ToString());
            writer.WriteString("project", project);
            writer.WriteString("tenant", tenant);
            WriteWindow(writer, content.Window);
            writer.WriteEndObject();
        }
        return Digest.Of(CanonicalJson.Canonicalize(buffer.WrittenSpan));
    }

    internal static void WriteBases(Utf8JsonWriter writer, Sequence<ResourceBase> bases)
    {
        writer.WriteStartArray("bases");
        foreach (var item in bases)
        {
            writer.WriteStartObject();
            WriteName(writer, item.Resource);
            writer.WriteNumber("revision", item.Revision);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    internal static void WriteEnvironments(Utf8JsonWriter writer, Sequence<TargetEnvironment> environments)
    {
        writer.WriteStartArray("environments");
        foreach (var environment in environments)
        {
            writer.WriteStartObject();
            writer.WriteString("id", environment.Id);
            writer.WriteString("key", environment.Key);
            writer.WriteString("type", WireNames.Of(environment.Type));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    internal static void WriteOperations(Utf8JsonWriter writer, Sequence<string> operations)
    {
        writer.WriteStartArray("operations");
        foreach (var operation in operations)
            writer.WriteRawValue(operation);
        writer.WriteEndArray();
    }

    internal static void WriteWindow(Utf8JsonWriter writer, ScheduleWindow? window)
    {
        if (window is null)
            return;
        writer.WriteStartObject("window");
        writer.WriteString("from", Rfc3339.Format(window.From));
        writer.WriteString("to", Rfc3339.Format(window.To));
        writer.WriteEndObject();
    }

    internal static void WriteName(Utf8JsonWriter writer, ResourceName name)
    {
        writer.WriteString("key", name.Key);
        writer.WriteString("kind", name.Kind.Name());
        writer.WriteString("project", name.Project);
    }
}
