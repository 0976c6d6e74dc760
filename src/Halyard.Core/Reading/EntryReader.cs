using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;

namespace Halyard.Core.Reading;

/// <summary>Reads audit entries with the personal values that still exist and the names behind pseudonyms, as far as they may be seen.</summary>
public sealed class EntryReader(IStore store, PersonalVault vault, Disclosure everyday = Disclosure.Reasons)
{
    /// <summary>A page of entries, newest first.</summary>
    public async ValueTask<IReadOnlyList<EntryView>> QueryAsync(
        string tenant,
        AuditQuery query,
        Disclosure disclosure,
        CancellationToken cancellationToken
    ) => await ViewAsync(tenant, await store.QueryAsync(tenant, query, cancellationToken), disclosure, cancellationToken);

    /// <summary>One entry by its index or id, or <see langword="null"/>.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="indexOrId">Its index or id.</param>
    /// <param name="disclosure">What is shown of it.</param>
    /// <param name="sees">
    /// Whether entries of a project are shown, of the tenant itself where it is empty; one that is not takes no more calls than one
    /// that does not exist.
    /// </param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public async ValueTask<EntryView?> FindAsync(
        string tenant,
        string indexOrId,
        Disclosure disclosure,
        Predicate<string> sees,
        CancellationToken cancellationToken
    )
    {
        var entry = long.TryParse(indexOrId, out var index)
            ? await store.EntryAsync(tenant, index, cancellationToken)
            : await store.EntryAsync(tenant, indexOrId, cancellationToken);
        return entry is null || !sees(Parse(entry.Leaf).GetProperty("project").GetString() ?? "")
            ? null
            : (await ViewAsync(tenant, [entry], disclosure, cancellationToken))[0];
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
        return (await ViewAsync(tenant, found, everyday, cancellationToken)).ToDictionary(view => view.Entry.Index);
    }

    private async ValueTask<IReadOnlyList<EntryView>> ViewAsync(
        string tenant,
        IReadOnlyList<LogEntry> entries,
        Disclosure disclosure,
        CancellationToken cancellationToken
    )
    {
        if (entries.Count == 0)
            return [];
        var leaves = entries.Select(entry => (Entry: entry, Leaf: Parse(entry.Leaf))).ToList();
        var values = await ValuesAsync(tenant, leaves, disclosure, cancellationToken);

        var blobs = await LeafLists.BlobsAsync(store, tenant, leaves.Select(item => item.Leaf), cancellationToken);
        var subjects = leaves.Select(item => Subject(item.Leaf)).Distinct(StringComparer.Ordinal).ToList();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (disclosure != Disclosure.Nothing)
        {
            names = await SubjectNames.ReadAsync(store, tenant, subjects, cancellationToken);
            await AddCredentialNamesAsync(tenant, leaves.Select(item => item.Leaf), names, cancellationToken);
        }
        return [.. leaves.Select(item => new EntryView(item.Entry, item.Leaf, values[item.Entry.Index], names, blobs))];
    }

    /// <summary>What may be seen of each entry's personal values.</summary>
    private async ValueTask<ILookup<long, PrivateValue>> ValuesAsync(
        string tenant,
        List<(LogEntry Entry, JsonElement Leaf)> leaves,
        Disclosure disclosure,
        CancellationToken cancellationToken
    )
    {
        if (disclosure == Disclosure.Nothing)
            return Enumerable.Empty<PrivateValue>().ToLookup(_ => 0L);
        var kept = await store.EntryPrivatesAsync(tenant, [.. leaves.Select(item => item.Entry.Index)], cancellationToken);
        if (disclosure == Disclosure.Reasons)
            kept = [.. kept.Where(value => value.Pointer is "/why/reason" or "/origin/reason")];
        var standing = new List<(long Index, string Commitment)>();
        foreach (var (entry, leaf) in leaves)
            standing.AddRange(
                (await CommitmentsAsync(tenant, leaf, disclosure, cancellationToken)).Select(one => (entry.Index, one))
            );
        if (disclosure == Disclosure.Everything)
            kept = [.. kept, .. await DocumentValuesAsync(tenant, standing, cancellationToken)];
        var opened = (await vault.OpenAsync(tenant, kept, cancellationToken)).ToDictionary(
            value => value.Commitment,
            StringComparer.Ordinal
        );
        return standing
            .Where(one => opened.ContainsKey(one.Commitment))
            .ToLookup(one => one.Index, one => opened[one.Commitment]);
    }

    /// <summary>The commitments in a leaf, and where all is to be seen those in what it spilled.</summary>
    private async ValueTask<IEnumerable<string>> CommitmentsAsync(
        string tenant,
        JsonElement leaf,
        Disclosure disclosure,
        CancellationToken cancellationToken
    )
    {
        var found = new List<string>();
        DocumentWalk.Commitments(leaf, found);
        if (disclosure == Disclosure.Everything)
            await AddSpilledAsync(tenant, leaf.GetProperty("change"), found, cancellationToken);
        return found.Distinct(StringComparer.Ordinal);
    }

    /// <summary>Any patch may have spilled; what else was touched may have besides, with patches in it that spilled before.</summary>
    private async ValueTask AddSpilledAsync(
        string tenant,
        JsonElement change,
        List<string> found,
        CancellationToken cancellationToken
    )
    {
        var also = change.TryGetProperty("also", out var further) ? further : default;
        if (
            Blob(also) is { } whole
            && (await store.BlobsAsync(tenant, [whole], cancellationToken)).TryGetValue(whole, out var content)
        )
        {
            also = Parse(content);
            DocumentWalk.Commitments(also, found);
        }
        var items = also.ValueKind == JsonValueKind.Array ? also.EnumerateArray().ToList() : [];
        List<Digest> patches = [.. items.Prepend(change).Select(item => Blob(item.GetProperty("patch"))).OfType<Digest>()];
        if (patches.Count == 0)
            return;
        foreach (var patch in (await store.BlobsAsync(tenant, patches, cancellationToken)).Values)
            found.AddRange(PersonalValues.CommitmentsIn(patch));
    }

    private async ValueTask<IReadOnlyList<SealedValue>> DocumentValuesAsync(
        string tenant,
        List<(long Index, string Commitment)> standing,
        CancellationToken cancellationToken
    )
    {
        List<string> commitments = [.. standing.Select(one => one.Commitment).Distinct(StringComparer.Ordinal)];
        return await store.DocumentPrivatesAsync(tenant, commitments, cancellationToken);
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

    private static JsonElement Parse(byte[] json)
    {
        using var parsed = JsonDocument.Parse(json);
        return parsed.RootElement.Clone();
    }

    internal static string Subject(JsonElement leaf) =>
        leaf.GetProperty("origin") is { ValueKind: JsonValueKind.Object } origin
            ? origin.GetProperty("actor").GetString()!
            : leaf.GetProperty("actor").GetProperty("sid").GetString()!;

    private static Digest? Blob(JsonElement place) =>
        place.ValueKind == JsonValueKind.Object
        && place.TryGetProperty("$blob", out var name)
        && Digest.TryParse(name.GetString()!, out var digest)
            ? digest
            : null;
}

