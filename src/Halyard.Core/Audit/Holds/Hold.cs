using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Audit.Holds;

/// <summary>
/// Says that something must be kept, for as long as the hold stands: the personal values of one subject, which then cannot be erased,
/// or a range of entries, which then cannot be purged.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">Unique in the tenant.</param>
/// <param name="Title">Words for people; may name a person, so the ledger holds a commitment.</param>
/// <param name="Subject">The pseudonymous id of whom it covers, or <see langword="null"/> where it covers a range.</param>
/// <param name="Range">The entries it covers, or <see langword="null"/> where it covers a subject.</param>
public sealed record Hold(string Id, string Key, string Title, string? Subject, IndexRange? Range) : Resource(Id, NameOf(Key))
{
    /// <summary>The fence that orders placing and releasing holds against what holds forbid.</summary>
    public const string Fence = "holds";

    /// <summary>Where the hold with this key is found.</summary>
    public static ResourceName NameOf(string key) => new(ResourceKind.Hold, "", key);

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        if (Range is { } range)
            writer.WriteNumber("from", range.From);
        writer.WriteString("id", Id);
        writer.WriteString("key", Name.Key);
        writer.WriteString("name", Title);
        if (Subject is not null)
            writer.WriteString("subject", Subject);
        if (Range is { } entries)
            writer.WriteNumber("to", entries.To);
    }

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for a kind of another domain.</summary>
    /// <exception cref="InvalidDataException">The document is not that of a hold: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind != ResourceKind.Hold)
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement, problems);
        IndexRange? range = json["from"].Exists ? new(json.RequiredLong("from", 0), json.RequiredLong("to", 0)) : null;
        var hold = new Hold(
            json.RequiredString("id", int.MaxValue),
            name.Key,
            json.OptionalString("name", int.MaxValue),
            json.NullableString("subject", int.MaxValue),
            range
        );
        return problems.Count == 0 ? hold : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }
}

/// <summary>Entries of a log by index, half-open.</summary>
/// <param name="From">The first, 0 or more.</param>
/// <param name="To">The first after them.</param>
public readonly record struct IndexRange(long From, long To);
