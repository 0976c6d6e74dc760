using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>The entry that says which entries were purged: type <c>log.purged</c>, <c>meta.details</c> with <c>from</c> and <c>to</c>.</summary>
internal static class PurgeRecord
{
    /// <summary>The index that the purge went up to, not including it; 0 where the entry does not say one.</summary>
    /// <param name="leaf">Canonical JSON.</param>
    public static long Read(ReadOnlyMemory<byte> leaf)
    {
        using var document = JsonDocument.Parse(leaf);
        return
            Member(document.RootElement, "meta") is { } meta
            && Member(meta, "details") is { } details
            && details.TryGetProperty("to", out var to)
            && to.ValueKind == JsonValueKind.Number
            && to.TryGetInt64(out var index)
            ? index
            : 0;
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;
}
