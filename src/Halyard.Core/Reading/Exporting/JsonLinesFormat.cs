using System.Buffers;
using System.Text.Json;
using Halyard.Core.Audit;

namespace Halyard.Core.Reading.Exporting;

/// <summary><c>{"index":…,"leaf":"…","proof":["…"]}</c>: the leaf's canonical text as a string, so that no reader changes a byte of it.</summary>
internal sealed class JsonLinesFormat : IEntryFormat
{
    public string MediaType => "application/x-ndjson";

    public string Extension => ".jsonl";

    public bool NeedsProofs => true;

    public void Begin(IBufferWriter<byte> output) { }

    public void Write(IBufferWriter<byte> output, ExportedEntry entry)
    {
        using (var writer = new Utf8JsonWriter(output, DocumentWalk.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", entry.Entry.Index);
            writer.WriteString("leaf", entry.Entry.Leaf);
            writer.WriteStartArray("proof");
            foreach (var hash in entry.Proof)
                writer.WriteStringValue(hash.ToBase64());
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        output.Write("\n"u8);
    }
}
