using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>Reads proof files; a problem leaves as a <see cref="FormatException"/> with words and place, caught at the door.</summary>
internal static class ProofFileReader
{
    public const int Version = 1;

    // A consistency proof over 2^63 leaves has at most 64 hashes, an inclusion proof 63.
    private const int MaxHashes = 64;

    // Integers beyond it are not exact in JSON (RFC 7493, 2.2).
    private const long MaxNumber = (1L << 53) - 1;

    private static readonly string[] Members =
    [
        "v",
        "log",
        "index",
        "size",
        "root",
        "leafHash",
        "leaf",
        "hashes",
        "consistency",
        "checkpoint",
    ];
    private static readonly string[] ConsistencyMembers = ["size", "root", "hashes"];

    public static bool TryRead(
        ReadOnlySpan<byte> json,
        [NotNullWhen(true)] out ProofFile? file,
        [NotNullWhen(false)] out string? problem
    )
    {
        file = null;
        try
        {
            file = Read(json);
            problem = null;
            return true;
        }
        catch (FormatException refused)
        {
            problem = refused.Message;
            return false;
        }
    }

    private static ProofFile Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > ProofFile.MaxLength)
            throw new FormatException($"a proof file has at most {ProofFile.MaxLength} bytes, this one has {json.Length}");
        using var document = JsonDocument.Parse(CanonicalJson.Canonicalize(json));
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new FormatException("a proof file is a JSON object");
        var version = Number(root, string.Empty, "v");
        if (version != Version)
            throw new FormatException($"this is a proof file of version {version}; version {Version} is known");
        RefuseUnknown(root, string.Empty, Members);
        return new ProofFile(
            Text(root, string.Empty, "log"),
            Number(root, string.Empty, "index"),
            Number(root, string.Empty, "size"),
            Hash(root, string.Empty, "root"),
            Bytes(root, "leaf"),
            Hashes(root, string.Empty),
            root.TryGetProperty("consistency", out var later) ? Consistency(later) : null
        )
        {
            LeafHash = Hash(root, string.Empty, "leafHash"),
            Checkpoint = root.TryGetProperty("checkpoint", out _) ? Text(root, string.Empty, "checkpoint") : null,
        };
    }

    private static ConsistencyPart Consistency(JsonElement later)
    {
        const string place = "/consistency";
        if (later.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{place} is not an object");
        RefuseUnknown(later, place, ConsistencyMembers);
        return new ConsistencyPart(Number(later, place, "size"), Hash(later, place, "root"), Hashes(later, place));
    }

    private static void RefuseUnknown(JsonElement element, string place, string[] known)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name, StringComparer.Ordinal))
                throw new FormatException($"{place}/{JsonPointer.EscapeToken(member.Name)} is not a member of a proof file");
        }
    }

    private static JsonElement Required(JsonElement element, string place, string name, JsonValueKind kind)
    {
        if (!element.TryGetProperty(name, out var member))
            throw new FormatException($"{place}/{name} is missing");
        return member.ValueKind == kind
            ? member
            : throw new FormatException($"{place}/{name} is not of JSON type {kind.ToString().ToLowerInvariant()}");
    }

    private static string Text(JsonElement element, string place, string name) =>
        Required(element, place, name, JsonValueKind.String).GetString()!;

    private static long Number(JsonElement element, string place, string name) =>
        Required(element, place, name, JsonValueKind.Number).TryGetInt64(out var number) && number is >= 0 and <= MaxNumber
            ? number
            : throw new FormatException($"{place}/{name} is not a whole number from 0 to {MaxNumber}");

    private static byte[] Bytes(JsonElement element, string name) =>
        StrictBase64.TryRead(Text(element, string.Empty, name), out var bytes)
            ? bytes
            : throw new FormatException($"/{name} is not base64 (RFC 4648, section 4)");

    private static Digest Hash(JsonElement element, string place, string name) =>
        Hash(Text(element, place, name), $"{place}/{name}");

    private static Digest Hash(string? text, string place) =>
        text is not null && text.StartsWith("sha256:", StringComparison.Ordinal) && Digest.TryParse(text, out var digest)
            ? digest
            : throw new FormatException($"{place} is not 'sha256:' and 64 lower-case hexadecimal digits");

    private static Digest[] Hashes(JsonElement element, string place)
    {
        var array = Required(element, place, "hashes", JsonValueKind.Array);
        var count = array.GetArrayLength();
        if (count > MaxHashes)
            throw new FormatException($"{place}/hashes has {count} hashes; no proof has more than {MaxHashes}");
        return
        [
            .. array
                .EnumerateArray()
                .Select((h, i) => Hash(h.ValueKind == JsonValueKind.String ? h.GetString() : null, $"{place}/hashes/{i}")),
        ];
    }
}
