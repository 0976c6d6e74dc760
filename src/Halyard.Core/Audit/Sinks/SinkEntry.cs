using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Audit.Sinks;

/// <summary>
/// An entry as sinks see it: what the leaf says, and for some filters what the blobs say that it names. No personal value is
/// among it, for none is in a leaf or in a blob.
/// </summary>
public sealed class SinkEntry
{
    private readonly JsonElement _leaf;
    private IReadOnlyList<EnvironmentType> _environmentTypes = [];
    private IReadOnlyCollection<string> _tags = [];
    private IReadOnlyList<string> _summary = [];

    /// <summary>Reads a leaf.</summary>
    /// <exception cref="JsonException">The bytes are no leaf: the store is damaged.</exception>
    public SinkEntry(ReadOnlyMemory<byte> leaf)
    {
        Leaf = leaf;
        using (var parsed = JsonDocument.Parse(leaf))
            _leaf = parsed.RootElement.Clone();
        Index = _leaf.GetProperty("idx").GetInt64();
        Id = Text("id")!;
        Type = Text("type")!;
        Actions = [.. Strings(_leaf.GetProperty("actions"))];
        Succeeded = _leaf.GetProperty("outcome").GetProperty("ok").GetBoolean();
    }

    /// <summary>The canonical bytes.</summary>
    public ReadOnlyMemory<byte> Leaf { get; }

    /// <summary>The index in the log.</summary>
    public long Index { get; }

    /// <summary>The ULID.</summary>
    public string Id { get; }

    /// <summary>The entry's type.</summary>
    public string Type { get; }

    /// <summary>Every semantic change.</summary>
    public IReadOnlyList<string> Actions { get; }

    /// <summary>What it tells of a change request, or <see langword="null"/>; an attempt that was denied tells nothing.</summary>
    public RequestEvent? Event => Succeeded ? RequestEvents.Of(Actions.Append(Type)) : null;

    /// <summary>False for what was denied or failed.</summary>
    public bool Succeeded { get; }

    /// <summary>When it was written, as the leaf has it.</summary>
    public string At => Text("at")!;

    /// <summary>The log's name.</summary>
    public string Log => Text("log")!;

    /// <summary>The tenant's key.</summary>
    public string Tenant => Text("tenant")!;

    /// <summary>The project's key, or <see langword="null"/>.</summary>
    public string? Project => Text("project");

    /// <summary>Pseudonymous id of who did it.</summary>
    public string Actor => _leaf.GetProperty("actor").GetProperty("sid").GetString()!;

    /// <summary>What kind of being did it.</summary>
    public string ActorKind => _leaf.GetProperty("actor").GetProperty("kind").GetString()!;

    /// <summary>The ticket, or <see langword="null"/>.</summary>
    public string? Ticket => _leaf.GetProperty("why").GetProperty("ticket").GetString();

    /// <summary>The incident, or <see langword="null"/>.</summary>
    public string? Incident => _leaf.GetProperty("why").GetProperty("incident").GetString();

    /// <summary>The first resource's kind, key, id and revision; <see langword="null"/> where the entry concerns none.</summary>
    public (string Kind, string Key, string Id, long Revision)? Resource =>
        _leaf.GetProperty("resource") is { ValueKind: JsonValueKind.Object } resource
            ? (
                resource.GetProperty("kind").GetString()!,
                resource.GetProperty("key").GetString()!,
                resource.GetProperty("id").GetString()!,
                resource.GetProperty("rev_to").GetInt64()
            )
            : null;

    /// <summary>Every semantic change in words; empty before <see cref="Ground"/>.</summary>
    public IReadOnlyList<string> Summary => _summary;

    /// <summary>Keys of the environments affected, unless there are so many that they stand in a blob.</summary>
    public IReadOnlyList<string> Environments =>
        Text("env") is { } only ? [only]
        : _leaf.GetProperty("meta").TryGetProperty("environments", out var several) && several.ValueKind == JsonValueKind.Array
            ? [.. Strings(several)]
        : [];

    /// <summary>The blobs that <see cref="Ground"/> needs: the question that was decided, and a summary that is too long for the leaf.</summary>
    public IEnumerable<Digest> Blobs
    {
        get
        {
            yield return DecisionInput;
            if (SpilledSummary is { } summary)
                yield return summary;
        }
    }

    private Digest DecisionInput => Digest.FromHex(_leaf.GetProperty("decision").GetProperty("input").GetString()!);

    private Digest? SpilledSummary =>
        _leaf.GetProperty("meta").GetProperty("summary") is { ValueKind: JsonValueKind.Object } spilled
            ? Digest.FromHex(spilled.GetProperty("$blob").GetString()!)
            : null;

