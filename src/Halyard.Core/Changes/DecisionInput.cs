using System.Buffers;
using System.Text.Json;
using Halyard.Core.Access;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Changes;

/// <summary>The question that policies see and the log keeps: who, what kind of change, on what, reaching where. No personal values.</summary>
internal static class DecisionInput
{
    public static byte[] Write(
        Actor actor,
        Change change,
        IReadOnlyList<ResourceEdit> edits,
        IReadOnlyList<SemanticChange> changes,
        Impact impact
    )
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("action", change.Action);
            writer.WriteString("tenant", actor.Tenant);
            writer.WriteString("project", change.Project);
            writer.WriteStartObject("actor");
            writer.WriteString("sid", actor.Subject);
            writer.WriteString("kind", WireNames.Of(actor.Kind));
            writer.WriteString("auth", actor.Authentication);
            WriteStrings(writer, "roles", actor.Roles);
            writer.WriteEndObject();
            writer.WriteStartArray("resources");
            foreach (var edit in edits)
                WriteResource(writer, edit);
            writer.WriteEndArray();
            WriteStrings(writer, "changes", changes.Select(item => item.Action).Distinct().Order(StringComparer.Ordinal));
            writer.WriteStartArray("environments");
            foreach (var environment in impact.Environments)
            {
                writer.WriteStartObject();
                writer.WriteString("key", environment.Key);
                writer.WriteString("type", WireNames.Of(environment.Type));
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            WriteStrings(writer, "flags", impact.Flags);
            writer.WriteEndObject();
        }
        return CanonicalJson.Canonicalize(buffer.WrittenSpan);
    }

    private static void WriteResource(Utf8JsonWriter writer, ResourceEdit edit)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", edit.Name.Kind.Name());
        writer.WriteString("key", edit.Name.Key);
        writer.WriteString("id", (edit.Before?.Resource ?? edit.After)!.Id);
        // Tags decide exemptions: those that the flag had before count, not those that the change gives it.
        if (edit.Before?.Resource is Flag flag)
            WriteStrings(writer, "tags", flag.Tags);
        writer.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string member, IEnumerable<string> values)
    {
        writer.WriteStartArray(member);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
