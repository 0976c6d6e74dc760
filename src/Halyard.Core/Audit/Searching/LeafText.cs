using System.Text.Json;
using Halyard.Ledger;

namespace Halyard.Core.Audit.Searching;

/// <summary>The text of an entry that is in the log already, for a store that indexes it anew.</summary>
public static class LeafText
{
    /// <summary>Where an entry's reason stands, as the pointers of its private values name it.</summary>
    public static IReadOnlyList<string> ReasonPointers { get; } = ["/why/reason", "/origin/reason"];

    /// <summary>What <see cref="EntryIndex.Text"/> was when the leaf was written.</summary>
    /// <param name="leaf">The canonical bytes.</param>
    /// <param name="reason">The reason as its private value holds it (a JSON string), or <see langword="null"/> where there is none any more.</param>
    /// <param name="blob">Gives the content of a blob that the leaf names.</param>
    /// <exception cref="InvalidDataException">What the leaf names cannot be a blob.</exception>
    public static EntryText Of(ReadOnlyMemory<byte> leaf, string? reason, Func<Digest, ReadOnlyMemory<byte>> blob)
    {
        using var parsed = JsonDocument.Parse(leaf);
        var root = parsed.RootElement;
        var why = root.GetProperty("why");
        return EntryText.Of(
            InPlace(root.GetProperty("meta").GetProperty("summary"), blob, Strings),
            Keys(root, blob),
            [why.GetProperty("ticket").GetString(), why.GetProperty("incident").GetString()],
            reason is null ? null : JsonSerializer.Deserialize<string>(reason)
        );
    }

    private static List<string> Keys(JsonElement root, Func<Digest, ReadOnlyMemory<byte>> blob)
    {
        if (root.GetProperty("resource") is not { ValueKind: JsonValueKind.Object } first)
            return [];
        List<string> keys = [Key(first)];
        if (root.GetProperty("change").TryGetProperty("also", out var also))
        {
            keys.AddRange(
                InPlace(also, blob, list => [.. list.EnumerateArray().Select(item => Key(item.GetProperty("resource")))])
            );
        }
        return keys;
    }

    private static string Key(JsonElement resource) => resource.GetProperty("key").GetString()!;

    private static List<string> Strings(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];

    /// <summary>Reads a list where it stands, or in the blob that stands for it.</summary>
    private static List<string> InPlace(
        JsonElement place,
        Func<Digest, ReadOnlyMemory<byte>> blob,
        Func<JsonElement, List<string>> read
    )
    {
        if (place.ValueKind != JsonValueKind.Object)
            return read(place);
        if (!Digest.TryParse(place.GetProperty("$blob").GetString(), out var digest))
            throw new InvalidDataException("A leaf names a blob by what is no digest.");
        using var spilled = JsonDocument.Parse(blob(digest));
        return read(spilled.RootElement);
    }
}
