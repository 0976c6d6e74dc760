using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>
/// The entry that says which entries were purged: type <c>log.purged</c>, <c>meta.details</c> with <c>from</c> and <c>to</c>. One whose
/// outcome is not good tells of a purge that did not happen, and none can tell of entries that came after it.
/// </summary>
internal static class PurgeRecord
{
    /// <summary>The index that the purge went up to, not including it; 0 where the entry does not say one.</summary>
    /// <param name="leaf">Canonical JSON.</param>
    /// <param name="own">The entry's own index.</param>
    public static long Read(ReadOnlyMemory<byte> leaf, long own)
    {
        using var document = JsonDocument.Parse(leaf);
        return
            Member(document.RootElement, "outcome") is { } outcome
            && outcome.TryGetProperty("ok", out var ok)
            && ok.ValueKind == JsonValueKind.True
            && Member(document.RootElement, "meta") is { } meta
            && Member(meta, "details") is { } details
            && details.TryGetProperty("to", out var to)
            && to.ValueKind == JsonValueKind.Number
            && to.TryGetInt64(out var index)
            && index <= own
            ? index
            : 0;
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;
}
