using System.Text;
using System.Text.Json;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Logs;

/// <summary>
/// Entries and private values as the bytes of an item: JSON, compressed, for a leaf and what it is found by say much the same. The form
/// stands in tables: it is added to, never changed.
/// </summary>
internal static class SegmentCodec
{
    /// <summary>No item of more is written; an item has at most 400 KB.</summary>
    public const int MaxBytes = 300_000;

    public static byte[] Write(IEnumerable<LogRecord> records) =>
        Packed.Write(writer =>
        {
            writer.WriteStartArray();
            foreach (var record in records)
                Write(writer, record);
            writer.WriteEndArray();
        });

    public static List<LogRecord> Read(byte[] bytes)
    {
        using var document = Packed.Read(bytes);
        return [.. document.RootElement.EnumerateArray().Select(ReadRecord)];
    }

    public static byte[] Write(SegmentPrivates privates) =>
        Packed.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("values");
            foreach (var (index, value) in privates.Values)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(index);
                writer.WriteStringValue(value.Pointer);
                writer.WriteStringValue(value.Commitment);
                writer.WriteBase64StringValue(value.Ciphertext);
                writer.WriteStringValue(value.Subject);
                writer.WriteBooleanValue(value.InDocument);
                writer.WriteEndArray();
            }
            writer.WriteEndArray();
            writer.WriteStartArray("reasons");
            foreach (var (index, words) in privates.Reasons)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(index);
                writer.WriteStringValue(words);
                writer.WriteEndArray();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    public static SegmentPrivates ReadPrivates(byte[] bytes)
    {
        using var document = Packed.Read(bytes);
        return new SegmentPrivates(
            [
                .. document
                    .RootElement.GetProperty("values")
                    .EnumerateArray()
                    .Select(value =>
                        (
                            value[0].GetInt64(),
                            new SealedValue(
                                value[1].GetString()!,
                                value[2].GetString()!,
                                value[3].GetBytesFromBase64(),
                                value[4].GetString()!,
                                value[5].GetBoolean()
                            )
                        )
                    ),
            ],
            document
                .RootElement.GetProperty("reasons")
                .EnumerateArray()
                .ToDictionary(reason => reason[0].GetInt64(), reason => reason[1].GetString()!)
        );
    }

    private static void Write(Utf8JsonWriter writer, LogRecord record)
    {
        writer.WriteStartObject();
        writer.WriteNumber("idx", record.Index);
        writer.WriteNumber("at", Instants.Micros(record.At));
        writer.WriteNumber("effective", Instants.Micros(record.EffectiveAt));
        writer.WriteString("id", record.Id);
        if (record.Leaf is { } leaf)
            writer.WriteString("leaf", leaf);
        else
            writer.WriteString("hash", record.Hash.ToString());
        Write(writer, "terms", record.Terms);
        writer.WriteString("words", record.Content);
        writer.WriteStartArray("versions");
        foreach (var version in record.Versions)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(version.Name.Kind.Name());
            writer.WriteStringValue(version.Name.Project);
            writer.WriteStringValue(version.Name.Key);
            writer.WriteStringValue(version.Id);
            writer.WriteNumberValue(version.Revision);
            writer.WriteStringValue(version.Document?.ToString());
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("privates");
        foreach (var mark in record.Privates)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(mark.Subject);
            writer.WriteStringValue(mark.Commitment);
            writer.WriteBooleanValue(mark.IsReason);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static LogRecord ReadRecord(JsonElement entry)
    {
        var index = entry.GetProperty("idx").GetInt64();
        var effectiveAt = Instants.From(entry.GetProperty("effective").GetInt64());
        var leaf = entry.TryGetProperty("leaf", out var text) ? Encoding.UTF8.GetBytes(text.GetString()!) : null;
        return new LogRecord(
            index,
            Instants.From(entry.GetProperty("at").GetInt64()),
            effectiveAt,
            entry.GetProperty("id").GetString()!,
            leaf is null ? ReadDigest(entry.GetProperty("hash"))!.Value : MerkleTree.HashLeaf(leaf),
            leaf,
            [.. entry.GetProperty("terms").EnumerateArray().Select(term => term.GetString()!)],
            entry.GetProperty("words").GetString()!,
            [
                .. entry
                    .GetProperty("versions")
                    .EnumerateArray()
                    .Select(version => new ResourceVersion(
                        new ResourceName(Kind(version[0].GetString()!), version[1].GetString()!, version[2].GetString()!),
                        version[3].GetString()!,
                        version[4].GetInt64(),
                        index,
                        effectiveAt,
                        ReadDigest(version[5])
                    )),
            ],
            [
                .. entry
                    .GetProperty("privates")
                    .EnumerateArray()
                    .Select(mark => new PrivateMark(mark[0].GetString()!, mark[1].GetString(), mark[2].GetBoolean())),
            ]
        );
    }

    private static ResourceKind Kind(string name) =>
        ResourceKinds.Parse(name) ?? throw new IOException($"The table holds a resource of unknown kind '{name}'.");

    private static Digest? ReadDigest(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        return Digest.TryParse(value.GetString(), out var digest)
            ? digest
            : throw new IOException("The table holds a digest that is none.");
    }
}
