using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Ledger;

namespace Halyard.Core.Audit;

/// <summary>
/// Replays a log from its first entry: applies every patch and compares each digest, and so shows the state that the log implies.
/// A Merkle tree proves that nobody edited the log; this shows whether the live state is what the log says.
/// </summary>
/// <param name="blob">The blob of a digest, or <see langword="null"/> where it is missing; see <see cref="BlobsNamedIn"/>.</param>
public sealed class LedgerFold(Func<Digest, byte[]?> blob)
{
    private readonly Dictionary<ResourceName, FoldedResource> _resources = [];
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private readonly List<ResourceName> _changed = [];

    /// <summary>How many leaves were replayed; the index of the next.</summary>
    public long Size { get; private set; }

    /// <summary>The resources that exist, as the ledger knows them: commitments in place of personal values.</summary>
    public IReadOnlyDictionary<ResourceName, FoldedResource> Resources => _resources;

    /// <summary>The resources that the last leaf changed, in its order.</summary>
    public IReadOnlyList<ResourceName> Changed => _changed;

    /// <summary>The first place where the log contradicts itself, or <see langword="null"/>. Nothing is replayed after it.</summary>
    public FoldDisagreement? Disagreement { get; private set; }

    /// <summary>Goes on from a state that is taken as it is: that before the first entry which was not purged.</summary>
    /// <param name="size">The index of the first leaf that will be replayed.</param>
    /// <param name="resources">The resources that exist then.</param>
    /// <param name="blob">As for the constructor.</param>
    public static LedgerFold From(long size, IEnumerable<FoldedResource> resources, Func<Digest, byte[]?> blob)
    {
        var fold = new LedgerFold(blob) { Size = size };
        foreach (var resource in resources)
            fold._resources[resource.Name] = resource;
        return fold;
    }

    /// <summary>Replays a whole log.</summary>
    public static LedgerFold Of(IEnumerable<byte[]> leaves, IReadOnlyDictionary<Digest, byte[]> blobs)
    {
        var fold = new LedgerFold(blobs.GetValueOrDefault);
        foreach (var leaf in leaves)
        {
            if (!fold.Append(leaf))
                break;
        }
        return fold;
    }

    /// <summary>The blobs needed to replay a leaf, or the list of further resources that a leaf named as a blob.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public static IReadOnlyList<Digest> BlobsNamedIn(ReadOnlyMemory<byte> json)
    {
        using var parsed = JsonDocument.Parse(json);
        var root = parsed.RootElement;
        var places =
            root.ValueKind == JsonValueKind.Array ? root.EnumerateArray()
            : root.TryGetProperty("change", out var change) ? Places(change)
            : [];
        return [.. places.SelectMany(Named).Distinct()];
    }

    /// <summary>Replays the next leaf; false where it contradicts what came before, now or earlier.</summary>
    public bool Append(ReadOnlyMemory<byte> leaf)
    {
        if (Disagreement is not null)
            return false;
        ResourceName? at = null;
        _changed.Clear();
        try
        {
            using var parsed = JsonDocument.Parse(leaf);
            Replay(parsed.RootElement, ref at);
            Size++;
        }
        catch (FoldException contradiction)
        {
            Disagreement = new FoldDisagreement(Size, at, contradiction.Message);
        }
        catch (Exception unreadable)
            when (unreadable
                    is JsonException
                        or JsonPatchException
                        or KeyNotFoundException
                        or FormatException
                        or InvalidOperationException
            )
        {
            // A member is absent, of another type, or no JSON: whatever it is, no pipeline wrote it.
            Disagreement = new FoldDisagreement(Size, at, $"cannot be replayed: {unreadable.Message}");
        }
        return Disagreement is null;
    }

    private void Replay(JsonElement leaf, ref ResourceName? at)
    {
        Require(leaf.GetProperty("idx").GetInt64() == Size, $"has index {leaf.GetProperty("idx")} at place {Size}");
        var resource = leaf.GetProperty("resource");
        if (resource.ValueKind == JsonValueKind.Null)
            return;
        var project = leaf.GetProperty("project").GetString() ?? "";
        var change = leaf.GetProperty("change");
        at = NameOf(resource, project);
        Step(at, resource, change);
        if (!change.TryGetProperty("also", out var also))
            return;
        using var further = JsonDocument.Parse(Content(also));
        foreach (var item in further.RootElement.EnumerateArray())
        {
            at = NameOf(item.GetProperty("resource"), project);
            Step(at, item.GetProperty("resource"), item);
        }
    }

