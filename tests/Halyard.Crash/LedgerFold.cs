using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Crash;

/// <summary>The state that the log implies: every leaf's patches applied in order, every digest on the way compared.</summary>
internal sealed class LedgerFold(Func<Digest, Task<byte[]>> blob)
{
    private readonly Dictionary<ResourceName, (long Revision, byte[] Document)> _state = [];

    /// <summary>What exists after the entries so far.</summary>
    public IReadOnlyDictionary<ResourceName, (long Revision, byte[] Document)> State => _state;

    public async Task AddAsync(FeedEntry entry)
    {
        using var leaf = JsonDocument.Parse(entry.Leaf);
        var root = leaf.RootElement;
        var change = root.GetProperty("change");
        var steps = new List<(JsonElement Resource, JsonElement Change)>();
        if (root.GetProperty("outcome").GetProperty("ok").GetBoolean())
        {
            if (root.GetProperty("resource").ValueKind == JsonValueKind.Object)
                steps.Add((root.GetProperty("resource"), change));
            if (change.TryGetProperty("also", out var also))
                steps.AddRange((await UnspillAsync(also)).EnumerateArray().Select(step => (step.GetProperty("resource"), step)));
        }
        Require(steps.Count == entry.Resources.Count, entry, "leaf and index name different resources");
        for (var i = 0; i < steps.Count; i++)
            await ApplyAsync(entry, entry.Resources[i], steps[i].Resource, steps[i].Change);
    }

    private async Task ApplyAsync(FeedEntry entry, ResourceVersion version, JsonElement resource, JsonElement change)
    {
        var name = version.Name;
        Require(resource.GetProperty("kind").GetString() == name.Kind.Name(), entry, "kind");
        Require(resource.GetProperty("key").GetString() == name.Key, entry, "key");
        Require(resource.GetProperty("id").GetString() == version.Id, entry, "id");
        Require(resource.GetProperty("rev_to").GetInt64() == version.Revision, entry, "rev_to");
        var (revision, document) = _state.TryGetValue(name, out var before) ? before : (0, []);
        Require(resource.GetProperty("rev_from").GetInt64() == revision, entry, $"rev_from of {name} is not {revision}");
        Require(
            change.GetProperty("before").GetString() == (revision == 0 ? null : Digest.Of(document).ToString()),
            entry,
            "before"
        );

        var patch = await UnspillAsync(change.GetProperty("patch"));
        var after = JsonPatch.Apply(document, System.Text.Encoding.UTF8.GetBytes(patch.GetRawText()));
        Digest? digest = after is null ? null : Digest.Of(after);
        Require(change.GetProperty("after").GetString() == digest?.ToString(), entry, "after");
        Require(version.Document == digest, entry, "the version's digest");
        if (after is null)
            _state.Remove(name);
        else
            _state[name] = (version.Revision, after);
    }

    private async Task<JsonElement> UnspillAsync(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("$blob", out var digest))
            return element;
        return JsonElement.Parse(await blob(Digest.FromHex(digest.GetString()!)));
    }

    private static void Require(bool condition, FeedEntry entry, string what)
    {
        if (!condition)
            throw new InvalidDataException($"Entry {entry.Index}: {what}.");
    }
}
