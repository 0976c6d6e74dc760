using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>One file of an export.</summary>
/// <param name="Name">Its name, beside the manifest.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its digest.</param>
public sealed record ExportedFile(string Name, long Bytes, Digest Sha256);

/// <summary>What an export says of itself. Version 1.</summary>
/// <param name="Log">The log's origin.</param>
/// <param name="From">The first index exported.</param>
/// <param name="To">The index behind the last.</param>
/// <param name="Size">The number of leaves of the tree that the proofs lead to.</param>
/// <param name="Root">That tree's root.</param>
/// <param name="Checkpoint">Its signed checkpoint as the text of a note, or null.</param>
/// <param name="Format">jsonl, csv or ocsf. Only the first has proofs.</param>
/// <param name="Entries">How many entries the files have.</param>
/// <param name="Files">The files.</param>
public sealed record ExportManifest(
    string Log,
    long From,
    long To,
    long Size,
    Digest Root,
    string? Checkpoint,
    string Format,
    long Entries,
    IReadOnlyList<ExportedFile> Files
)
{
    /// <summary>The format with proofs.</summary>
    public const string JsonLines = "jsonl";

    /// <summary>The largest manifest that is read, 4 MiB.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    private const int MaxFiles = 10_000;

    /// <summary>Whether some entries of the range may have been left out on purpose: <c>filter</c> says anything at all.</summary>
    public bool IsFiltered { get; init; }

    /// <summary>Reads a manifest strictly where the check depends on it; <c>created</c> may say anything.</summary>
    /// <param name="json">The whole file, UTF-8.</param>
    /// <param name="manifest">The manifest; nothing is checked yet.</param>
    /// <param name="problem">Why it was refused, or null.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> json,
        [NotNullWhen(true)] out ExportManifest? manifest,
        [NotNullWhen(false)] out string? problem
    )
    {
        manifest = null;
        if (json.Length > MaxLength)
        {
            problem = $"a manifest has at most {MaxLength} bytes, this one has {json.Length}";
            return false;
        }
        try
        {
            using var document = JsonDocument.Parse(CanonicalJson.Canonicalize(json));
            manifest = Read(document.RootElement);
            problem = null;
            return true;
        }
        catch (FormatException refused)
        {
            problem = refused.Message;
            return false;
        }
    }

    private static ExportManifest Read(JsonElement json)
    {
        Require(json.ValueKind == JsonValueKind.Object, "a manifest is a JSON object");
        Require(Number(json, "v") == 1, "its version is not 1");
        var manifest = new ExportManifest(
            Text(json, "log"),
            Number(json, "from"),
            Number(json, "to"),
            Number(json, "size"),
            Hash(json, "root"),
            json.TryGetProperty("checkpoint", out var note) && note.ValueKind != JsonValueKind.Null
                ? Text(json, "checkpoint")
                : null,
            Text(json, "format"),
            Number(json, "entries"),
            [.. Member(json, "files", JsonValueKind.Array, "a list").EnumerateArray().Take(MaxFiles + 1).Select(File)]
        )
        {
            IsFiltered = json.TryGetProperty("filter", out var filter) && IsFilter(filter),
        };
        Require(manifest.Format is JsonLines or "csv" or "ocsf", $"'{manifest.Format}' is not jsonl, csv or ocsf");
        Require(manifest.From <= manifest.To && manifest.To <= manifest.Size, "from, to and size are not in order");
        Require(manifest.Files.Count <= MaxFiles, $"it has more than {MaxFiles} files");
        return manifest;
    }

    private static bool IsFilter(JsonElement filter) =>
        filter.ValueKind != JsonValueKind.Null && (filter.ValueKind != JsonValueKind.Object || filter.EnumerateObject().Any());

    private static ExportedFile File(JsonElement json)
    {
        Require(json.ValueKind == JsonValueKind.Object, "/files is not a list of objects");
        var name = Text(json, "name");
        // A name and not a way to elsewhere.
        Require(
            name.Length is > 0 and <= 255
                && name[0] != '.'
                && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'),
            "a file's name has other characters than letters, digits, '.', '-' and '_'"
        );
        return new ExportedFile(name, Number(json, "bytes"), Hash(json, "sha256"));
    }

    private static string Text(JsonElement json, string name) => Member(json, name, JsonValueKind.String, "a text").GetString()!;

    private static long Number(JsonElement json, string name) =>
        Member(json, name, JsonValueKind.Number, "a number").TryGetInt64(out var number)
        && number is >= 0 and <= Halyard.Ledger.Checkpoint.MaxSize
            ? number
            : throw new FormatException($"/{name} is not a whole number from 0 to {Halyard.Ledger.Checkpoint.MaxSize}");

    private static Digest Hash(JsonElement json, string name) =>
        Digest.TryParse(Text(json, name), out var digest)
            ? digest
            : throw new FormatException($"/{name} is not 'sha256:' and 64 lower-case hexadecimal digits");

    private static JsonElement Member(JsonElement json, string name, JsonValueKind kind, string words)
    {
        Require(json.TryGetProperty(name, out var member), $"/{name} is absent");
        Require(member.ValueKind == kind, $"/{name} is not {words}");
        return member;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new FormatException(otherwise);
    }
}
