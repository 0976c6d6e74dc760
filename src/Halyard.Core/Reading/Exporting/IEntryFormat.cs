using System.Buffers;

namespace Halyard.Core.Reading.Exporting;

/// <summary>Writes entries as one kind of file. Nothing but the entry decides what is written.</summary>
public interface IEntryFormat
{
    /// <summary>The file's media type.</summary>
    string MediaType { get; }

    /// <summary>What the file's name ends with, dot included.</summary>
    string Extension { get; }

    /// <summary>Whether entries need their proofs.</summary>
    bool NeedsProofs { get; }

    /// <summary>What stands before the first entry.</summary>
    void Begin(IBufferWriter<byte> output);

    /// <summary>One entry.</summary>
    void Write(IBufferWriter<byte> output, ExportedEntry entry);
}

/// <summary>The formats there are.</summary>
public static class EntryFormats
{
    /// <summary>The format of a plan.</summary>
    public static IEntryFormat Of(ExportPlan plan) =>
        plan.Format switch
        {
            ExportFormat.Csv => new CsvFormat(plan.ByteOrderMark),
            ExportFormat.Jsonl => new JsonLinesFormat(),
            ExportFormat.Ocsf => new OcsfFormat(),
            _ => throw new ArgumentOutOfRangeException(nameof(plan), plan.Format, "There is no such format."),
        };
}