/// <summary>How much of an entry's personal values a reader gets to see.</summary>
public enum Disclosure
{
    /// <summary>None.</summary>
    Nothing,

    /// <summary>The names of actors, and reasons.</summary>
    Reasons,

    /// <summary>Addresses, user agents and the values in documents too.</summary>
    Everything,
}

/// <summary>An entry, ready to be shown.</summary>
public sealed class EntryView
{
    internal EntryView(
        LogEntry entry,
        JsonElement leaf,
        IEnumerable<PrivateValue> values,
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
        Values = [.. values];
        var reason = IsImported ? "/origin/reason" : "/why/reason";
        Reason = Values.FirstOrDefault(value => value.Pointer == reason && !value.InDocument) is { } said
            ? JsonSerializer.Deserialize<string>(said.Value)
            : null;
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

    /// <summary>The name behind the pseudonym, or <see langword="null"/> where it is not known or may not be seen.</summary>
    public string? SubjectName { get; }

    /// <summary>Why, or <see langword="null"/> where nobody said, the value was erased, or it may not be seen.</summary>
    public string? Reason { get; }

    /// <summary>The personal values that may be seen, in the order in which their commitments stand in the leaf.</summary>
    public IReadOnlyList<PrivateValue> Values { get; }

    /// <summary>A link to the original of an imported change.</summary>
    public string? Reference { get; }

    /// <summary>Every semantic change, in words.</summary>
    public string Description { get; }

    /// <summary>Keys of the environments affected.</summary>
    public IReadOnlyList<string> Environments { get; }
}