    /// <summary>Takes from the blobs which types of environments the entry reaches, which tags its flags have, and its words.</summary>
    /// <param name="blobs">Those of <see cref="Blobs"/> and of <paramref name="flags"/>.</param>
    /// <param name="flags">Digests of the documents of its flags afterwards.</param>
    /// <exception cref="InvalidDataException">A blob is missing: the store is damaged.</exception>
    public void Ground(IReadOnlyDictionary<Digest, byte[]> blobs, IEnumerable<Digest> flags)
    {
        using var input = JsonDocument.Parse(Blob(blobs, DecisionInput));
        _environmentTypes =
        [
            .. input
                .RootElement.GetProperty("environments")
                .EnumerateArray()
                .Select(environment =>
                    WireNames.TryParse<EnvironmentType>(environment.GetProperty("type").GetString()!, out var type)
                        ? type
                        : throw new InvalidDataException($"Entry {Index} names an environment of no known type.")
                )
                .Distinct(),
        ];
        var tags = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in input.RootElement.GetProperty("resources").EnumerateArray())
            tags.UnionWith(Tags(resource));
        // A tag that the change takes away counts, and so does one that it gives.
        foreach (var flag in flags)
        {
            using var document = JsonDocument.Parse(Blob(blobs, flag));
            tags.UnionWith(Tags(document.RootElement));
        }
        _tags = tags;
        if (SpilledSummary is { } summary)
        {
            using var words = JsonDocument.Parse(Blob(blobs, summary));
            _summary = [.. Strings(words.RootElement)];
        }
        else
        {
            _summary = [.. Strings(_leaf.GetProperty("meta").GetProperty("summary"))];
        }
    }

    /// <summary>Whether the filter lets the entry through, after <see cref="Ground"/>.</summary>
    public bool Passes(SinkFilter filter) =>
        (filter.Projects.Count == 0 || filter.Projects.Contains(Project, StringComparer.Ordinal))
        && (filter.Succeeded is null || filter.Succeeded == Succeeded)
        && (filter.Actions.Count == 0 || filter.Actions.Any(IsAny))
        && (filter.EnvironmentTypes.Count == 0 || filter.EnvironmentTypes.Any(_environmentTypes.Contains))
        && (filter.Tags.Count == 0 || filter.Tags.Any(_tags.Contains))
        && (filter.Classes.Count == 0 || filter.Classes.Any(Classes().Contains));

    /// <summary>What makes the entry worth an alert; empty where nothing does.</summary>
    public IReadOnlyList<AlertClass> Classes()
    {
        var classes = new List<AlertClass>();
        if (Succeeded && _environmentTypes.Contains(EnvironmentType.Production))
            classes.Add(AlertClass.ProductionChange);
        if (Actions.Append(Type).Any(IsOfAccess))
            classes.Add(AlertClass.AccessChange);
        if (Succeeded && _tags.Contains("critical"))
            classes.Add(AlertClass.CriticalTag);
        if (Type == "log.verification_failed")
            classes.Add(AlertClass.VerificationFailed);
        if (Type == "flag.emergency_override" || Actions.Append(Type).Any(IsOfBypasses))
            classes.Add(AlertClass.EmergencyBypass);
        if (Event is not null)
            classes.Add(AlertClass.Approval);
        return classes;
    }

    private static bool IsOfAccess(string name) =>
        name.StartsWith("key.", StringComparison.Ordinal)
        || name.StartsWith("access.", StringComparison.Ordinal)
        || name.StartsWith("role.", StringComparison.Ordinal)
        || name.StartsWith("user.", StringComparison.Ordinal);

    private static bool IsOfBypasses(string name) => name.StartsWith("bypass.", StringComparison.Ordinal);

    private bool IsAny(string wanted) =>
        wanted.EndsWith(".*", StringComparison.Ordinal)
            ? Actions.Append(Type).Any(name => name.StartsWith(wanted.AsSpan(0, wanted.Length - 1), StringComparison.Ordinal))
            : Catalogue.Expand(wanted).Any(name => name == Type || Actions.Contains(name, StringComparer.Ordinal));

    private string? Text(string member) => _leaf.GetProperty(member).GetString();

    private static IEnumerable<string> Tags(JsonElement json) => json.TryGetProperty("tags", out var tags) ? Strings(tags) : [];

    private static IEnumerable<string> Strings(JsonElement list) => list.EnumerateArray().Select(item => item.GetString()!);

    private static byte[] Blob(IReadOnlyDictionary<Digest, byte[]> blobs, Digest digest) =>
        blobs.TryGetValue(digest, out var content)
            ? content
            : throw new InvalidDataException($"The blob {digest}, which the ledger names, is missing.");
}
