using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Reading.Exporting;

/// <summary>What an export's file is made of. Wire names: csv, jsonl, ocsf.</summary>
public enum ExportFormat
{
    /// <summary>One row an entry, safe to be opened in a spreadsheet.</summary>
    Csv,

    /// <summary>One JSON object a line: the leaf, with its inclusion proof.</summary>
    Jsonl,

    /// <summary>One event of the Open Cybersecurity Schema Framework a line.</summary>
    Ocsf,
}

/// <summary>
/// What is exported, fixed before the first line: the same plan makes the same bytes, whenever and however often it is carried out.
/// </summary>
/// <param name="Log">The log's origin.</param>
/// <param name="Format">The file's format.</param>
/// <param name="From">The first index.</param>
/// <param name="To">The index after the last one, at most <paramref name="Size"/>.</param>
/// <param name="Size">The size of the tree that the entries are proved in.</param>
/// <param name="Root">That tree's root.</param>
/// <param name="ByteOrderMark">Whether a CSV file begins with the mark by which Excel knows UTF-8.</param>
/// <param name="Filter">Which entries of the range; its cursor and limit mean nothing here.</param>
public sealed record ExportPlan(
    string Log,
    ExportFormat Format,
    long From,
    long To,
    long Size,
    Digest Root,
    bool ByteOrderMark,
    AuditQuery Filter
)
{
    /// <summary>The plan as canonical JSON, without personal values.</summary>
    public byte[] ToJson()
    {
        var writer = new CanonicalWriter();
        writer.StartObject();
        writer.Name("bom").Boolean(ByteOrderMark);
        writer.Name("filter");
        ExportFilter.Write(writer, Filter);
        writer.Name("format").String(WireNames.Of(Format));
        writer.Name("from").Number(From);
        writer.Name("log").String(Log);
        writer.Name("root").String(Root.ToString());
        writer.Name("size").Number(Size);
        writer.Name("to").Number(To);
        return writer.EndObject().ToArray();
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It did not.</exception>
    public static ExportPlan FromJson(JsonElement json)
    {
        var problems = new List<DefinitionProblem>();
        var cursor = JsonCursor.Root(json, problems);
        var plan = new ExportPlan(
            cursor.RequiredString("log", Limits.Text),
            cursor.RequiredEnum<ExportFormat>("format"),
            cursor.RequiredLong("from", 0),
            cursor.RequiredLong("to", 0),
            cursor.RequiredLong("size", 0),
            Digest.TryParse(cursor.RequiredString("root", Limits.Text), out var root) ? root : default,
            cursor.RequiredBool("bom"),
            ExportFilter.Read(cursor["filter"])
        );
        return problems.Count == 0 && plan.Root != default
            ? plan
            : throw new InvalidDataException("This is not the plan of an export.");
    }
}