    private void Step(ResourceName name, JsonElement touched, JsonElement change)
    {
        var (from, to) = (touched.GetProperty("rev_from").GetInt64(), touched.GetProperty("rev_to").GetInt64());
        if (from == to)
        {
            // Named only: a denial.
            Require(
                change.GetProperty("before").ValueKind == JsonValueKind.Null
                    && change.GetProperty("after").ValueKind == JsonValueKind.Null,
                "changes a resource without giving it a revision"
            );
            return;
        }
        _changed.Add(name);
        Require(to == from + 1, $"goes from revision {from} to {to}");

        var id = touched.GetProperty("id").GetString()!;
        var before = _resources.GetValueOrDefault(name);
        Require((before?.Revision ?? 0) == from, $"goes on from revision {from} where there is {before?.Revision ?? 0}");
        Require(before is null || before.Id == id, $"goes on as '{id}' from '{before?.Id}'");
        Require(before is not null || !_ended.Contains(id), $"uses the id '{id}' again");
        Compare(change.GetProperty("before"), before?.Document, "before");

        var after = JsonPatch.Apply(before?.Document, Content(change.GetProperty("patch")));
        Compare(change.GetProperty("after"), after, "after");
        if (after is null)
        {
            _resources.Remove(name);
            _ended.Add(id);
        }
        else
            _resources[name] = new FoldedResource(name, id, to, after);
    }

    private static void Compare(JsonElement named, byte[]? document, string when)
    {
        var expected = named.ValueKind == JsonValueKind.Null ? null : named.GetString();
        var actual = document is null ? null : Digest.Of(document).ToString();
        Require(expected == actual, $"names {expected ?? "nothing"} {when} it; the patches give {actual ?? "nothing"}");
    }

    /// <summary>The bytes in place, or those of the blob named there.</summary>
    private byte[] Content(JsonElement place)
    {
        if (BlobOf(place) is not { } digest)
            return System.Text.Encoding.UTF8.GetBytes(place.GetRawText());
        var content = blob(digest);
        Require(content is not null, $"needs the blob {digest}, which is missing");
        Require(Digest.Of(content) == digest, $"needs the blob {digest}, which has other bytes");
        return content!;
    }

    private static IEnumerable<JsonElement> Places(JsonElement change)
    {
        yield return change;
        if (!change.TryGetProperty("also", out var also))
            yield break;
        if (also.ValueKind != JsonValueKind.Array)
            yield return also;
        else
        {
            foreach (var item in also.EnumerateArray())
                yield return item;
        }
    }

    private static IEnumerable<Digest> Named(JsonElement place)
    {
        if (BlobOf(place) is { } whole)
            yield return whole;
        if (place.TryGetProperty("patch", out var patch) && BlobOf(patch) is { } digest)
            yield return digest;
    }

    private static Digest? BlobOf(JsonElement place) =>
        place.ValueKind == JsonValueKind.Object
        && place.TryGetProperty("$blob", out var name)
        && Digest.TryParse(name.GetString() ?? "", out var digest)
            ? digest
            : null;

    private static ResourceName NameOf(JsonElement resource, string project)
    {
        var word = resource.GetProperty("kind").GetString() ?? "";
        var kind = ResourceKinds.Parse(word) ?? throw new FoldException($"touches a '{word}', which there is not");
        // An erasure is the tenant's; the change requests that lose values with it are in projects.
        if (resource.TryGetProperty("project", out var own))
            project = own.GetString() ?? "";
        return new ResourceName(kind, kind.IsInProject() ? project : "", resource.GetProperty("key").GetString() ?? "");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new FoldException(otherwise);
    }

#pragma warning disable CA1032, CA1064, RCS1194 // Never leaves this class.
    private sealed class FoldException(string message) : Exception(message);
#pragma warning restore CA1032, CA1064, RCS1194
}

/// <summary>A resource as the log implies it.</summary>
/// <param name="Name">Where it is found.</param>
/// <param name="Id">Its id.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Document">Its sealed document, canonical.</param>
public sealed record FoldedResource(ResourceName Name, string Id, long Revision, byte[] Document);

/// <summary>Where a log contradicts itself.</summary>
/// <param name="Index">The entry's place, 0-based.</param>
/// <param name="Resource">The resource concerned, or <see langword="null"/> where it is the entry as a whole.</param>
/// <param name="Message">What is wrong, in words that go on from "the entry".</param>
public sealed record FoldDisagreement(long Index, ResourceName? Resource, string Message);
