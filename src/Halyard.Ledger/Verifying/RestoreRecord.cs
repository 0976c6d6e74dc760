using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>
/// The first entry of a shard, of type <c>log.restored</c>: what the log goes on from, and what was given out under another name and
/// is not part of it.
/// </summary>
/// <param name="Index">Its index: the entries below are those of the log before.</param>
/// <param name="Shard">The name of the log from here on.</param>
/// <param name="Log">The name of the log before.</param>
/// <param name="Root">The root of the entries that were left of it.</param>
/// <param name="Lost">What was given out and is not part of this log.</param>
public sealed record RestoreRecord(long Index, string Shard, string Log, Digest Root, IReadOnlyList<LostEntries> Lost)
{
    private const int MaxLost = 100;

    /// <summary>Reads an entry; <see langword="null"/> where it does not open a shard.</summary>
    /// <param name="leaf">Canonical JSON.</param>
    internal static RestoreRecord? Read(ReadOnlyMemory<byte> leaf)
    {
        using var document = JsonDocument.Parse(leaf);
        if (
            Text(document.RootElement, "type") != "log.restored"
            || Object(document.RootElement, "outcome") is not { } outcome
            || !outcome.TryGetProperty("ok", out var ok)
            || ok.ValueKind != JsonValueKind.True
            || Object(document.RootElement, "meta") is not { } meta
            || Object(meta, "details") is not { } details
            || Text(details, "shard") is not { } shard
            || Object(details, "restored") is not { } restored
            || Text(restored, "log") is not { } log
            || Number(restored, "size") is not { } size
            || !Digest.TryParse(Text(restored, "root"), out var root)
            || !details.TryGetProperty("lost", out var list)
            || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() is 0 or > MaxLost
        )
            return null;
        var lost = list.EnumerateArray().Select(ReadLost).ToList();
        return lost.Contains(null) ? null : new RestoreRecord(size, shard, log, root, lost!);
    }

    private static LostEntries? ReadLost(JsonElement lost) =>
        lost.ValueKind == JsonValueKind.Object
        && Text(lost, "log") is { } log
        && Number(lost, "from") is { } from
        && Number(lost, "to") is { } to
        && from < to
        && Digest.TryParse(Text(lost, "root"), out var root)
            ? new LostEntries(log, from, to, root)
            : null;

    private static JsonElement? Object(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member)
        && member.ValueKind == JsonValueKind.Number
        && member.TryGetInt64(out var number)
            ? number
            : null;
}

/// <summary>Entries that were given out and then lost.</summary>
/// <param name="Log">The log whose they were.</param>
/// <param name="From">The first.</param>
/// <param name="To">Behind the last: the size of the last checkpoint that was found.</param>
/// <param name="Root">The root of that checkpoint.</param>
public sealed record LostEntries(string Log, long From, long To, Digest Root);
