using System.Text;
using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>One line of an export in JSON lines: an entry with its inclusion proof.</summary>
/// <param name="Index">The entry's index.</param>
/// <param name="Leaf">Its canonical bytes.</param>
/// <param name="Proof">From the leaf up.</param>
internal sealed record ExportLine(long Index, byte[] Leaf, IReadOnlyList<Digest> Proof)
{
    // A leaf whose every byte is escaped, and a proof.
    public const int MaxLength = (6 * EntryBundle.MaxEntryLength) + 8192;

    private const int MaxHashes = 64;

    /// <summary>Reads a line; null where it is not one.</summary>
    public static ExportLine? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            var proof = json.GetProperty("proof");
            if (proof.GetArrayLength() > MaxHashes)
                return null;
            return new ExportLine(
                json.GetProperty("index").GetInt64(),
                Encoding.UTF8.GetBytes(json.GetProperty("leaf").GetString()!),
                [.. proof.EnumerateArray().Select(hash => Digest.FromBytes(hash.GetBytesFromBase64()))]
            );
        }
        catch (Exception unreadable)
            when (unreadable
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or ArgumentException
            )
        {
            // Whatever it is, it is not such a line.
            return null;
        }
    }
}
