using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Halyard.Ledger;

namespace Halyard.Cli.Verifying;

/// <summary>What an archive proves, in words or as JSON.</summary>
internal static class ArchiveFinding
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The number for scripts.</summary>
    public static int ExitCodeOf(ArchiveVerdict verdict) =>
        verdict switch
        {
            ArchiveVerdict.Verified => ExitCode.Success,
            ArchiveVerdict.Tampered => ExitCode.Refused,
            ArchiveVerdict.Incomplete => ExitCode.Unknown,
        };

    /// <summary>Words for people.</summary>
    public static string Words(ArchiveVerdict verdict) =>
        verdict switch
        {
            ArchiveVerdict.Verified verified => Verified(verified),
            ArchiveVerdict.Tampered tampered => $"TAMPERED: {Contradiction(tampered)}.",
            ArchiveVerdict.Incomplete incomplete => $"Incomplete: {Terminal.Safe(incomplete.Words)}. Nothing is proven.",
        };

    /// <summary>One JSON object: verdict, and what belongs to it.</summary>
    public static string Json(ArchiveVerdict verdict)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("verdict", verdict.GetType().Name.ToLowerInvariant());
            switch (verdict)
            {
                case ArchiveVerdict.Verified verified:
                    json.WriteString("log", verified.Head.Origin);
                    json.WriteNumber("size", verified.Head.Size);
                    json.WriteString("root", verified.Head.Root.ToString());
                    json.WriteNumber("purgedBelow", verified.PurgedBelow);
                    json.WriteNumber("checkpoints", verified.Checkpoints);
                    json.WriteNumber("blobsChecked", verified.Blobs.Checked);
                    json.WriteNumber("blobsAbsent", verified.Blobs.Absent);
                    WriteRestores(json, verified.Restores);
                    break;
                case ArchiveVerdict.Tampered tampered:
                    if (tampered.Index is { } index)
                        json.WriteNumber("index", index);
                    json.WriteString("path", tampered.Path);
                    json.WriteString("message", Contradiction(tampered));
                    break;
                case ArchiveVerdict.Incomplete incomplete:
                    json.WriteString("message", incomplete.Words);
                    break;
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void WriteRestores(Utf8JsonWriter json, IReadOnlyList<RestoreRecord> restores)
    {
        json.WriteStartArray("restores");
        foreach (var restore in restores)
        {
            json.WriteStartObject();
            json.WriteNumber("index", restore.Index);
            json.WriteString("log", restore.Log);
            json.WriteString("shard", restore.Shard);
            json.WriteStartArray("lost");
            foreach (var lost in restore.Lost)
            {
                json.WriteStartObject();
                json.WriteString("log", lost.Log);
                json.WriteNumber("from", lost.From);
                json.WriteNumber("to", lost.To);
                json.WriteString("root", lost.Root.ToString());
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Contradiction(ArchiveVerdict.Tampered tampered)
    {
        var subject = tampered switch
        {
            { Index: { } index, Path: { } path } => $"from entry {index} on: {path}",
            { Index: { } index } => $"entry {index}",
            _ => tampered.Path ?? "the log",
        };
        return Terminal.Safe($"{subject} {tampered.Words}");
    }

    private static string Verified(ArchiveVerdict.Verified found)
    {
        var words = new StringBuilder();
        words.AppendLine($"Verified: the log {Terminal.Safe(found.Head.Origin)} with {found.Head.Size} entries.");
        words.AppendLine($"  root         {found.Head.Root}");
        words.AppendLine($"  checkpoints  {found.Checkpoints} published before, each compared");
        words.Append($"  blobs        {found.Blobs.Checked} compared");
        if (found.Blobs.Absent > 0)
            words.Append($", {found.Blobs.Absent} named by entries are not in this archive");
        if (found.PurgedBelow > 0)
            words.Append(
                $"\n  purged       the {found.PurgedBelow} entries below {found.PurgedBelow}; their hashes still lead to the root"
            );
        foreach (var restore in found.Restores)
        {
            words.Append(
                $"\n  restored     entry {restore.Index} goes on from {Terminal.Safe(restore.Log)} as {Terminal.Safe(restore.Shard)}"
            );
            foreach (var lost in restore.Lost)
                words.Append(
                    $"\n  LOST         the entries {lost.From} to {lost.To - 1} of {Terminal.Safe(lost.Log)}: given out, then lost"
                );
        }
        return words.ToString();
    }
}
