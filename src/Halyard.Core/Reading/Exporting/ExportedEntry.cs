using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Ledger;

namespace Halyard.Core.Reading.Exporting;

/// <summary>
/// An entry as an export tells it: what stands in the leaf and in the blobs that it names, and so the same for ever. Of personal
/// values that is the commitments alone.
/// </summary>
/// <param name="Entry">The entry as stored.</param>
/// <param name="Leaf">The parsed leaf.</param>
/// <param name="Summary">Every semantic change in words.</param>
/// <param name="Environments">Keys of the environments affected.</param>
/// <param name="Proof">The inclusion proof, from the leaf up; empty where the format has none.</param>
public sealed record ExportedEntry(
    LogEntry Entry,
    JsonElement Leaf,
    IReadOnlyList<string> Summary,
    IReadOnlyList<string> Environments,
    IReadOnlyList<Digest> Proof
)
{
    /// <summary>The original circumstances of an imported entry, or <see langword="null"/>.</summary>
    public JsonElement? Origin => Leaf.GetProperty("origin") is { ValueKind: JsonValueKind.Object } origin ? origin : null;

    /// <summary>Pseudonymous id of who did it; for imported history of the original author.</summary>
    public string Subject => EntryReader.Subject(Leaf);

    /// <summary>The kind of who did it; authors of imported history are people.</summary>
    public string ActorKind => Origin is null ? Leaf.GetProperty("actor").GetProperty("kind").GetString()! : "user";

    /// <summary>Whether it succeeded.</summary>
    public bool Succeeded => Leaf.GetProperty("outcome").GetProperty("ok").GetBoolean();

    /// <summary>The first resource, or <see langword="null"/>.</summary>
    public JsonElement? Resource =>
        Leaf.GetProperty("resource") is { ValueKind: JsonValueKind.Object } resource ? resource : null;
}
