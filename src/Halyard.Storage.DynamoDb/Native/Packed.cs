using System.Buffers;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Halyard.Storage.DynamoDb.Native;

/// <summary>JSON, compressed: much in few bytes, for an item has at most 400 KB and is paid for by the kilobyte.</summary>
internal static class Packed
{
    // Nothing of it goes into a page: what need not be escaped is not.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer);
        return Compress(buffer.WrittenSpan);
    }

    /// <summary>Any bytes, all at once: at this level each write is compressed by itself, and many small ones grow.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> bytes)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Fastest))
            brotli.Write(bytes);
        return compressed.ToArray();
    }

    public static JsonDocument Read(byte[] bytes)
    {
        using var brotli = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
        return JsonDocument.Parse(brotli);
    }
}
