using System.Buffers;
using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Reading.Exporting;

/// <summary>Writes what an export holds and how to check it, as <c>halyard verify-export</c> reads it.</summary>
public static class ManifestWriter
{
    /// <summary>The manifest's text, UTF-8.</summary>
    /// <param name="manifest">What the check depends on.</param>
    /// <param name="filter">Which entries of the range were taken.</param>
    /// <param name="created">When the file was complete.</param>
    public static byte[] Write(ExportManifest manifest, AuditQuery filter, DateTimeOffset created)
    {
        var filters = new CanonicalWriter();
        ExportFilter.Write(filters, filter);
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, DocumentWalk.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v", 1);
            writer.WriteString("log", manifest.Log);
            writer.WriteNumber("from", manifest.From);
            writer.WriteNumber("to", manifest.To);
            writer.WriteNumber("size", manifest.Size);
            writer.WriteString("root", manifest.Root.ToString());
            writer.WriteString("checkpoint", manifest.Checkpoint);
            writer.WriteString("format", manifest.Format);
            writer.WritePropertyName("filter");
            writer.WriteRawValue(filters.ToArray(), skipInputValidation: true);
            writer.WriteNumber("entries", manifest.Entries);
            writer.WriteStartArray("files");
            foreach (var file in manifest.Files)
            {
                writer.WriteStartObject();
                writer.WriteString("name", file.Name);
                writer.WriteNumber("bytes", file.Bytes);
                writer.WriteString("sha256", file.Sha256.ToString());
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteString("created", Rfc3339.Format(created));
            writer.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }
}
