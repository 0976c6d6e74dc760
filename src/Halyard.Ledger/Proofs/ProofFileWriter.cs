using System.Buffers;
using System.Text.Json;

namespace Halyard.Ledger;

internal static class ProofFileWriter
{
    public static byte[] Write(ProofFile file)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v", ProofFileReader.Version);
            writer.WriteString("log", file.Log);
            writer.WriteNumber("index", file.Index);
            writer.WriteNumber("size", file.Size);
            writer.WriteString("root", file.Root.ToString());
            writer.WriteString("leafHash", file.LeafHash.ToString());
            writer.WriteBase64String("leaf", file.Leaf);
            WriteHashes(writer, file.Hashes);
            if (file.Consistency is { } later)
            {
                writer.WriteStartObject("consistency");
                writer.WriteNumber("size", later.Size);
                writer.WriteString("root", later.Root.ToString());
                WriteHashes(writer, later.Hashes);
                writer.WriteEndObject();
            }
            if (file.Checkpoint is { } checkpoint)
                writer.WriteString("checkpoint", checkpoint);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteHashes(Utf8JsonWriter writer, IReadOnlyList<Digest> hashes)
    {
        writer.WriteStartArray("hashes");
        foreach (var hash in hashes)
            writer.WriteStringValue(hash.ToString());
        writer.WriteEndArray();
    }
}
