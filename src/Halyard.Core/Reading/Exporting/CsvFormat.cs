using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Ledger;

namespace Halyard.Core.Reading.Exporting;

/// <summary>One row an entry under a header row; docs/exports.md explains each column.</summary>
internal sealed class CsvFormat(bool byteOrderMark) : IEntryFormat
{
    private static readonly (string Name, Func<ExportedEntry, string?> Value)[] Columns =
    [
        ("index", entry => entry.Entry.Index.ToString(CultureInfo.InvariantCulture)),
        ("id", entry => Text(entry.Leaf, "id")),
        ("at", entry => Time(entry.Entry.At)),
        ("effective_at", entry => Time(entry.Entry.EffectiveAt)),
        ("type", entry => Text(entry.Leaf, "type")),
        (
            "actions",
            entry => string.Join(' ', entry.Leaf.GetProperty("actions").EnumerateArray().Select(item => item.GetString()))
        ),
        ("description", entry => string.Join("; ", entry.Summary)),
        ("succeeded", entry => entry.Succeeded ? "true" : "false"),
        ("code", entry => Text(entry.Leaf.GetProperty("outcome"), "code")),
        ("message", entry => Text(entry.Leaf.GetProperty("outcome"), "message")),
        ("imported", entry => entry.Origin is null ? "false" : "true"),
        ("actor", entry => entry.Subject),
        ("actor_kind", entry => entry.ActorKind),
        ("on_behalf_of", entry => Text(entry.Leaf.GetProperty("actor"), "obo")),
        ("credential", entry => Text(entry.Leaf.GetProperty("actor"), "cred")),
        ("project", entry => Text(entry.Leaf, "project")),
        ("environments", entry => string.Join(' ', entry.Environments)),
        ("resource_kind", entry => Resource(entry, "kind")),
        ("resource_key", entry => Resource(entry, "key")),
        ("resource_id", entry => Resource(entry, "id")),
        ("revision_from", entry => Resource(entry, "rev_from")),
        ("revision_to", entry => Resource(entry, "rev_to")),
        ("reason_commitment", Reason),
        ("ticket", entry => Text(entry.Leaf.GetProperty("why"), "ticket")),
        ("incident", entry => Text(entry.Leaf.GetProperty("why"), "incident")),
        ("change_request", entry => Text(entry.Leaf.GetProperty("why"), "cr")),
        ("policy", entry => Text(entry.Leaf.GetProperty("decision"), "policy")),
        ("verdict", entry => Text(entry.Leaf.GetProperty("decision"), "verdict")),
        ("reference", entry => entry.Origin is { } origin ? Text(origin, "ref") : null),
        ("request", entry => Text(entry.Leaf.GetProperty("req"), "id")),
        ("leaf_hash", entry => MerkleTree.HashLeaf(entry.Entry.Leaf).ToString()),
    ];

    public string MediaType => Csv.MediaType;

    public string Extension => ".csv";

    public bool NeedsProofs => false;

    public void Begin(IBufferWriter<byte> output)
    {
        if (byteOrderMark)
            output.Write(Csv.ByteOrderMark);
        Csv.WriteRow(output, [.. Columns.Select(column => column.Name)]);
    }

    public void Write(IBufferWriter<byte> output, ExportedEntry entry) =>
        Csv.WriteRow(output, [.. Columns.Select(column => column.Value(entry))]);

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();

    private static string? Resource(ExportedEntry entry, string member) => entry.Resource?.GetProperty(member).ToString();

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(Seal.TimeFormat, CultureInfo.InvariantCulture);

    private static string? Reason(ExportedEntry entry)
    {
        var reason = (entry.Origin ?? entry.Leaf.GetProperty("why")).GetProperty("reason");
        return reason.ValueKind == JsonValueKind.Object ? reason.GetProperty(DocumentWalk.CommitmentMember).GetString() : null;
    }
}
