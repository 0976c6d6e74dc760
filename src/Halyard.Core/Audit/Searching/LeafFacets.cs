using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Ledger;

namespace Halyard.Core.Audit.Searching;

/// <summary>What an entry that is in the log already is found by, for a store that indexes it anew.</summary>
public static class LeafFacets
{
    /// <summary>What <see cref="Facets.Of(EntryDraft)"/> was when the leaf was written; a value may come twice, in any order.</summary>
    /// <param name="leaf">The canonical bytes.</param>
    /// <param name="blob">Gives the content of a blob that the leaf names.</param>
    /// <exception cref="InvalidDataException">The leaf is not one of ours.</exception>
    public static IReadOnlyList<(string Facet, string Value)> Of(
        ReadOnlyMemory<byte> leaf,
        Func<Digest, ReadOnlyMemory<byte>> blob
    )
    {
        using var parsed = JsonDocument.Parse(leaf);
        var root = parsed.RootElement;
        var found = new List<(string, string)> { (Facets.Action, Text(root, "type")!) };
        found.AddRange(Strings(root.GetProperty("actions")).Select(action => (Facets.Action, action)));
        var actor = root.GetProperty("actor");
        found.Add((Facets.Actor, Author(root) ?? Text(actor, "sid")!));
        found.Add((Facets.ActorKind, Text(actor, "kind")!));
        found.Add((Facets.Project, Text(root, "project") ?? ""));
        var meta = root.GetProperty("meta");
        if (Text(root, "env") is { } environment)
            found.Add((Facets.Environment, environment));
        else if (meta.TryGetProperty("environments", out var several))
            Read(several, blob, list => found.AddRange(Strings(list).Select(key => (Facets.Environment, key))));
        if (root.GetProperty("resource") is { ValueKind: JsonValueKind.Object } first)
            AddResource(found, first);
        if (root.GetProperty("change").TryGetProperty("also", out var also))
            Read(also, blob, list => AddResources(found, list));
        var why = root.GetProperty("why");
        AddIfNamed(found, Facets.Ticket, Text(why, "ticket"));
        AddIfNamed(found, Facets.Incident, Text(why, "incident"));
        AddIfNamed(found, Facets.ChangeRequest, Text(why, "cr"));
        if (Text(meta, "import") is { } import)
            found.AddRange([(Facets.Import, import), (Facets.Imported, "")]);
        if (!root.GetProperty("outcome").GetProperty("ok").GetBoolean())
            found.Add((Facets.Failed, ""));
        return found;
    }

    /// <summary>The blobs that <see cref="Of"/> asks for.</summary>
    public static IReadOnlyList<Digest> BlobsIn(ReadOnlyMemory<byte> leaf)
    {
        using var parsed = JsonDocument.Parse(leaf);
        var found = new List<Digest>();
        foreach (var (part, list) in new[] { ("meta", "environments"), ("change", "also") })
        {
            if (
                parsed.RootElement.GetProperty(part).TryGetProperty(list, out var place)
                && place.ValueKind == JsonValueKind.Object
                && Digest.TryParse(Text(place, "$blob"), out var digest)
            )
                found.Add(digest);
        }
        return found;
    }

    /// <summary>The original author of imported history.</summary>
    private static string? Author(JsonElement root) =>
        root.TryGetProperty("origin", out var origin) && origin.ValueKind == JsonValueKind.Object ? Text(origin, "actor") : null;

    private static void AddResources(List<(string, string)> found, JsonElement list)
    {
        foreach (var item in list.EnumerateArray())
            AddResource(found, item.GetProperty("resource"));
    }

    private static void AddResource(List<(string, string)> found, JsonElement resource)
    {
        var kind =
            ResourceKinds.Parse(Text(resource, "kind")!)
            ?? throw new InvalidDataException($"A leaf names a '{Text(resource, "kind")}', which nothing here knows.");
        found.Add((Facets.ResourceKind, kind.Name()));
        found.Add((Facets.ResourceKey, Facets.KeyOf(kind, Text(resource, "key")!)));
        found.Add((Facets.ResourceId, Text(resource, "id")!));
    }

    private static void AddIfNamed(List<(string, string)> found, string facet, string? value)
    {
        if (value is not null)
            found.Add((facet, value));
    }

    /// <summary>Reads a list where it stands, or in the blob that stands for it.</summary>
    private static void Read(JsonElement place, Func<Digest, ReadOnlyMemory<byte>> blob, Action<JsonElement> read)
    {
        if (place.ValueKind == JsonValueKind.Array)
        {
            read(place);
            return;
        }
        if (!Digest.TryParse(Text(place, "$blob"), out var digest))
            throw new InvalidDataException("A leaf names a blob by what is no digest.");
        using var spilled = JsonDocument.Parse(blob(digest));
        read(spilled.RootElement);
    }

    private static string? Text(JsonElement of, string member) =>
        of.TryGetProperty(member, out var value) ? value.GetString() : null;

    private static IEnumerable<string> Strings(JsonElement list) => list.EnumerateArray().Select(item => item.GetString()!);
}
