using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Core.Reading;

/// <summary>Reads audit entries with the personal values that still exist and the names behind pseudonyms.</summary>
public sealed class EntryReader(IStore store)
{
    /// <summary>A page of entries, newest first.</summary>
    public async ValueTask<IReadOnlyList<EntryView>> QueryAsync(
        string tenant,
        AuditQuery query,
        CancellationToken cancellationToken
    ) => await ViewAsync(tenant, await store.QueryAsync(tenant, query, cancellationToken), cancellationToken);

    /// <summary>One entry by its index or id, or <see langword="null"/>.</summary>
    public async ValueTask<EntryView?> FindAsync(string tenant, string indexOrId, CancellationToken cancellationToken)
    {
        var entry = long.TryParse(indexOrId, out var index)
            ? await store.EntryAsync(tenant, index, cancellationToken)
            : await store.EntryAsync(tenant, indexOrId, cancellationToken);
        return entry is null ? null : (await ViewAsync(tenant, [entry], cancellationToken))[0];
    }

    /// <summary>Entries by index; those that are not there are left out.</summary>
    public async ValueTask<IReadOnlyDictionary<long, EntryView>> ReadAsync(
        string tenant,
        IReadOnlyCollection<long> indexes,
        CancellationToken cancellationToken
    )
    {
        var found = new List<LogEntry>();
        foreach (var index in indexes.Distinct())
        {
            if (await store.EntryAsync(tenant, index, cancellationToken) is { } entry)
                found.Add(entry);
        }
        return (await ViewAsync(tenant, found, cancellationToken)).ToDictionary(view => view.Entry.Index);
    }

    private async ValueTask<IReadOnlyList<EntryView>> ViewAsync(
        string tenant,
        IReadOnlyList<LogEntry> entries,
        CancellationToken cancellationToken
    )
    {
        if (entries.Count == 0)
            return [];
        var privates = await store.EntryPrivatesAsync(tenant, [.. entries.Select(entry => entry.Index)], cancellationToken);
        var values = privates
            .DistinctBy(value => value.Commitment)
            .ToDictionary(value => value.Commitment, value => value.Value, StringComparer.Ordinal);
        var leaves = entries.Select(entry => (Entry: entry, Leaf: Parse(entry.Leaf))).ToList();

        var blobs = await LeafLists.BlobsAsync(store, tenant, leaves.Select(item => item.Leaf), cancellationToken);
        var subjects = leaves.Select(item => Subject(item.Leaf)).Distinct(StringComparer.Ordinal).ToList();
        var names = new Dictionary<string, string>(
            await store.SubjectNamesAsync(tenant, subjects, cancellationToken),
            StringComparer.Ordinal
        );
        await AddCredentialNamesAsync(tenant, leaves.Select(item => item.Leaf), names, cancellationToken);
        return [.. leaves.Select(item => new EntryView(item.Entry, item.Leaf, values, names, blobs))];
    }

    /// <summary>A token's title names who acts with it, for as long as the token exists.</summary>
    private async ValueTask AddCredentialNamesAsync(
        string tenant,
        IEnumerable<JsonElement> leaves,
        Dictionary<string, string> names,
        CancellationToken cancellationToken
    )
    {
        var tokens = leaves
            .Select(leaf => leaf.GetProperty("actor").GetProperty("cred").GetString())
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Select(Access.Token.NameOf)
            .ToList();
        if (tokens.Count == 0)
            return;
        var slice = await store.LoadAsync(tenant, tokens, [], cancellationToken);
        foreach (var stored in slice.Resources.Values)
        {
            if (ResourceDocuments.Read(stored.Name, stored.Document) is Access.Token token)
                names.TryAdd(token.Subject, token.Title);
        }
    }

    private static JsonElement Parse(byte[] leaf)
    {
        using var parsed = JsonDocument.Parse(leaf);
        return parsed.RootElement.Clone();
    }

    internal static string Subject(JsonElement leaf) =>
        leaf.GetProperty("origin") is { ValueKind: JsonValueKind.Object } origin
            ? origin.GetProperty("actor").GetString()!
            : leaf.GetProperty("actor").GetProperty("sid").GetString()!;
}

/// <summary>An entry, ready to be shown.</summary>
public sealed class EntryView
{
    internal EntryView(
        LogEntry entry,
        JsonElement leaf,
        IReadOnlyDictionary<string, string> values,
        IReadOnlyDictionary<string, string> names,
        IReadOnlyDictionary<Digest, byte[]> blobs
    )
    {
        Entry = entry;
        Leaf = leaf;
        var origin = leaf.GetProperty("origin");
        IsImported = origin.ValueKind == JsonValueKind.Object;
        Subject = EntryReader.Subject(leaf);
        SubjectName = names.GetValueOrDefault(Subject);
        Reason = IsImported
            ? Reveal(origin.GetProperty("reason"), values)
            : Reveal(leaf.GetProperty("why").GetProperty("reason"), values);
        Reference = IsImported ? origin.GetProperty("ref").GetString() : null;
        Description = string.Join("; ", LeafLists.Summary(leaf, blobs));
        Environments = LeafLists.Environments(leaf, blobs);
    }

    /// <summary>The entry as stored.</summary>
    public LogEntry Entry { get; }

    /// <summary>The parsed leaf.</summary>
    public JsonElement Leaf { get; }

    /// <summary>True where it was imported, not witnessed.</summary>
    public bool IsImported { get; }

    /// <summary>Who did it; for imported history the original author.</summary>
    public string Subject { get; }

    /// <summary>The name behind the pseudonym, or <see langword="null"/>.</summary>
    public string? SubjectName { get; }

    /// <summary>Why, or <see langword="null"/> where nobody said or the value was erased.</summary>
    public string? Reason { get; }

    /// <summary>A link to the original of an imported change.</summary>
    public string? Reference { get; }

    /// <summary>Every semantic change, in words.</summary>
    public string Description { get; }

    /// <summary>Keys of the environments affected.</summary>
    public IReadOnlyList<string> Environments { get; }

    private static string? Reveal(JsonElement field, IReadOnlyDictionary<string, string> values) =>
        field.ValueKind == JsonValueKind.Object && values.TryGetValue(field.GetProperty("$c").GetString()!, out var value)
            ? JsonSerializer.Deserialize<string>(value)
            : null;
}
