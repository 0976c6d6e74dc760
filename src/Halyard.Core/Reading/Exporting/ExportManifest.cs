using System.Buffers;
using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Reading.Exporting;

/// <summary>What an export holds and how to check it, as <c>halyard verify-export</c> reads it.</summary>
/// <param name="Plan">What was exported.</param>
/// <param name="Checkpoint">A signed note of the plan's tree, or <see langword="null"/> where there is none.</param>
/// <param name="Entries">How many entries the file holds.</param>
/// <param name="File">The file.</param>
/// <param name="Created">When it was complete.</param>
public sealed record ExportManifest(ExportPlan Plan, string? Checkpoint, long Entries, ExportedFile File, DateTimeOffset Created)
{
    /// <summary>The form's version.</summary>
    public const int Version = 1;

    /// <summary>The manifest's text, UTF-8.</summary>
    public byte[] ToJson()
    {
        var filter = new CanonicalWriter();
        ExportFilter.Write(filter, Plan.Filter);
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, DocumentWalk.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v", Version);
            writer.WriteString("log", Plan.Log);
            writer.WriteNumber("from", Plan.From);
            writer.WriteNumber("to", Plan.To);
            writer.WriteNumber("size", Plan.Size);
            writer.WriteString("root", Plan.Root.ToString());
            writer.WriteString("checkpoint", Checkpoint);
            writer.WriteString("format", WireNames.Of(Plan.Format));
            writer.WritePropertyName("filter");
            writer.WriteRawValue(filter.ToArray(), skipInputValidation: true);
            writer.WriteNumber("entries", Entries);
            writer.WriteStartArray("files");
            writer.WriteStartObject();
            writer.WriteString("name", File.Name);
            writer.WriteNumber("bytes", File.Bytes);
            writer.WriteString("sha256", File.Digest.ToString());
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteString("created", Rfc3339.Format(Created));
            writer.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }
}

/// <summary>An export's file.</summary>
/// <param name="Name">Its name, without a folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Digest">The SHA-256 of its bytes.</param>
public sealed record ExportedFile(string Name, long Bytes, Digest Digest);
