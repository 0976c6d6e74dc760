using System.Text.Json;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Core.Reading;

/// <summary>Lists of words in leaves, which stand in a blob where they are long (docs/audit-format.md).</summary>
internal static class LeafLists
{
    private static readonly string[] All = ["environments", "summary"];

    /// <summary>The blobs that hold lists of these leaves; none is read where every list stands in its leaf.</summary>
    public static async ValueTask<IReadOnlyDictionary<Digest, byte[]>> BlobsAsync(
        IStore store,
        string tenant,
        IEnumerable<JsonElement> leaves,
        CancellationToken cancellationToken
    )
    {
        var spilled = leaves
            .Select(leaf => leaf.GetProperty("meta"))
            .SelectMany(meta => All.Select(list => Spilled(meta, list)))
            .OfType<Digest>()
            .Distinct()
            .ToList();
        return spilled.Count == 0
            ? System.Collections.Frozen.FrozenDictionary<Digest, byte[]>.Empty
            : await store.BlobsAsync(tenant, spilled, cancellationToken);
    }

    /// <summary>Every semantic change in words.</summary>
    public static IReadOnlyList<string> Summary(JsonElement leaf, IReadOnlyDictionary<Digest, byte[]> blobs) =>
        Read(leaf, "summary", blobs);

    /// <summary>The environments affected.</summary>
    public static IReadOnlyList<string> Environments(JsonElement leaf, IReadOnlyDictionary<Digest, byte[]> blobs) =>
        leaf.GetProperty("env").GetString() is { } only ? [only] : Read(leaf, "environments", blobs);

    private static string[] Read(JsonElement leaf, string list, IReadOnlyDictionary<Digest, byte[]> blobs)
    {
        var meta = leaf.GetProperty("meta");
        if (Spilled(meta, list) is { } digest)
            return blobs.TryGetValue(digest, out var content)
                ? JsonSerializer.Deserialize<string[]>(content)!
                : throw new InvalidDataException($"The blob {digest}, which the ledger names, is missing.");
        return meta.TryGetProperty(list, out var words) ? [.. words.EnumerateArray().Select(word => word.GetString()!)] : [];
    }

    private static Digest? Spilled(JsonElement meta, string list) =>
        meta.TryGetProperty(list, out var words)
        && words.ValueKind == JsonValueKind.Object
        && Digest.TryParse(words.GetProperty("$blob").GetString(), out var digest)
            ? digest
            : null;
}
