using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Importing;

/// <summary>Reads the lines of a file, each on its own, so that one pass reports what is wrong with all of them.</summary>
internal sealed class HistoryReader(LineProblems problems, DateTimeOffset now)
{
    private const int MaxActor = 256;
    private const int MaxReference = 2_048;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly List<HistoryLine> _lines = [];
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    public IReadOnlyList<HistoryLine> Read(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
            problems.Add("the file is empty; there is nothing to import");
        if (file.StartsWith(ByteOrderMark))
        {
            problems.Add(0, "", "begins with a byte order mark; save the file as UTF-8 without one");
            file = file[ByteOrderMark.Length..];
        }
        for (var line = 0L; !file.IsEmpty && !problems.IsFull; line++)
        {
            var end = file.IndexOf((byte)'\n');
            var text = end < 0 ? file : file[..end];
            file = end < 0 ? [] : file[(end + 1)..];
            ReadLine(line, text.TrimEnd((byte)'\r'));
        }
        return _lines;
    }

    private void ReadLine(long line, ReadOnlySpan<byte> text)
    {
        if (text.Length > HistoryFile.MaxLineBytes)
            problems.Add(line, "", $"has {text.Length} bytes; a line has at most {HistoryFile.MaxLineBytes}");
        else if (text.Trim(" \t"u8).IsEmpty)
            problems.Add(line, "", "is blank");
        else if (!CanonicalJson.TryCanonicalize(text, out var canonical, out var problem))
            problems.Add(line, problem.Pointer, $"is not acceptable JSON: {problem.Message} (byte {problem.Offset})");
        else
            ReadObject(line, canonical);
    }

    private void ReadObject(long line, byte[] canonical)
    {
        using var document = JsonDocument.Parse(canonical);
        var found = new List<DefinitionProblem>();
        var json = JsonCursor.Root(document.RootElement, found);
        if (json.IsObject("at", "actor", "reason", "ref", "operations"))
        {
            var at = ReadTime(json);
            var read = new HistoryLine(
                line + 1,
                at,
                json.RequiredString("actor", MaxActor),
                json["reason"].Text(Change.MaxReason, 0),
                json.NullableString("ref", MaxReference, minLength: 1),
                ReadOperations(json)
            );
            _lines.Add(read);
        }
        foreach (var problem in found)
            problems.Add(line, problem.Pointer, problem.Message);
    }

    private DateTimeOffset ReadTime(JsonCursor json)
    {
        var text = json.RequiredString("at", Limits.Identifier);
        if (text.Length == 0)
            return _last;
        if (!Rfc3339.TryParse(text, out var read))
        {
            json["at"].Problem("must be a time such as 2026-01-31T09:30:00Z (RFC 3339)");
            return _last;
        }
        var at = Seal.Microseconds(read);
        if (at > now)
            json["at"].Problem($"{Text(at)} is in the future");
        else if (at < _last)
            json["at"].Problem($"{Text(at)} is before the line above it, {Text(_last)}; times must not decrease");
        else
            _last = at;
        return at;
    }

    private static string Text(DateTimeOffset time) => Rfc3339.Format(time);

    private static List<Operation> ReadOperations(JsonCursor json)
    {
        var operations = new List<Operation>();
        foreach (var item in json.List("operations", OperationJson.MaxOperations, required: true, minCount: 1))
        {
            if (item["baseRevision"].Exists)
                item["baseRevision"].Problem("history names no base revision: each line follows the line above it");
            var operation = OperationJson.Read(item, keepsSource: false);
            if (operation is CreateProject)
                item["op"].Problem("a project is created before its history is imported");
            else if (operation is not null)
                operations.Add(operation);
        }
        return operations;
    }
}
